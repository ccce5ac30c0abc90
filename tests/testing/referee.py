"""
Referees: what goes to and comes from a stand-in, held against the vendor's own contract.

openapi-core judges types and what is required. Since contracts require next to nothing and allow
anything beside, every name that a contract does not know is told here. Complaints hold names of
properties only, never what anybody's property was.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

from openapi_core.datatypes import RequestParameters
from openapi_core.templating.paths.exceptions import PathError
from werkzeug.datastructures import Headers, MultiDict

from klarsyn.testing import Exchange, Reply, Request
from tests.testing.contracts import FILES, HOST, Contract, Json, Operation, contract, folder
from tests.testing.known_faults import KNOWN_FAULTS, KnownFault

COUNTS = Path(__file__).with_name("counts.toml")
#: How many exchanges were judged in this process, by vendor.
REFEREED: Counter[str] = Counter()
#: A vendor that refuses a request for its form has judged it.
REFUSED = frozenset({400, 405, 406, 415, 422})
FORM = "application/x-www-form-urlencoded"
Schemas = list[Any]


class Referee:
    """A vendor's contract, ready to judge; needs `Referee.available(vendor)`."""

    def __init__(
        self,
        vendor: str,
        *,
        always: Mapping[str, Iterable[str]] | None = None,
        known: Iterable[KnownFault] | None = None,
        counts: Counter[str] = REFEREED,
    ) -> None:
        """`always` names what a reply never lacks: {"GET /accounts": ["data.id"]}."""
        where = folder(vendor)
        assert where, f"set KLARSYN_CONTRACTS to a folder with the contract of {vendor}"
        self.vendor = vendor
        self.contracts = [contract(where / name, base) for name, base in FILES[vendor]]
        self.always = always or {}
        self.refereed = 0
        self.met: Counter[str] = Counter()
        """How often each known fault of the contract was met."""
        self._known_faults = KNOWN_FAULTS.get(vendor, ()) if known is None else tuple(known)
        self._counts = counts

    @staticmethod
    def available(vendor: str) -> bool:
        """Return whether this machine has the vendor's contract."""
        return folder(vendor) is not None

    def judge(self, exchange: Exchange) -> list[str]:
        """Return what is wrong with an exchange, less the contract's own faults."""
        self.refereed += 1
        self._counts[self.vendor] += 1
        return [one for one in self._complaints(exchange) if not self._known(one)]

    def _complaints(self, exchange: Exchange) -> list[str]:
        request = exchange.request
        for one in self.contracts:
            if found := operations(one, request):
                judged = [_judged(one, each, exchange, self.always) for each in found]
                return min(judged, key=len)
        words = self.contracts[0].words
        steps = [step if step in words else "{}" for step in request.path.split("/")]
        return [f"{request.method} {'/'.join(steps)}: no such operation"]

    def _known(self, complaint: str) -> bool:
        for fault in self._known_faults:
            if fnmatchcase(complaint, fault.where) and self._among(complaint, fault.among):
                self.met[fault.where] += 1
                return True
        return False

    def _among(self, complaint: str, schemas: Iterable[str]) -> bool:
        """Return whether the name that a complaint is about is in one of some schemas."""
        if not schemas:
            return True
        name = complaint.rpartition(":")[0].replace(".", " ").split()[-1]
        parts = [{"$ref": f"#/components/schemas/{one}"} for one in schemas]
        known = [one for where in self.contracts for one in _plain(where, parts)]
        return any(name in one.get("properties", ()) for one in known)


@contextmanager
def refereed(
    vendor: str, always: Mapping[str, Iterable[str]] | None = None
) -> Iterator[list[Exchange]]:
    """Judge at the end all exchanges put into the list; nothing where the contract is absent."""
    exchanges: list[Exchange] = []
    yield exchanges
    if Referee.available(vendor):
        referee = Referee(vendor, always=always)
        told = Counter(complaint for one in exchanges for complaint in referee.judge(one))
        assert not told, "\n".join(f"{count} x {one}" for one, count in sorted(told.items()))


def misses(counted: Mapping[str, int], minimum: Mapping[str, int]) -> list[str]:
    """Return the closing lines on vendors of whom too few exchanges were refereed."""
    return [
        f"{vendor}: {counted.get(vendor, 0)} of {least} exchanges refereed"
        for vendor, least in sorted(minimum.items())
        if counted.get(vendor, 0) < least
    ]


