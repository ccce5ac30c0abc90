"""
A stand-in of Mailchimp's Marketing API 3.0.

Two audiences with other columns each, members in every status, notes and activities that name
strangers. It forgets for ever, archives instead of deleting, searches with a lag, answers batches
later, and never says how long to wait.
"""

from __future__ import annotations

import itertools
import threading
import uuid
from base64 import b64decode
from binascii import Error as NotBase64
from datetime import timedelta

from klarsyn.clock import SystemClock
from klarsyn.testing.faults import Fault
from klarsyn.testing.serving import Exchange, Reply, Request, route
from klarsyn.testing.standins.mailchimp_audience import Audience, Member
from klarsyn.testing.standins.mailchimp_batches import Batch, operations_of
from klarsyn.testing.standins.mailchimp_content import Content
from klarsyn.testing.standins.mailchimp_members import LIST, LISTS, MailchimpMembers
from klarsyn.testing.standins.mailchimp_replies import (
    ACCOUNT,
    audience_reply,
    batched_reply,
    member_reply,
)
from klarsyn.testing.standins.mailchimp_search import MemberIndex
from klarsyn.testing.standins.mailchimp_wire import (
    JSON_TYPE,
    Json,
    Refused,
    answer,
    body_of,
    collection,
    digest,
    invalid,
    links,
    missing,
    not_allowed,
)

DATA_CENTRE = "us21"
ARCHIVE = "-response.tar.gz"


