"""
A stand-in for Hotjar's REST API: surveys, their responses, and the lookup that mails or deletes.

Left open by what is public, and settled here so that nobody builds on it: a limit above 100 is
refused with 400, a page without a limit has `DEFAULT_LIMIT`, ids are strings, a lookup always
mails whether or not it finds anything, and what it answers with 200 is any of `LOOKUP_REPLIES`.
"""

from __future__ import annotations

import base64
import binascii
import math
from datetime import datetime, timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, Window, route
from klarsyn.testing.standins.hotjar_site import (
    SURVEYS,
    HotjarSite,
    Mail,
    Record,
    Response,
    question_id,
    stamp,
)

MAX_LIMIT = 100
OAUTH_PATH = "/v1/oauth/token"
MESSAGES = {
    400: ("bad_request", "The request is not valid"),
    401: ("unauthorized", "Missing or invalid authorization header"),
    403: ("forbidden", "Insufficient permissions for the requested resource"),
    404: ("not_found", "The requested resource was not found"),
    429: ("too_many_requests", "Rate limit exceeded"),
}


class HotjarStandIn(HotjarSite):
    """Hotjar on loopback: one organisation, one site, one key."""

    CLIENT: ClassVar[tuple[str, str]] = ("invented-client", "invented-hotjar-secret")
    REQUESTS: ClassVar[int] = 3000
    WINDOW_SECONDS: ClassVar[float] = 60
    TOKEN_SECONDS: ClassVar[int] = 3600
    KEY_DAYS: ClassVar[int] = 365
    DEFAULT_LIMIT: ClassVar[int] = 5
    LOOKUP_REPLIES: ClassVar[tuple[object, ...]] = ({}, {"status": "ok"}, None)

    def fill(self) -> None:
        """Open the organisation, make its key, and buy the plans that the API needs."""
        super().fill()
        self.plans = {"observe-scale", "ask-scale"}
        """Responses need Ask Scale, a lookup any of both, as surveys do."""
        self.key_made = self.clock.now()
        self.tokens: dict[str, datetime] = {}
        """When each token ends."""
        self.lookups = 0
        self.window = Window(self.REQUESTS, self.WINDOW_SECONDS, self.clock)

    @property
    def secrets(self) -> dict[str, str]:
        """The key pair, and the numbers that stand under Sites and Organizations."""
        return {
            "client_id": self.CLIENT[0],
            "client_secret": self.CLIENT[1],
            "organization_id": self.ORGANIZATION_ID,
            "site_id": self.SITE_ID,
        }

    # Before the deed

    def before(self, request: Request) -> Reply | None:
        """Check rate, token and plan."""
        if self.limits and (wait := self.window.take()):
            return self.throttled(request, math.ceil(wait))
        if request.path == OAUTH_PATH:
            return None
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        ends = self.tokens.get(token)
        if scheme.lower() != "bearer" or not ends or not self._lives(ends):
            return self.key_refused(request)
        needed = {"ask-scale"} if request.path.endswith("/responses") else set()
        if not self.plans or not needed <= self.plans:
            return error(403)
        return None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Too many requests in a minute."""
        del request
        headers = {"Retry-After": str(retry_after)} if retry_after else {}
        return Reply(429, error(429).body, headers)

    def key_refused(self, request: Request) -> Reply:
        """No token, one that has ended, or one of a key that has."""
        del request
        return error(401)

    def error_in_ok(self, request: Request) -> Reply:
        """An error that the status denies."""
        del request
        return Reply(200, {"error": "internal_error", "message": "Something went wrong"})

    def not_found(self, request: Request) -> Reply:
        """No such path, site, survey or organisation."""
        del request
        return error(404)

    def _lives(self, ends: datetime) -> bool:
        now = self.clock.now()
        return now < ends and now < self.key_made + timedelta(days=self.KEY_DAYS)

    # The deed

    @route("POST", OAUTH_PATH)
    def create_token(self, request: Request) -> Reply:
        """Give a token for an hour, as long as the key has not died of age."""
        kind = request.headers.get("content-type", "").split(";")[0]
        given = request.form() if kind == "application/x-www-form-urlencoded" else {}
        if given.get("grant_type") != "client_credentials":
            return error(400)
        pair = (given.get("client_id"), given.get("client_secret"))
        ends = self.clock.now() + timedelta(seconds=self.TOKEN_SECONDS)
        if pair != self.CLIENT or not self._lives(ends):
            return Reply(401, {"error": "invalid_client", "message": "Invalid client credentials"})
        token = f"invented-token-{len(self.tokens) + 1}"
        self.tokens[token] = ends
        named = {"access_token": token, "token_type": "bearer"}
        return Reply(200, named | {"expires_in": self.TOKEN_SECONDS})

    @route("GET", "/v1/sites/{site_id}/surveys")
    def list_surveys(self, request: Request, site_id: str) -> Reply:
        """The surveys of a site, those that are off too; with their questions if asked."""
        if site_id != self.SITE_ID:
            return error(404)
        questions = request.param("with_questions") == "true"
        found = {one: self.shown_survey(one, questions=questions) for one in SURVEYS}
        return _paged(request, found, self.DEFAULT_LIMIT)

    @route("GET", "/v1/sites/{site_id}/surveys/{survey_id}")
    def get_survey(self, request: Request, site_id: str, survey_id: str) -> Reply:
        """One survey with its questions."""
        del request
        if site_id != self.SITE_ID or survey_id not in SURVEYS:
            return error(404)
        return Reply(200, self.shown_survey(survey_id, questions=True))

    @route("GET", "/v1/sites/{site_id}/surveys/{survey_id}/responses")
    def list_responses(self, request: Request, site_id: str, survey_id: str) -> Reply:
        """The responses to a survey, newest first."""
        if site_id != self.SITE_ID or survey_id not in SURVEYS:
            return error(404)
        found = [one for one in self.responses if one.survey == survey_id]
        shown = {_place(one): self.shown_response(one) for one in found}
        return _paged(request, shown, self.DEFAULT_LIMIT)

    @route("POST", "/v1/organizations/{organization_id}/user-lookup")
    def look_up(self, request: Request, organization_id: str) -> Reply:
        """Delete what is found of somebody at once, or mail them that a report is ready."""
        if organization_id != self.ORGANIZATION_ID:
            return error(404)
        try:
            given = request.json()
        except ValueError:
            return error(400)
        if not _is_lookup(given):
            return error(400)
        email = given.get("data_subject_email") or ""
        users = given.get("data_subject_site_id_to_user_id_map") or {}
        user = users.get(self.SITE_ID, "")
        if given.get("delete_all_hits"):
            self._delete(email, user)
        else:
            to = [email, self.RECIPIENT] if email else [self.RECIPIENT]
            self.mails += [Mail(one, email or user) for one in to]
        self.lookups += 1
        return Reply(200, self.LOOKUP_REPLIES[self.lookups % len(self.LOOKUP_REPLIES)])

    def _delete(self, email: str, user: str) -> None:
        """Delete by an address that was consented to, or by Identify's id; search no text."""
        asked = {
            question_id(survey, "email") for survey in SURVEYS if "email" in SURVEYS[survey][2]
        }

        def is_hit(response: Response) -> bool:
            given = [one["answer"] for one in response.answers if one["question_id"] in asked]
            by_mail = response.consented and email.lower() in [one.lower() for one in given]
            return by_mail or {"name": "user_id", "value": user} in response.attributes

        self.responses = [one for one in self.responses if not is_hit(one)]
        self.recordings = [one for one in self.recordings if not user or one.user_id != user]


