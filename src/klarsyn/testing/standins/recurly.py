"""
A stand-in for Recurly (API v2021-02-25): accounts, what hangs on them, and their redaction.

Written from the vendor's guide and contract and from what its own Python client reads. What they
leave open, and how it is settled here: a redaction takes `REDACTION_SECONDS`; it leaves code, state
and custom fields of the account, its notes, and the addresses on its invoices.
"""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, Window, route
from klarsyn.testing.standins.recurly_accounts import RecurlyAccounts
from klarsyn.testing.standins.recurly_site import CLEARED
from klarsyn.testing.standins.recurly_wire import (
    ACCEPTED,
    VERSION,
    RecurlyRefusal,
    error,
    permitted,
    refuse,
    stamp,
)

#: A client may give a key of at most so many characters; its reply is kept for an hour.
KEY_LENGTH = 255
KEPT = timedelta(hours=1)


class RecurlyStandIn(RecurlyAccounts):
    """Recurly on loopback: one European site, in production mode."""

    API_KEY: ClassVar[str] = "invented-recurly-key"
    REGION: ClassVar[str] = "eu"
    #: 1,000 a minute, counted over five; a sandbox allows 400 a minute and counts every verb.
    REQUESTS: ClassVar[int] = 5000
    WINDOW_SECONDS: ClassVar[float] = 300
    SANDBOX: ClassVar[bool] = False
    #: For how long a second request with the same key finds the first one still at work.
    PROCESSING_SECONDS: ClassVar[float] = 0

    def fill(self) -> None:
        """Open the site."""
        super().fill()
        self.window = Window(self.REQUESTS, self.WINDOW_SECONDS, self.clock)
        self.kept: dict[tuple[str, str, str], tuple[datetime, Reply]] = {}
        """Replies by idempotency key, method and path."""
        self._requests = 0

    @property
    def secrets(self) -> dict[str, str]:
        """The key of the site, and where the site is."""
        return {"api_key": self.API_KEY, "region": self.REGION}

    # Before the deed

    def before(self, request: Request) -> Reply | None:
        """Check key, region, version and rate; go on with what has become due."""
        self.redact_due()
        host = request.headers.get("host", "")
        own = self.hosts[self.REGION == "eu"]
        if not self._knows(request) or (host in self.hosts and host != own):
            return self.key_refused(request)
        if request.headers.get("accept") not in ACCEPTED:
            text = "That accept header isn't in the format we use to specify an API version."
            known = {"acceptable_accept_headers": [f"application/vnd.{VERSION}"]}
            return self._headed(error(406, "invalid_api_version", text, **known))
        counted = self.limits and (self.SANDBOX or request.method == "GET")
        if counted and (wait := self.window.take()):
            return self.throttled(request, math.ceil(wait))
        kind = request.headers.get("content-type", "").split(";")[0]
        if request.body and kind != "application/json":
            return self._headed(error(400, "invalid_content_type", "Send application/json"))
        return None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Too many requests: when to come back stands in X-RateLimit-Reset, an epoch second."""
        del request
        reply = self._headed(error(429, "rate_limited", "You have made too many API requests"))
        limits = {name for name in reply.headers if name.startswith("X-RateLimit")}
        headers = {name: text for name, text in reply.headers.items() if name not in limits}
        if retry_after is not None:
            reset = self.clock.now() + timedelta(seconds=retry_after)
            headers |= {
                "X-RateLimit-Limit": str(self.REQUESTS),
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": str(math.ceil(reset.timestamp())),
            }
        return replace(reply, headers=headers)

    def key_refused(self, request: Request) -> Reply:
        """No such key, or none of this region's."""
        del request
        return self._headed(error(401, "unauthorized", "API key not recognized"))

    def error_in_ok(self, request: Request) -> Reply:
        """An error that the status denies."""
        del request
        return replace(self._headed(error(500, "internal_server_error", "Sorry")), status=200)

    def not_found(self, request: Request) -> Reply:
        """No such path."""
        del request
        return error(404, "not_found", "Not found")

    # The deed

    def _dispatch(self, request: Request) -> Reply:
        key = request.headers.get("idempotency-key", "")
        if not key or request.method in {"GET", "HEAD"}:
            return self._headed(self._done(request))
        if len(key) > KEY_LENGTH:
            return self._headed(error(400, "bad_request", "The idempotency key is too long"))
        now, place = self.clock.now(), (key, request.method, request.raw_path)
        if place in self.kept and (age := now - self.kept[place][0]) < KEPT:
            if (left := self.PROCESSING_SECONDS - age.total_seconds()) > 0:
                told = error(409, "simultaneous_request", "The first request is still at work")
                again = {"Recurly-Should-Retry": "true", "Retry-After": str(round(left) or 1)}
                return self._headed(replace(told, headers=again))
            prior = self.kept[place][1]
            return replace(prior, headers={**prior.headers, "Idempotency-Prior": "true"})
        reply = self._headed(self._done(request))
        self.kept[place] = now, reply
        return reply

    def _done(self, request: Request) -> Reply:
        """Do what is asked; HEAD is a GET of which only the headers are sent."""
        counting = request.method == "HEAD"
        try:
            asked = replace(request, method="GET") if counting else request
            reply = super()._dispatch(asked)
        except RecurlyRefusal as refusal:
            reply = refusal.reply
        except ValueError:
            reply = error(400, "bad_request", "The body is not JSON")
        return replace(reply, body=None) if counting else reply

    def _headed(self, reply: Reply) -> Reply:
        """Add what every reply carries."""
        self._requests += 1
        end = self.clock.now() + timedelta(seconds=self.WINDOW_SECONDS)
        return replace(
            reply,
            headers={
                "Recurly-Version": VERSION,
                "X-Request-Id": f"request-{self._requests}",
                "X-RateLimit-Limit": str(self.REQUESTS),
                "X-RateLimit-Remaining": str(self.window.left()),
                "X-RateLimit-Reset": str(int(end.timestamp())),
                **reply.headers,
            },
        )

    def _knows(self, request: Request) -> bool:
        """Return whether the key is the user of a Basic login with an empty password."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        try:
            login = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        return scheme == "Basic" and login == f"{self.API_KEY}:"

    # Redaction

    @route("DELETE", "/accounts/{account_id}")
    def deactivate(self, request: Request, account_id: str) -> Reply:
        """Close an account: its cards are gone, its subscriptions end; `redact` clears it too."""
        permitted(request, {"redact"})
        account = self.find_account(account_id)
        if account["state"] == "inactive":
            raise refuse(422, "validation", "The account is already inactive")
        if redact := request.param("redact") == "true":
            self._check_settled(account["id"])
        account |= {"state": "inactive", "deleted_at": stamp(self.clock.now())}
        self.touch(account)
        for info in list(self.of(self.billing_infos, account["id"])):
            del self.billing_infos[info["id"]]
        for subscription in self.of(self.subscriptions, account["id"]):
            if subscription["state"] == "active":
                subscription["state"] = "canceled"
        if redact:
            self._begin_redaction(account["id"])
        return Reply(200, self.shown_account(account))

    @route("PUT", "/accounts/{account_id}/redact")
    def redact(self, request: Request, account_id: str) -> Reply:
        """Accept that a person be cleared from an account; it is done later and never undone."""
        del request
        account = self.find_account(account_id)
        states = {one["state"] for one in self.of(self.subscriptions, account["id"])}
        if states & {"active", "future", "paused"}:
            raise refuse(422, "validation", "The account has active subscriptions")
        self._check_settled(account["id"])
        self._begin_redaction(account["id"])
        return Reply(200, self.shown_account(account))

    def redact_due(self) -> None:
        """Finish the redactions whose time has come."""
        now = self.clock.now()
        for number in [one for one, due in self.redactions.items() if due <= now]:
            del self.redactions[number]
            account = self.accounts[number]
            account |= dict.fromkeys(CLEARED) | {"address": dict.fromkeys(account["address"])}
            self.touch(account)
            for records in (self.billing_infos, self.shipping_addresses):
                for one in list(self.of(records, number)):
                    del records[one["id"]]
            for one in self.of(self.transactions, number):
                one["billing_address"] = dict.fromkeys(one["billing_address"])
                card = dict.fromkeys(("first_six", "last_four", "exp_month", "exp_year"))
                one |= {"payment_method": one["payment_method"] | card, "ip_address_v4": None}

    def _check_settled(self, account_id: str) -> None:
        if any(one["state"] == "pending" for one in self.of(self.line_items, account_id)):
            raise refuse(422, "validation", "The account has uninvoiced charges")
        if any(0 < one["paid"] < one["total"] for one in self.of(self.invoices, account_id)):
            raise refuse(422, "validation", "The account has partially paid invoices")

    def _begin_redaction(self, account_id: str) -> None:
        due = self.clock.now() + timedelta(seconds=self.REDACTION_SECONDS)
        self.redactions.setdefault(account_id, due)