def minimum() -> dict[str, int]:
    """Return the committed figures of counts.toml."""
    figures: dict[str, int] = tomllib.loads(COUNTS.read_text("utf-8"))["exchanges"]
    return figures


def operations(where: Contract, request: Request) -> list[Operation]:
    """Return what a request may mean; `.json` (Zendesk) and HEAD are other spellings of a GET."""
    for method in (request.method, {"HEAD": "GET"}.get(request.method, request.method)):
        for path in (request.path.removesuffix(".json"), request.path):
            if found := where.find(method, path, request.query):
                return found
    return []


def _judged(
    where: Contract, operation: Operation, exchange: Exchange, always: Mapping[str, Iterable[str]]
) -> list[str]:
    name = operation.name
    told = list(_of_parameters(operation, exchange.request))
    if exchange.reply.status not in REFUSED:
        told += _of_request(where, operation, exchange.request)
    else:
        told = []
    if exchange.fault is None and exchange.request.method != "HEAD":
        told += _of_reply(where, operation, exchange, always.get(name, ()))
    return [f"{name} {complaint}" for complaint in dict.fromkeys(told)]


# Requests


def _of_parameters(operation: Operation, request: Request) -> Iterator[str]:
    names = {place: set[str]() for place in ("query", "header", "path", "cookie")}
    for one in operation.parameters:
        place, name = one["in"], one["name"]
        names[place].add(name)
        there = {"query": request.query, "header": request.headers}.get(place)
        absent = there is not None and (name.lower() if place == "header" else name) not in there
        if one.get("required") and absent:
            yield f"{place} {name}: missing"
    for name in request.query:
        if name not in names["query"] and name.partition("[")[0] not in names["query"]:
            yield f"query {name}: unknown"


def _of_request(where: Contract, operation: Operation, request: Request) -> Iterator[str]:
    body, kind = _request_body(request)
    if body is not None and not operation.body:
        yield "body: unknown"
    if body is not None and (schema := _schema(operation.body, kind)) is not None:
        yield from (f"body {one}" for one in unknown(where, body, [schema]))
    if not where.by_query:
        errors = where.core.iter_request_errors(_CoreRequest(operation, request))
        yield from (one for error in errors for one in _told(error, "body"))


def _request_body(request: Request) -> tuple[Any, str]:
    """Return what a request carries as an object, if it is one, and its media type."""
    kind = request.headers.get("content-type", "application/json").split(";")[0].strip()
    if not request.body:
        return None, kind
    if kind == FORM:
        return {name: one[-1] for name, one in parse_qs(request.body.decode()).items()}, kind
    return _json(request.body), kind


# Replies


def _of_reply(
    where: Contract, operation: Operation, exchange: Exchange, always: Iterable[str]
) -> Iterator[str]:
    reply, body = exchange.reply, _json(exchange.reply.content)
    described = _description(operation, reply, body)
    if described is None:
        if reply.status < 400:
            yield f"reply status {reply.status}: unknown"
        return
    if where.by_query:
        yield from (f"reply {one}: unknown" for one in _elements(reply) - where.elements)
        return
    content = where.resolve(operation.responses[described]).get("content", {})
    if body is not None and not content:
        yield "reply: unknown"
        return
    if content:
        schema = next(iter(content.values())).get("schema", {})
        yield from (f"reply {one}" for one in unknown(where, body, [schema]))
        answer = _CoreReply(reply, described, next(iter(content)))
        asked = _CoreRequest(operation, exchange.request)
        for error in where.core.iter_response_errors(asked, answer):
            yield from _told(error, "reply")
    if reply.status < 400:
        yield from (f"reply {one}: missing" for one in always if _lacks(body, one.split(".")))


def _description(operation: Operation, reply: Reply, body: Any) -> str | None:
    """Return under which status the contract describes a reply; Slack's errors come with 200."""
    status, default = str(reply.status), "default" if "default" in operation.responses else None
    if default and isinstance(body, dict) and body.get("ok") is False:
        return default
    for known in (status, f"{status[0]}XX"):
        if known in operation.responses:
            return known
    return default if reply.status >= 400 else None


