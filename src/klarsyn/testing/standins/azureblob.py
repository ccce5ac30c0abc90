"""
A stand-in of Azure Blob Storage: one account, reached by its host or, as its emulator, by path.

Microsoft's error codes, headers and XML; Shared Key and account SAS are verified for real. Not
there: service SAS, Entra tokens, leases, page and append blobs, blocks, copies.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from klarsyn.testing.faults import Fault, Trouble
from klarsyn.testing.serving import Exchange, Reply, Request, StandIn, Window
from klarsyn.testing.standins import azureblob_blobs as blobs
from klarsyn.testing.standins import azureblob_listing as listing
from klarsyn.testing.standins.azureblob_batch import answer_batch
from klarsyn.testing.standins.azureblob_containers import CONTAINER_CALLS, properties
from klarsyn.testing.standins.azureblob_filling import fill_account
from klarsyn.testing.standins.azureblob_keeping import (
    Container,
    Keeping,
    Protection,
    Refused,
    read_date,
)
from klarsyn.testing.standins.azureblob_signing import check_sas, shared_key
from klarsyn.testing.standins.azureblob_wording import XML, refusal

_LOOPBACK = re.compile(r"(127\.|localhost|\[::1\])")
_LEAST, _MOST = 3, 63
_CONTAINER = re.compile(r"[a-z0-9](?:-?[a-z0-9])*|\$root|\$logs|\$web")
_VERSION = re.compile(r"20\d\d-\d\d-\d\d")
_BLOB_CALLS: Mapping[tuple[str, str], Callable[[blobs.Call], Reply]] = {
    ("GET", ""): blobs.get,
    ("HEAD", ""): blobs.head,
    ("PUT", ""): blobs.put,
    ("DELETE", ""): blobs.delete,
    ("GET", "tags"): blobs.get_tags,
    ("PUT", "tags"): blobs.set_tags,
    ("GET", "metadata"): blobs.head,
    ("PUT", "metadata"): blobs.set_metadata,
    ("PUT", "snapshot"): blobs.snapshot,
    ("PUT", "undelete"): blobs.undelete,
    ("PUT", "legalhold"): blobs.set_hold,
    ("PUT", "immutabilityPolicies"): blobs.set_policy,
    ("DELETE", "immutabilityPolicies"): blobs.lift_policy,
}


def check_version(request: Request) -> None:
    """Refuse a request that names no version of the API."""
    if not _VERSION.fullmatch(request.headers.get("x-ms-version", "")):
        given = "x-ms-version" in request.headers
        code = "InvalidHeaderValue" if given else "MissingRequiredHeader"
        raise Refused(code, detail=("HeaderName", "x-ms-version"))


def check_name(container: str) -> None:
    """Refuse a name that no container can have: 3 to 63 lower-case letters, digits, hyphens."""
    if container and not _LEAST <= len(container) <= _MOST:
        raise Refused("OutOfRangeInput")
    if container and not _CONTAINER.fullmatch(container):
        raise Refused("InvalidResourceName")


class AzureBlobStandIn(StandIn):
    """The account `klarprisdata` with its containers."""

    name = "azureblob"
    hosts = ("*.blob.core.windows.net",)
    account: ClassVar[str] = "klarprisdata"
    account_key: ClassVar[str] = base64.b64encode(hashlib.sha512(b"klarprisdata").digest()).decode()
    versioning: ClassVar[bool] = True
    soft_delete_days: ClassVar[int] = 7
    page_limit: ClassVar[int] = 20
    """The service may end a page early, before `maxresults`, and gives a marker then."""
    requests_per_second: ClassVar[int] = 20_000
    tag_lag: ClassVar[float] = 30.0
    """Seconds until tags are found; the service only says that it takes a while."""
    strict_dates: ClassVar[bool] = False
    """Whether a date 15 minutes off is refused; clients take theirs from the machine."""

    @property
    def secrets(self) -> dict[str, str]:
        """Name the account and its key."""
        return {"account": self.account, "account_key": self.account_key}

    def fill(self) -> None:
        """Put people into invoices, dumps, names, tags, snapshots, versions and deleted blobs."""
        self._numbers = 0
        self.window = Window(self.requests_per_second, 1.0, self.clock)
        days = self.soft_delete_days
        self.protection = Protection(self.versioning, blob_days=days, container_days=days)
        self.keeping = Keeping(self.clock, self.protection, self.tag_lag)
        self.planted += fill_account(self.keeping, self.people)

    # The vendor's forms of refusal

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """503 ServerBusy."""
        reply = self._refuse(request, Refused("ServerBusy"))
        wait = {"Retry-After": str(retry_after)} if retry_after else {}
        return replace(reply, headers={**reply.headers, **wait})

    def key_refused(self, request: Request) -> Reply:
        """403 AuthenticationFailed."""
        detail = ("AuthenticationErrorDetail", "The MAC signature is not the same as any computed.")
        return self._refuse(request, Refused("AuthenticationFailed", detail=detail))

    def not_found(self, request: Request) -> Reply:
        """404 ResourceNotFound."""
        return self._refuse(request, Refused("ResourceNotFound"))

    def error_in_ok(self, request: Request) -> Reply:
        """A batch is accepted, and every request in it fails; elsewhere an error with 200."""
        failed = self._refuse(request, Refused("InternalError"))
        if request.param("comp") == "batch":
            reply = answer_batch(request, lambda _: failed, self._number())
            return replace(reply, headers=self._common(request))
        return replace(failed, status=200)

    # Serving

    def answer(self, request: Request) -> tuple[Reply, Fault | None]:
        """Answer as the account's host would, also where the account stands in the path."""
        with self.lock:
            self.keeping.sweep()
            hosted = self._hosted(request)
            reply, fault = super().answer(hosted)
            if fault and fault.trouble is Trouble.RENAMED_FIELD and isinstance(reply.body, bytes):
                pattern = rb"(</?)%b(?=[\s>/])" % fault.field.encode()
                body = re.sub(pattern, rb"\g<1>%b_v2" % fault.field.encode(), reply.body)
                reply = replace(reply, body=body)
                if self.recording:
                    self.exchanges[-1] = Exchange(hosted, reply, fault.trouble)
        return reply, fault

    def before(self, request: Request) -> Reply | None:
        """Check limits, version and signature."""
        if self.limits and (wait := self.window.take()):
            return self.throttled(request, max(1, round(wait)))
        try:
            check_version(request)
            self._authenticate(request)
        except Refused as error:
            return self._refuse(request, error)
        return None

    def _dispatch(self, request: Request) -> Reply:
        try:
            reply = self._perform(request)
        except Refused as error:
            return self._refuse(request, error)
        return replace(reply, headers={**reply.headers, **self._common(request)})

    def _hosted(self, request: Request) -> Request:
        """Return the request without the account in its path, where the host is no account's."""
        start = f"/{self.account}"
        by_path = _LOOPBACK.match(request.headers.get("host", ""))
        if not by_path or request.path.split("/")[1:2] != [self.account]:
            return request
        return replace(request, path=request.path.removeprefix(start) or "/")

    def _refuse(self, request: Request, error: Refused) -> Reply:
        reply = refusal(request, error.code, error.detail)
        return replace(reply, headers={**reply.headers, **self._common(request)})

    def _common(self, request: Request) -> dict[str, str]:
        """Return the headers of every reply."""
        headers = {"x-ms-request-id": self._number()}
        for name in ("x-ms-version", "x-ms-client-request-id"):
            if name in request.headers:
                headers[name] = request.headers[name]
        return headers

    def _number(self) -> str:
        self._numbers += 1
        return str(UUID(int=self._numbers))

    # Keys

    def _authenticate(self, request: Request) -> None:
        """Refuse a request that is not signed with the account's key."""
        headers = request.headers
        if "sig" in request.query:
            check_sas(request, self._place(request), self.secrets, self.clock.now())
            return
        if "authorization" not in headers:
            raise Refused("NoAuthenticationInformation")
        date = headers.get("x-ms-date") or headers.get("date")
        if not date:
            raise Refused("MissingRequiredHeader", detail=("HeaderName", "x-ms-date"))
        if self.strict_dates and abs(read_date(date) - self.clock.now()) > timedelta(minutes=15):
            raise Refused("AuthenticationFailed")
        account = (self.account, self.account_key)
        expected = shared_key(request.method, request.raw_path, headers, account)
        if not hmac.compare_digest(expected.encode(), headers["authorization"].encode()):
            detail = "The MAC signature found in the HTTP request is not the same as any computed."
            raise Refused("AuthenticationFailed", detail=("AuthenticationErrorDetail", detail))

    # What is asked for

    @staticmethod
    def _place(request: Request) -> tuple[str, str]:
        """Return container and blob of a path, each empty where it names none."""
        container, _, blob = request.path.lstrip("/").partition("/")
        if container and not blob and request.param("restype") != "container":
            return "$root", container
        return container, blob

    def _perform(self, request: Request) -> Reply:
        container, blob = self._place(request)
        check_name(container)
        comp = request.param("comp")
        if not container:
            return self._account_call(request, comp)
        if not blob:
            return self._container_call(request, comp, container)
        perform = _BLOB_CALLS.get((request.method, comp))
        if perform is None:
            raise Refused("UnsupportedHttpVerb")
        place = self.keeping.container(container)
        return perform(blobs.Call(request, self.keeping, place, blob))

    def _account_call(self, request: Request, comp: str) -> Reply:
        called = (request.method, comp)
        if called == ("GET", "list"):
            body = listing.containers(request, self.keeping, self.page_limit, self._endpoint)
            return Reply(200, body, {}, XML)
        if called == ("GET", "properties") and request.param("restype") == "service":
            return Reply(200, properties(self.keeping.protection), {}, XML)
        if called == ("GET", "blobs"):
            return self._found(request, None)
        if called == ("POST", "batch"):
            return answer_batch(request, self._subanswer, self._number())
        raise Refused("ResourceNotFound")

    def _container_call(self, request: Request, comp: str, name: str) -> Reply:
        called = (request.method, comp)
        if called == ("GET", "list"):
            within = self.keeping.container(name)
            body = listing.blobs(request, self.keeping, within, self.page_limit, self._endpoint)
            return Reply(200, body, {}, XML)
        if called == ("GET", "blobs"):
            return self._found(request, self.keeping.container(name))
        if called == ("POST", "batch"):
            return answer_batch(request, self._subanswer, self._number())
        if called not in CONTAINER_CALLS:
            raise Refused("UnsupportedHttpVerb")
        return CONTAINER_CALLS[called](self.keeping, request, name)

    def _subanswer(self, request: Request) -> Reply:
        """Answer one request of a batch; a version stands on the batch only."""
        if request.path.startswith(f"/{self.account}/"):
            request = replace(request, path=request.path.removeprefix(f"/{self.account}"))
        try:
            self._authenticate(request)
        except Refused as error:
            return self._refuse(request, error)
        return self._dispatch(request)

    @property
    def _endpoint(self) -> str:
        return f"https://{self.account}.blob.core.windows.net/"

    def _found(self, request: Request, within: Container | None) -> Reply:
        where = request.param("where")
        body = listing.by_tags(request, self.keeping, where, within, self._endpoint)
        return Reply(200, body, {}, XML)
