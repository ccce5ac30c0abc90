"""
A stand-in for Pipedrive (API v2, and what is left of v1): one company's sales pipeline.

Written from the vendor's documents and its two contracts. What they leave open, and how it is
settled here: a page above the maximum is refused; a deleted record is still read by its id and can
be restored by `is_deleted` where the contract has that field; notes and leads go at once; search
lags by a minute; names that are unknown in a body are passed over; the day ends at midnight UTC;
who ignores refusals is shut out by Cloudflare for a minute.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, Window
from klarsyn.testing.standins import pipedrive_filling
from klarsyn.testing.standins.pipedrive_leads import PipedriveLeads
from klarsyn.testing.standins.pipedrive_wire import PipedriveRefusal, price, problem

#: What v1 had until v2 had the same.
MOVED = ("persons", "organizations", "deals", "activities", "itemSearch")
_SHUT_OUT = """<!DOCTYPE html><html><head><title>Access denied | Cloudflare</title></head>
<body><h1>Error 1015</h1><p>You are being rate limited</p></body></html>"""


class PipedriveStandIn(PipedriveLeads):
    """Pipedrive on loopback: one company on the smallest plan."""

    COMPANY: ClassVar[str] = "klarpris"
    API_TOKEN: ClassVar[str] = "invented-pipedrive-token"  # noqa: S105  (of nobody)
    #: A seat's share of the company's daily budget on the smallest plan.
    TOKENS_A_SEAT: ClassVar[int] = 30_000
    #: Requests in any two seconds: of a key on the smallest plan, and searches on every plan.
    BURST: ClassVar[int] = 20
    SEARCHES: ClassVar[int] = 10
    WINDOW_SECONDS: ClassVar[float] = 2
    #: So many refusals in ten seconds are too many.
    REFUSALS: ClassVar[int] = 10
    SHUT_OUT_SECONDS: ClassVar[float] = 60

    def fill(self) -> None:
        """Open the account."""
        self.open_account()
        pipedrive_filling.fill(self)
        self.paid = True
        """Whether the company pays; otherwise everything is 402."""
        self.burst = Window(self.BURST, self.WINDOW_SECONDS, self.clock)
        self.searching = Window(self.SEARCHES, self.WINDOW_SECONDS, self.clock)
        self.refusals = Window(self.REFUSALS, 10, self.clock)
        self.shut_out_until: datetime | None = None
        self.spent: Counter[str] = Counter()
        """Tokens by day."""
        self._replies = 0

    @property
    def secrets(self) -> dict[str, str]:
        """The company's subdomain and the key of one of its users."""
        return {"company": self.COMPANY, "api_token": self.API_TOKEN}

    # Before the deed

    def before(self, request: Request) -> Reply | None:
        """Check host, key and limits; forget what is due."""
        self.purge_due()
        label, _, domain = request.headers.get("host", "").partition(".")
        elsewhere = domain == "pipedrive.com" and label not in {self.COMPANY, "api"}
        if elsewhere or request.headers.get("x-api-token") != self.API_TOKEN:
            return self.key_refused(request)
        if not self.paid:
            return self._headed(problem(402, "Payment required", "The account is not open."))
        return self._limited(request) if self.limits else None

    def _limited(self, request: Request) -> Reply | None:
        """Count a request; return a refusal if it is one too many."""
        now = self.clock.now()
        if self.shut_out_until and now < self.shut_out_until:
            return Reply(403, _SHUT_OUT, {"server": "cloudflare"}, "text/html")
        is_search = request.path.endswith(("/search", "/itemSearch"))
        wait = self.burst.take() or (self.searching.take() if is_search else 0)
        cost = price(request.method, request.path)
        if not wait and self._left() >= cost:
            self.spent[self._day()] += cost
            return None
        if self.refusals.take():
            self.shut_out_until = now + timedelta(seconds=self.SHUT_OUT_SECONDS)
        if not wait:
            self.spent[self._day()] = self.daily_tokens
        return self.throttled(request, math.ceil(wait) or None)

    @property
    def daily_tokens(self) -> int:
        """How many tokens the company has a day."""
        return self.TOKENS_A_SEAT * len(self.users)

    def _day(self) -> str:
        return self.clock.now().date().isoformat()

    def _left(self) -> int:
        return max(0, self.daily_tokens - self.spent[self._day()])

    # Refusals

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Too many requests: in how many seconds a window opens stands in x-ratelimit-reset."""
        del request
        reply = problem(429, "Rate limit exceeded", errorCode=429)
        window = {} if retry_after is None else {"x-ratelimit-reset": str(retry_after)}
        headers = self._headed(reply).headers
        if retry_after is None:
            headers = {name: one for name, one in headers.items() if name != "x-ratelimit-reset"}
        return replace(reply, headers={**headers, "x-ratelimit-remaining": "0", **window})

    def key_refused(self, request: Request) -> Reply:
        """No such key, or none of this company's."""
        del request
        body = {"success": False, "error": "unauthorized access", "errorCode": 401}
        return Reply(401, body, self._trace())

    def error_in_ok(self, request: Request) -> Reply:
        """An error that the status denies."""
        del request
        return replace(self._headed(problem(500, "Internal server error")), status=200)

    def not_found(self, request: Request) -> Reply:
        """No such path; what v1 had before v2 is gone."""
        steps = request.path.split("/")
        if steps[1:3] == ["api", "v1"] and steps[3:4] and steps[3] in MOVED:
            return problem(410, "Gone", "This endpoint has been removed; use v2.")
        return problem(404, "Unknown method .", "Object was not found.")

    # The deed

    def _dispatch(self, request: Request) -> Reply:
        try:
            reply = super()._dispatch(request)
        except PipedriveRefusal as refusal:
            reply = refusal.reply
        return self._headed(reply)

    def _trace(self) -> dict[str, str]:
        self._replies += 1
        return {"x-correlation-id": f"correlation-{self._replies}"}

    def _headed(self, reply: Reply) -> Reply:
        """Add what every reply carries."""
        headers = {
            **self._trace(),
            "x-ratelimit-limit": str(self.BURST),
            "x-ratelimit-remaining": str(self.burst.left()),
            "x-ratelimit-reset": str(math.ceil(self.WINDOW_SECONDS)),
            "x-daily-ratelimit-token-limit": str(self.daily_tokens),
            "x-daily-ratelimit-token-remaining": str(self._left()),
        }
        return replace(reply, headers=headers | dict(reply.headers))
