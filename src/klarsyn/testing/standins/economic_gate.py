"""
Who may pass, at e-conomic and Reviso alike: two tokens in two headers, and a demo for reading.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, StandIn
from klarsyn.testing.standins.economic_wire import (
    EconomicRefusal,
    legacy_error,
    missing,
    problem,
)


class EconomicGate(StandIn):
    """Checks the tokens and words the refusals."""

    APP_KEY: ClassVar[str]
    GRANT: ClassVar[str] = "invented-grant-token"

    def fill(self) -> None:
        """Grant access to the agreement."""
        super().fill()
        self.grant = self.GRANT
        self._refusals = 0

    @property
    def secrets(self) -> dict[str, str]:
        """The token of the app, and that of the agreement."""
        return {"app_secret": self.APP_KEY, "grant_token": self.grant}

    def before(self, request: Request) -> Reply | None:
        """Check the tokens; the demo's read and do not write."""
        tokens = (
            request.headers.get("x-appsecrettoken", ""),
            request.headers.get("x-agreementgranttoken", ""),
        )
        if self.is_demo(request, tokens):
            if request.method == "GET":
                return None
            hint = "The demo agreement can only be read."
            return self.told(request, EconomicRefusal(403, "Forbidden", developerHint=hint))
        if tokens != (self.APP_KEY, self.grant):
            return self.key_refused(request)
        kind = request.headers.get("content-type", "").split(";")[0]
        if request.body and kind != "application/json":
            return self.told(request, EconomicRefusal(415, "Unsupported media type."))
        return None

    def is_demo(self, request: Request, tokens: tuple[str, str]) -> bool:
        """Return whether somebody only looks around."""
        del request
        return tokens == ("demo", "demo")

    def at_apis(self, request: Request) -> bool:
        """Return whether a path is one of the newer services'."""
        del request
        return False

    def told(self, request: Request, refusal: EconomicRefusal) -> Reply:
        """Return a refusal in the form of the surface that was asked."""
        self._refusals += 1
        word = problem if self.at_apis(request) else legacy_error
        return self.headed(word(refusal, self.clock.now(), self._refusals))

    def headed(self, reply: Reply) -> Reply:
        """Add what every reply carries."""
        return reply

    def key_refused(self, request: Request) -> Reply:
        """Wrong tokens, or a grant that was taken back."""
        hint = "Check the tokens in the headers X-AppSecretToken and X-AgreementGrantToken."
        return self.told(request, EconomicRefusal(401, "Unauthorized", developerHint=hint))

    def error_in_ok(self, request: Request) -> Reply:
        """An error that the status denies."""
        refusal = EconomicRefusal(500, "Internal server error.", "E00500")
        return replace(self.told(request, refusal), status=200)

    def not_found(self, request: Request) -> Reply:
        """No such path, or no such method of one that exists."""
        if any(pattern.fullmatch(request.path) for _, pattern, _ in self._routes):
            return self.told(request, EconomicRefusal(405, "Method not allowed."))
        return self.told(request, missing(request.path[1:]))

    def _dispatch(self, request: Request) -> Reply:
        try:
            return self.headed(super()._dispatch(request))
        except EconomicRefusal as refusal:
            return self.told(request, refusal)