class MailchimpStandIn(MailchimpMembers):
    """Mailchimp on loopback."""

    name = "mailchimp"
    hosts = ("*.api.mailchimp.com",)

    SIMULTANEOUS: int = 10
    """Connections that a user may have at once."""
    MOST_MEMBERS: int = 500
    """Members in one batch of an audience."""
    MOST_BATCHES: int = 500
    """Batches that may be open at once."""
    SEARCH_LAG: timedelta = timedelta(seconds=30)
    """Not documented: a guess, long enough to be met."""
    BATCH_TIME: timedelta = timedelta(seconds=20)

    def fill(self) -> None:
        """Put everybody into the audiences; the search knows them already."""
        self.duration = 0.0
        """Real seconds that each request takes: only then do simultaneous ones meet."""
        self.most_at_once = 0
        """How many requests there were at the worst moment."""
        self._at_once = 0
        self._door = threading.Lock()
        self._instances = itertools.count(1)
        self.batches: dict[str, Batch] = {}
        content = Content(self.people, self.clock.now(), itertools.count(101))
        self.audiences = content.audiences()
        self.planted += content.planted
        self.index = MemberIndex(self.SEARCH_LAG)
        before = self.clock.now() - self.SEARCH_LAG
        for audience, member in self._everybody():
            key = (audience.id, member.contact_id)
            self.index.write(before, key, member_reply(member, audience))

    @property
    def secrets(self) -> dict[str, str]:
        """Return the key, whose end names the data centre."""
        return {"api_key": f"{digest('the key of an invented account')}-{DATA_CENTRE}"}

    # Keys, limits and errors

    def answer(self, request: Request) -> tuple[Reply, Fault | None]:
        """Answer, unless there are too many connections already."""
        with self._door:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            crowded = self.limits and self._at_once > self.SIMULTANEOUS
        try:
            if crowded:
                reply = self.throttled(request, 1)
                self.exchanges.append(Exchange(request, reply))
                return reply, None
            SystemClock().sleep(self.duration)
            return super().answer(request)
        finally:
            with self._door:
                self._at_once -= 1

    def before(self, request: Request) -> Reply | None:
        """Check key and data centre, and carry out the batches that are due."""
        self._carry_out()
        if request.path.endswith(ARCHIVE):
            return None  # an address that nobody guesses is the key
        if "authorization" not in request.headers:
            return self._problem(
                Refused(401, "API Key Missing", "Your request did not include an API key.")
            )
        centre, _, host = request.headers.get("host", "").partition(".")
        right = host != "api.mailchimp.com" or centre == DATA_CENTRE
        if not right or _key(request.headers["authorization"]) != self.secrets["api_key"]:
            return self.key_refused(request)
        return None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Return 429 without a header, or the bare 403 that means the same."""
        del request
        if retry_after is None:
            return Reply(403, "", content_type="text/html")
        detail = f"You have exceeded the limit of {self.SIMULTANEOUS} simultaneous connections."
        return self._problem(Refused(429, "Too Many Requests", detail))

    def key_refused(self, request: Request) -> Reply:
        """Return the problem of a key that is not (or no longer) one."""
        del request
        detail = "Your API key may be invalid, or you've attempted to access the wrong datacenter."
        return self._problem(Refused(401, "API Key Invalid", detail))

    def error_in_ok(self, request: Request) -> Reply:
        """Return a batch of which nothing was taken, or a problem with the status of a success."""
        if request.method == "POST" and request.path.rpartition("/")[0] == LISTS:
            row = _row_error("", Refused(500, "", "An unknown error occurred."))
            return Reply(200, _batch_body(request, [], [], [row]), content_type=JSON_TYPE)
        detail = "An unexpected internal error has occurred. Please contact Support."
        reply = self._problem(Refused(500, "Internal Server Error", detail))
        return Reply(200, reply.body, content_type=JSON_TYPE)

    def not_found(self, request: Request) -> Reply:
        """Return 405 for a path that knows other methods, 404 for one that is none."""
        known = any(pattern.fullmatch(request.path) for _, pattern, _ in self._routes)
        return self._problem(not_allowed() if known else missing())

    def _problem(self, refused: Refused) -> Reply:
        return refused.reply(str(uuid.UUID(int=next(self._instances))))

    def _dispatch(self, request: Request) -> Reply:
        try:
            return super()._dispatch(request)
        except Refused as refused:
            return self._problem(refused)

    # The account and its audiences

    @route("GET", "/3.0/ping")
    def ping(self, request: Request) -> Reply:
        """Say that all is well."""
        del request
        return Reply(200, {"health_status": "Everything's Chimpy!"}, content_type=JSON_TYPE)

    @route("GET", "/3.0")
    @route("GET", "/3.0/")
    def root(self, request: Request) -> Reply:
        """Return the account and its owner."""
        statuses = [member.status for _, member in self._everybody()]
        return answer(request, {**ACCOUNT, "total_subscribers": statuses.count("subscribed")})

    @route("GET", LISTS)
    def list_audiences(self, request: Request) -> Reply:
        """Return the audiences, or those in which an address is."""
        found = list(self.audiences.values())
        if email := request.param("email"):
            found = [one for one in found if one.known(digest(email))]
        constraints = {
            "may_create": False,
            "max_instances": 2,
            "current_total_instances": len(self.audiences),
        }
        told_as = [audience_reply(one) for one in found]
        return collection(request, "lists", told_as, constraints=constraints)

    @route("GET", LIST)
    def get_audience(self, request: Request, list_id: str) -> Reply:
        """Return one audience."""
        return answer(request, audience_reply(self.audience(list_id)))

    @route("POST", LIST)
    def batch_members(self, request: Request, list_id: str) -> Reply:
        """Take in or change up to 500 members; what fails is told by address."""
        audience, body = self.audience(list_id), body_of(request)
        rows = body.get("members")
        if not isinstance(rows, list) or not 0 < len(rows) <= self.MOST_MEMBERS:
            raise invalid(("members", f"Between 1 and {self.MOST_MEMBERS} members are allowed."))
        new: list[Json] = []
        updated: list[Json] = []
        errors: list[Json] = []
        met: set[str] = set()
        for row in rows:
            email = str(row.get("email_address", ""))
            try:
                if digest(email) in met:
                    _settle_duplicate(request, email)
                    continue
                met.add(digest(email))
                known = audience.known(digest(email))
                member = self._take(request, audience, known, row, body)
                (updated if known else new).append(batched_reply(member, audience))
            except Refused as refused:
                errors.append(_row_error(email, refused))
        return Reply(200, _batch_body(request, new, updated, errors), content_type=JSON_TYPE)

    def _take(
        self, request: Request, audience: Audience, known: Member | None, row: Json, body: Json
    ) -> Member:
        """Take in one row of a batch, or change the member whom it names."""
        now = self.clock.now()
        skip = request.param("skip_merge_validation") == "true"
        if not known:
            member = audience.add(row, str(row.get("status", "")), now, skip=skip)
        elif body.get("update_existing") or known.status == "archived":
            member = known
            if body.get("sync_tags"):
                member.tags.clear()
            audience.change(member, row, now, skip=skip)
        else:
            detail = (
                f"{known.email} is already a list member, do you want to update? "
                "please provide update_existing:true in the request body"
            )
            raise Refused(400, "Member Exists", detail)
        self.note_change(audience, member)
        return member

    @route("GET", "/3.0/search-members")
    def search_members(self, request: Request) -> Reply:
        """Return whom the index finds: lagging, and without the archived."""
        query = request.param("query")
        if not query:
            raise invalid(("query", "This value should not be blank."))
        found = self.index.found(query, request.param("list_id"), self.clock.now())
        names = ("exact_matches", "full_search")
        told_as = [{"members": one, "total_items": len(one)} for one in found]
        return answer(request, dict(zip(names, told_as, strict=True)))

    # Batches

    @route("POST", "/3.0/batches")
    def start_batch(self, request: Request) -> Reply:
        """Take operations that will be carried out later."""
        operations = operations_of(request)
        if sum(not one.done for one in self.batches.values()) >= self.MOST_BATCHES:
            detail = f"At most {self.MOST_BATCHES} batches may be open."
            raise Refused(429, "Too Many Requests", detail)
        number = digest(f"batch {len(self.batches)}")[:10]
        batch = Batch(number, operations, self.clock.now(), self.BATCH_TIME)
        self.batches[batch.id] = batch
        return answer(request, batch.wire(self.clock.now()))

    @route("GET", "/3.0/batches")
    def list_batches(self, request: Request) -> Reply:
        """Return all batches, the newest first."""
        now = self.clock.now()
        told_as = [one.wire(now) for one in reversed(self.batches.values())]
        return collection(request, "batches", told_as)

    @route("GET", "/3.0/batches/{batch_id}")
    def get_batch(self, request: Request, batch_id: str) -> Reply:
        """Return how far a batch is."""
        if batch_id not in self.batches:
            raise missing()
        return answer(request, self.batches[batch_id].wire(self.clock.now()))

    @route("GET", "/{name}" + ARCHIVE)
    def get_archive(self, request: Request, name: str) -> Reply:
        """Return the results of a finished batch; Mailchimp keeps them on a host of Amazon's."""
        del request
        batch = self.batches.get(name)
        if not batch or not batch.done:
            raise missing()
        return Reply(200, batch.archive, content_type="application/gzip")

    def _carry_out(self) -> None:
        """Carry out the batches whose time has come, in the order of their coming."""
        for batch in self.batches.values():
            if batch.due <= self.clock.now() and not batch.done:
                for operation in batch.operations:
                    batch.settle(operation, self._dispatch(batch.request(operation)))

    def _everybody(self) -> list[tuple[Audience, Member]]:
        audiences = self.audiences.values()
        return [(audience, one) for audience in audiences for one in audience.members.values()]


def _key(header: str) -> str:
    """Return the key of an Authorization header: Basic with any user, or Bearer."""
    scheme, _, word = header.partition(" ")
    if scheme.lower() == "bearer":
        return word
    try:
        return b64decode(word).decode().partition(":")[2]
    except (NotBase64, UnicodeDecodeError):
        return ""


def _settle_duplicate(request: Request, email: str) -> None:
    """Pass over an address that came twice, if the client said so."""
    if request.param("skip_duplicate_check") != "true":
        raise Refused(400, "Duplicate", f"{email} is more than once in the members submitted.")


def _row_error(email: str, refused: Refused) -> Json:
    exists = refused.title == "Member Exists"
    name, message = refused.errors[0] if refused.errors else ("", "")
    return {
        "email_address": email,
        "error": refused.detail,
        "error_code": "ERROR_CONTACT_EXISTS" if exists else "ERROR_GENERIC",
        "field": name,
        "field_message": message,
    }


def _batch_body(request: Request, new: list[Json], updated: list[Json], errors: list[Json]) -> Json:
    return {
        "new_members": new,
        "updated_members": updated,
        "errors": errors,
        "total_created": len(new),
        "total_updated": len(updated),
        "error_count": len(errors),
        "_links": links(request),
    }
