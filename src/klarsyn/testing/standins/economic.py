"""
A stand-in for Visma e-conomic: the legacy surface and the newer services of one agreement.

Written from the vendor's contracts, its guides and what others saw the live server do. Both
surfaces take the same two tokens and draw on one budget of calls.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, Window
from klarsyn.testing.standins.economic_apis import EconomicApis
from klarsyn.testing.standins.economic_gate import EconomicGate
from klarsyn.testing.standins.economic_wire import EconomicRefusal, missing

KEPT = timedelta(hours=1)


class EconomicStandIn(EconomicGate, EconomicApis):
    """e-conomic on loopback."""

    name = "e-conomic"
    hosts = ("restapi.e-conomic.com", "apis.e-conomic.com")
    BASE: ClassVar[str] = "https://restapi.e-conomic.com"
    APP_KEY: ClassVar[str] = "invented-app-secret"
    #: A bucket of tokens for both surfaces; a call costs three.
    BUCKET: ClassVar[int] = 10_000
    WINDOW_SECONDS: ClassVar[int] = 60
    COST: ClassVar[int] = 3

    def fill(self) -> None:
        """Open the agreement."""
        super().fill()
        self.window = Window(self.BUCKET, self.WINDOW_SECONDS, self.clock)
        self.kept: dict[tuple[str, str, str], tuple[datetime, Reply]] = {}
        """Replies by idempotency key, method and path."""

    def before(self, request: Request) -> Reply | None:
        """Check host, tokens, modules and budget."""
        host = request.headers.get("host", "")
        if host in self.hosts and (host == self.hosts[1]) != self.at_apis(request):
            return self.told(request, missing(request.path))
        if refusal := super().before(request):
            return refusal
        if lacking := self.lacking(request):
            return self.told(request, lacking)
        if self.limits and (wait := self.window.take(cost=self.COST)):
            return self.throttled(request, math.ceil(wait))
        return None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Too many calls; the vendor says when to come back."""
        hint = "You have made too many calls. Wait a bit."
        reply = self.told(request, EconomicRefusal(429, "Too many requests", developerHint=hint))
        again = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return replace(reply, headers={**reply.headers, **again})

    def at_apis(self, request: Request) -> bool:
        """The services' paths begin with their names."""
        return request.path.split("/")[1].endswith("api")

    def _dispatch(self, request: Request) -> Reply:
        key = request.headers.get("idempotency-key", "")
        if not key or request.method == "GET":
            return super()._dispatch(request)
        now, place = self.clock.now(), (key, request.method, request.path)
        if place in self.kept and now - self.kept[place][0] < KEPT:
            prior = self.kept[place][1]
            return replace(prior, headers={**prior.headers, "X-ResultFromCache": "true"})
        reply = super()._dispatch(request)
        self.kept[place] = now, reply
        return reply

    def headed(self, reply: Reply) -> Reply:
        """Tell what the call cost, and how much of the budget is used."""
        used = self.BUCKET - self.window.left()
        budget = f"token-limit-{self.BUCKET}-per-{self.WINDOW_SECONDS}-seconds"
        told = {"X-CallCost": str(self.COST), "X-RateLimiting": f"{budget}: {used}/{self.BUCKET}"}
        return replace(reply, headers={**told, **reply.headers})