def error(status: int) -> Reply:
    """Return an error in Hotjar's two words."""
    kind, message = MESSAGES[status]
    return Reply(status, {"error": kind, "message": message})


def _paged(request: Request, found: dict[str, Record], default: int) -> Reply:
    """Return the page after a cursor, which names the record it is after; newest first."""
    text = request.param("limit", str(default))
    if not text.isdigit() or not 1 <= int(text) <= MAX_LIMIT:
        return error(400)
    places = sorted(found, reverse=True)
    if cursor := request.param("cursor"):
        try:
            after = base64.urlsafe_b64decode(cursor).decode()
        except (binascii.Error, UnicodeDecodeError):
            return error(400)
        places = [one for one in places if one < after]
    page, following = places[: int(text)], None
    if len(places) > len(page):
        following = base64.urlsafe_b64encode(page[-1].encode()).decode()
    return Reply(200, {"results": [found[one] for one in page], "next_cursor": following})


def _place(response: Response) -> str:
    return f"{stamp(response.created)}|{response.id}"


def _is_lookup(given: object) -> bool:
    """Return whether a body names somebody, in the types that are told."""
    if not isinstance(given, dict):
        return False
    email, users = given.get("data_subject_email"), given.get("data_subject_site_id_to_user_id_map")
    typed = isinstance(email, str | None) and isinstance(users, dict | None)
    is_flag = isinstance(given.get("delete_all_hits", False), bool)
    return typed and is_flag and bool(email or users)
