"""
How one gets in: keys, Basic, bearer tokens, OAuth 2.0 (RFC 6749), and signatures of a vendor's own.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from klarsyn.errors import KeyRefused, Throttled, VendorDown, VendorError, said
from klarsyn.transport.failures import retry_after

if TYPE_CHECKING:
    from klarsyn.transport.connection import Connection


@dataclass(slots=True)
class Outgoing:
    """A request on its way; its repr shows no more than the method."""

    method: str
    url: str = field(repr=False)
    """With its query."""
    headers: dict[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    secret_url: bool = False


class Auth(Protocol):
    """Signs requests."""

    def sign(self, outgoing: Outgoing, connection: Connection) -> None:
        """Add to a request what lets it in."""
        ...

    def renew(self, connection: Connection) -> bool:
        """Get a new token after a refusal; return whether it is worth another try."""
        ...


class _Lasting:
    """What cannot be renewed by asking."""

    def renew(self, connection: Connection) -> bool:
        """Return False: the key is what it is."""
        del connection
        return False


@dataclass(frozen=True)
class NoAuth(_Lasting):
    """Nothing is asked for."""

    def sign(self, outgoing: Outgoing, connection: Connection) -> None:
        """Add nothing."""


@dataclass(frozen=True)
class HeaderKey(_Lasting):
    """A header holds the key; {settings} are filled in."""

    header: str
    value: str

    def sign(self, outgoing: Outgoing, connection: Connection) -> None:
        """Add the header."""
        outgoing.headers[self.header] = connection.filled(self.value)


def Bearer(setting: str) -> HeaderKey:  # noqa: N802  (a word of the vocabulary, as GET is)
    """Return the header of RFC 6750 for a token in a setting."""
    return HeaderKey("Authorization", f"Bearer {{{setting}}}")


@dataclass(frozen=True)
class Basic(_Lasting):
    """User and password of RFC 7617; {settings} are filled in."""

    user: str
    password: str = ""

    def sign(self, outgoing: Outgoing, connection: Connection) -> None:
        """Add the header."""
        pair = f"{connection.filled(self.user)}:{connection.filled(self.password)}"
        encoded = base64.b64encode(pair.encode()).decode()
        outgoing.headers["Authorization"] = f"Basic {encoded}"


@dataclass(frozen=True)
class Signed(_Lasting):
    """A signature of the vendor's own making: a function adds it."""

    by: Callable[[Outgoing, Connection], None]

    def sign(self, outgoing: Outgoing, connection: Connection) -> None:
        """Let the function sign."""
        self.by(outgoing, connection)


@dataclass(frozen=True)
class EitherKey:
    """The vendor takes two kinds of key: the first whose setting is there is used."""

    kinds: Mapping[str, Auth]
    """By the setting that each needs."""

    def sign(self, outgoing: Outgoing, connection: Connection) -> None:
        """Sign by the kind that there is a key for."""
        self._kind(connection).sign(outgoing, connection)

    def renew(self, connection: Connection) -> bool:
        """Renew by the same kind."""
        return self._kind(connection).renew(connection)

    def _kind(self, connection: Connection) -> Auth:
        for setting, auth in self.kinds.items():
            if connection.settings.get(setting):
                return auth
        return next(iter(self.kinds.values()))


# OAuth 2.0

_EARLY = timedelta(seconds=60)


class TokenVault(Protocol):
    """Where refresh tokens are kept, encrypted, for all processes."""

    def get(self, name: str) -> tuple[str, str] | None:
        """Return a token and its version."""
        ...

    def replace(self, name: str, token: str, version: str | None) -> bool:
        """Put a token where that version stands, or any; False where somebody was faster."""
        ...


@dataclass(frozen=True)
class ClientCredentials:
    """OAuth 2.0, section 4.4: the client's own id and secret buy a short-lived token."""

    token_url: str
    client_id: str
    client_secret: str
    scope: str = ""

    def sign(self, outgoing: Outgoing, connection: Connection) -> None:
        """Add a token that still lives for a minute."""
        token = connection.token or self._ask(connection)
        outgoing.headers["Authorization"] = f"Bearer {token}"

    def renew(self, connection: Connection) -> bool:
        """Ask for another token, unless another thread has one already."""
        return bool(connection.token or self._ask(connection))

    def _ask(self, connection: Connection) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": connection.filled(self.client_id),
            "client_secret": connection.filled(self.client_secret),
        }
        if self.scope:
            form["scope"] = self.scope
        with connection.alone():
            return connection.token or _exchange(connection, self.token_url, form)[0]


