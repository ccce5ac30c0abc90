"""
A stand-in for Plecto (API v2): data sources, their registrations, and the members that these name.

Written from the vendor's help pages and from what integrations send; there is no contract. What no
page tells is settled as Django REST framework does it: the envelope of a list, the form of errors,
`Retry-After`. Settled here besides: fields that a data source lacks are dropped, a PUT sets what it
does not send to its default, one wrong registration refuses the whole POST, and a name in a
registration does not rename a member who is known.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.plecto_board import PlectoBoard
from klarsyn.testing.standins.plecto_wire import (
    API,
    BASE,
    REQUIRED,
    PlectoRefusal,
    Record,
    an_object,
    detail,
    instant,
    is_instant,
    missing,
    paged,
)

#: What a registration has in every data source; the rest are fields of its data source.
FIXED = ("member", "member_api_provider", "member_api_id", "member_name", "external_id")


class PlectoStandIn(PlectoBoard):
    """Plecto on loopback: one organisation with a board of ratings."""

    name = "plecto"
    hosts = ("app.plecto.com",)
    EMAIL: ClassVar[str] = "boards@klarpris.example"
    PASSWORD: ClassVar[str] = "invented-plecto-password"  # noqa: S105  (invented)
    #: How many registrations one POST may have.
    BATCH: ClassVar[int] = 100
    #: How long a page of registrations is; no page of the vendor's tells.
    PAGE: ClassVar[int] = 10

    @property
    def secrets(self) -> dict[str, str]:
        """A user's own address and password: there is no key."""
        return {"email": self.EMAIL, "password": self.PASSWORD}

    # Before the deed

    def before(self, request: Request) -> Reply | None:
        """Check the path's last slash, the login and the rate."""
        if not request.path.endswith("/"):
            return Reply(301, None, {"Location": f"{BASE}{request.path}/"})
        if not request.headers.get("authorization"):
            return self._refused("Authentication credentials were not provided.")
        if not self._knows(request):
            return self.key_refused(request)
        registrations = request.path.startswith(f"{API}/registrations/")
        window = self.window if registrations else self.other_window
        if self.limits and (wait := window.take()):
            return self.throttled(request, math.ceil(wait))
        return None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Too many requests."""
        del request
        text = "Request was throttled."
        if retry_after is None:
            return detail(429, text)
        text = f"{text} Expected available in {retry_after} seconds."
        return detail(429, text, {"Retry-After": str(retry_after)})

    def key_refused(self, request: Request) -> Reply:
        """No such user, or another password."""
        del request
        return self._refused("Invalid username/password.")

    def error_in_ok(self, request: Request) -> Reply:
        """An error that the status denies."""
        del request
        return detail(200, "A server error occurred.")

    def not_found(self, request: Request) -> Reply:
        """No such path, or none that takes this method."""
        if any(pattern.fullmatch(request.path) for _, pattern, _ in self._routes):
            return detail(405, f'Method "{request.method}" not allowed.')
        return detail(404, "Not found.")

    def _refused(self, text: str) -> Reply:
        return detail(401, text, {"WWW-Authenticate": 'Basic realm="api"'})

    def _knows(self, request: Request) -> bool:
        scheme, _, text = request.headers["authorization"].partition(" ")
        try:
            login = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        return scheme == "Basic" and login == f"{self.EMAIL}:{self.PASSWORD}"

    def _dispatch(self, request: Request) -> Reply:
        try:
            return super()._dispatch(request)
        except PlectoRefusal as refusal:
            return refusal.reply
        except json.JSONDecodeError as error:
            return detail(400, f"JSON parse error - {error.msg}")

    # Registrations

    @route("GET", f"{API}/registrations/")
    def list_registrations(self, request: Request) -> Reply:
        """A page of registrations, of one data source, time or reference if so asked."""
        source, reference = request.param("data_source"), request.param("reference")
        reference = reference or request.param("external_id")
        start, end = (instant(request.param(name)) for name in ("start_date", "end_date"))
        found = [
            self.shown(one)
            for one in self.registrations.values()
            if source in {"", one["data_source"]}
            and reference in {"", one["external_id"]}
            and (start is None or one["date"] >= start)
            and (end is None or one["date"] <= end)
        ]
        return paged(request, found, self.PAGE)

    @route("POST", f"{API}/registrations/")
    def write_registrations(self, request: Request) -> Reply:
        """Write one registration or up to a hundred; all are kept, or none."""
        given = request.json()
        many = given if isinstance(given, list) else [given]
        if len(many) > self.BATCH:
            text = f"Send at most {self.BATCH} registrations."
            raise PlectoRefusal(400, {"non_field_errors": [text]})
        errors = [self._errors_of(an_object(one)) for one in many]
        if any(errors):
            raise PlectoRefusal(400, errors if isinstance(given, list) else errors[0])
        for one in many:
            self._writable(one["data_source"])
        kept = [self.shown(self.keep_registration(one)) for one in many]
        return Reply(201, kept if isinstance(given, list) else kept[0])

    @route("GET", f"{API}/registrations/{{source}}/{{number}}/")
    def read_registration(self, request: Request, source: str, number: str) -> Reply:
        """One registration."""
        del request
        return Reply(200, self.shown(self._registration(source, number)))

    @route("PUT", f"{API}/registrations/{{source}}/{{number}}/")
    def replace_registration(self, request: Request, source: str, number: str) -> Reply:
        """Replace a registration; its reference stays."""
        known = self._registration(source, number)
        given = {**an_object(request.json()), "data_source": source}
        self._writable(source)
        if errors := self._errors_of(given):
            raise PlectoRefusal(400, errors)
        given["external_id"] = known["external_id"]
        return Reply(200, self.shown(self.keep_registration(given, number)))

    @route("DELETE", f"{API}/registrations/{{source}}/{{number}}/")
    def delete_registration(self, request: Request, source: str, number: str) -> Reply:
        """Delete a registration for ever."""
        del request
        self._registration(source, number)
        self._writable(source)
        del self.registrations[number]
        return Reply(204)

    def _registration(self, source: str, number: str) -> Record:
        found = self.registrations.get(number)
        if found is None or found["data_source"] != source:
            raise missing()
        return found

    def _writable(self, source: str) -> None:
        """Refuse what an integration fills; the API may not change it."""
        if self.data_sources[source]["integration"]:
            text = "You do not have permission to perform this action."
            raise PlectoRefusal(403, {"detail": text})

    def _errors_of(self, given: Record) -> Record:
        named = all(given.get(name) for name in FIXED[1:4])
        errors = {name: [REQUIRED] for name in ("data_source", "date") if not given.get(name)}
        if given.get("date") and not is_instant(given["date"]):
            errors["date"] = ["Datetime has wrong format."]
        if not given.get("member") and not named:
            errors["member"] = [REQUIRED]
        elif given.get("member") and given["member"] not in self.members:
            errors["member"] = ["Invalid member."]
        if given.get("data_source", "") not in {"", *self.data_sources}:
            errors["data_source"] = ["Invalid data source."]
        return errors