def _elements(reply: Reply) -> set[str]:
    """Return the names in an XML body."""
    if not reply.content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return set()
    tree = ET.fromstring(reply.content)  # noqa: S314  (our own stand-in wrote it)
    return {name for one in tree.iter() for name in (one.tag, *one.attrib)}


def _lacks(value: Any, steps: list[str]) -> bool:
    if isinstance(value, list):
        return any(_lacks(one, steps) for one in value)
    if not steps:
        return False
    return (
        not isinstance(value, dict) or steps[0] not in value or _lacks(value[steps[0]], steps[1:])
    )


# Names


def unknown(where: Contract, value: Any, schemas: Schemas, at: str = "") -> Iterator[str]:
    """Tell the properties that none of the schemas knows, lists' places left out."""
    plain = list(_plain(where, schemas))
    if isinstance(value, list) and (items := [one["items"] for one in plain if "items" in one]):
        for each in value:
            yield from unknown(where, each, items, at)
    if isinstance(value, dict) and plain:
        for name, inner in value.items():
            path = f"{at}.{name}" if at else name
            inside = [one["properties"][name] for one in plain if name in one.get("properties", ())]
            others = [one.get("additionalProperties", _open(one)) for one in plain]
            if not inside and not any(one is True or isinstance(one, dict) for one in others):
                yield f"{path}: unknown"
            wide = [one for one in others if isinstance(one, dict)]
            yield from unknown(where, inner, inside or wide, path)


def _plain(where: Contract, schemas: Schemas) -> Iterator[Json]:
    """Resolve references and flatten compositions: a name known to any part is known."""
    for one in map(where.resolve, schemas):
        parts = [part for kind in ("allOf", "anyOf", "oneOf") for part in one.get(kind, ())]
        yield from _plain(where, parts)
        if not parts or "properties" in one:
            yield one


def _open(schema: Json) -> bool:
    """An object of which nothing is said may hold anything."""
    return "properties" not in schema and schema.get("type", "object") == "object"


def _schema(content: Json, kind: str) -> Any:
    first: Json = next(iter(content.values()), {})
    return content.get(kind, first).get("schema")


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


# openapi-core


class _CoreRequest:
    """A request as openapi-core wants it."""

    def __init__(self, operation: Operation, request: Request) -> None:
        self.host_url = HOST
        self.method = operation.name.split(" ")[0].lower()
        suffixed = operation.pattern.fullmatch(request.path) is None
        self.path = request.path.removesuffix(".json") if suffixed else request.path
        self.content_type = request.headers.get("content-type", "application/json")
        self.body = request.body or None
        self.parameters = RequestParameters(
            query=MultiDict([(name, one) for name, all_ in request.query.items() for one in all_]),
            header=Headers(list(request.headers.items())),
        )


class _CoreReply:
    """A reply as openapi-core wants it, under the status and type that the contract describes."""

    def __init__(self, reply: Reply, described: str, kind: str) -> None:
        self.status_code = reply.status if described != "default" else 599
        self.content_type = kind
        self.headers = Headers(list(reply.headers.items()))
        self.data = reply.content


def _told(error: Exception, side: str) -> Iterator[str]:
    """Say an error of openapi-core's without the values that its own text holds."""
    if isinstance(error, PathError):
        yield f"{side}: openapi-core finds no such operation"
        return
    if name := getattr(error, "name", ""):
        side = f"{getattr(error, 'location', 'header')} {name}"
    cause = error.__cause__ or error
    if not (errors := list(getattr(cause, "schema_errors", ()))):
        absent = "Missing" in type(error).__name__
        yield f"{side}: missing" if absent else f"{side}: {type(cause).__name__}"
    for one in errors:
        yield from _told_of_schema(one, side)


def _told_of_schema(error: Any, side: str) -> Iterator[str]:
    """Say where a value breaks which rule of its schema."""
    path = ".".join(str(step) for step in error.absolute_path if isinstance(step, str))
    place = f"{side} {path}".rstrip()
    if error.validator == "required":
        dot = "." if path else " "
        lacking = [name for name in error.validator_value if name not in error.instance]
        yield from (f"{place}{dot}{name}: missing" for name in lacking)
    elif error.instance is None:
        yield f"{place}: null"
    elif error.validator not in {"additionalProperties", "patternProperties"}:
        rule = error.validator_value if isinstance(error.validator_value, str | int) else ""
        yield f"{place}: not of {error.validator} {rule}".rstrip()