@dataclass(frozen=True)
class CodeFlow:
    """
    OAuth 2.0, section 4.1: a person agreed once, and a refresh token does the rest.

    Some vendors hand out a new refresh token at each use; it is put into the vault before the
    access token is used, and where another process was faster, its token is taken.
    """

    authorise_url: str
    token_url: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...] = ()

    def address(self, connection: Connection, redirect: str, state: str) -> str:
        """Return where a person agrees; `state` must come back unchanged."""
        query = {
            "response_type": "code",
            "client_id": connection.filled(self.client_id),
            "redirect_uri": redirect,
            "scope": " ".join(self.scopes),
            "state": state,
        }
        return f"{connection.filled(self.authorise_url)}?{urlencode(query)}"

    def redeem(self, connection: Connection, code: str, redirect: str) -> None:
        """Exchange the code that came back for tokens, and keep the refresh token."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        _, refresh = _exchange(connection, self.token_url, self._client(connection) | form)
        if not refresh or not connection.vault:
            message = said("{vendor}: no lasting token was given", vendor=connection.name)
            raise KeyRefused(message, said("ask for the right to stay connected (offline access)"))
        connection.vault.replace(connection.account, refresh, None)

    def sign(self, outgoing: Outgoing, connection: Connection) -> None:
        """Add an access token, refreshed where the last one is about to end."""
        token = connection.token or self._refresh(connection)
        outgoing.headers["Authorization"] = f"Bearer {token}"

    def renew(self, connection: Connection) -> bool:
        """Refresh after a refusal, unless another thread has done so."""
        return bool(connection.token or self._refresh(connection))

    def _client(self, connection: Connection) -> dict[str, str]:
        return {
            "client_id": connection.filled(self.client_id),
            "client_secret": connection.filled(self.client_secret),
        }

    def _refresh(self, connection: Connection) -> str:
        with connection.alone():
            if connection.token:
                return connection.token
            refresh, version = self._agreed(connection)
            try:
                return self._used(connection, refresh, version)
            except KeyRefused:
                newer, now = self._agreed(connection)
                if now == version:
                    raise
            # Another process has used this token up, and put its successor into the vault.
            return self._used(connection, newer, now)

    def _agreed(self, connection: Connection) -> tuple[str, str]:
        known = connection.vault.get(connection.account) if connection.vault else None
        if not known:
            raise KeyRefused(
                said("{vendor}: nobody has agreed to this connection yet", vendor=connection.name),
                said("a person has to agree on {page}", page=connection.filled(self.authorise_url)),
            )
        return known

    def _used(self, connection: Connection, refresh: str, version: str) -> str:
        form = {"grant_type": "refresh_token", "refresh_token": refresh}
        token, newer = _exchange(connection, self.token_url, self._client(connection) | form)
        if newer and newer != refresh and connection.vault:
            connection.vault.replace(connection.account, newer, version)
        return token


def _exchange(connection: Connection, url: str, form: Mapping[str, str]) -> tuple[str, str]:
    """Return the access token and the refresh token, if any, that a form buys."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    address = connection.filled(url)
    reply = connection.send(Outgoing("POST", address, headers, urlencode(form).encode()))
    token = reply.at("access_token")
    if reply.status >= _WRONG or not isinstance(token, str) or not token:
        message = said(
            "{vendor}: the token could not be got (status {status})",
            vendor=connection.name,
            status=reply.status,
        )
        kind: type[VendorError] = Throttled if reply.status == _TOO_MANY else KeyRefused
        kind = VendorDown if reply.status >= _FAULT else kind
        after = retry_after(reply, connection.clock.now())
        raise kind(message, status=reply.status, after=after)
    lives = _seconds(reply.at("expires_in"))
    connection.keep_token(token, connection.clock.now() + lives - min(_EARLY, lives / 2))
    return token, str(reply.at("refresh_token") or "")


_WRONG, _TOO_MANY, _FAULT = 400, 429, 500


def _seconds(told: object) -> timedelta:
    """Return how long a token lives; an hour where the vendor does not say."""
    try:
        seconds = float(str(told))
    except ValueError:
        seconds = 0.0
    if not math.isfinite(seconds) or seconds <= 0:
        return timedelta(hours=1)
    return timedelta(seconds=min(seconds, _LONGEST))


_LONGEST = 366 * 86_400.0
