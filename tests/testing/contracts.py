"""
The vendors' own contracts, read from a folder that is not ours to ship, in one shape: OpenAPI 3.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec.yaml
from openapi_core import Config, OpenAPI

#: Per vendor: its files, each with the path that the vendor puts before the file's paths.
FILES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "activecampaign": (("activecampaign-v3.examples-decoded.openapi.json", "/api/3"),),
    "e-conomic": (
        ("legacy-openapi/_all.json", ""),
        ("openapi/openapi-BookedEntries.json", "/bookedEntriesapi/v4.0.0"),
        ("openapi/openapi-Customers.json", "/customersapi/v3.1.0"),
        ("openapi/openapi-Documents.json", "/documentsapi/v4.0.1"),
        ("openapi/openapi-Projects.json", "/projectsapi/v1.1.0"),
        ("openapi/openapi-Subscriptions.json", "/subscriptionsapi/v6.0.3"),
        ("openapi/openapi-Suppliers.json", "/suppliersapi/v2.0.0"),
    ),
    "hotjar": (("hotjar-rest-api-openapi.yml", "/v1"),),
    "mailchimp": (("marketing-3.0.ballerina-sanitised.openapi.json", "/3.0"),),
    "microsoft": (("azure-blob-storage-2021-10-04.swagger.json", ""),),
    "pipedrive": (("openapi-v2.yaml", "/api/v2"), ("openapi-v1.yaml", "/api/v1")),
    "recurly": (("api.yaml", ""),),
    "slack": (("slack_web_openapi_v2.json", "/api"),),
    "teamviewer": (("teamviewer-subset.openapi.json", ""),),
    "trello": (("trello-openapi.json", "/1"),),
    "zapier": (("zapier-partner-api.yml", ""),),
    "zendesk": (("oas.yaml", ""),),
}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
#: What OpenAPI 3 keeps beside a parameter's schema; Swagger 2 mixes both.
_BESIDE = frozenset({"name", "in", "required", "description"})
#: A host of ours for all contracts: which host was meant, the stand-in has seen already.
HOST = "http://vendor.example"

Json = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    name: str
    """`GET /accounts/{account_id}`, as the contract has it."""
    pattern: re.Pattern[str]
    constants: Mapping[str, str]
    """Query values that are part of the path (Microsoft's x-ms-paths)."""
    parameters: tuple[Json, ...]
    body: Json
    """Media types of the request; empty where it has none."""
    responses: Json = field(repr=False)


class Contract:
    """A contract's operations and schemas; `core` is openapi-core's view of it."""

    def __init__(self, document: Json, base: str) -> None:
        self.document = document
        self.base = base
        self.by_query = "x-ms-paths" in document
        if "swagger" in document:
            _modernise(document)
        for item in document["paths"].values():
            item.pop("servers", None)
        document["servers"] = [{"url": HOST + base}]
        self.operations = tuple(self._operations())

    @cached_property
    def core(self) -> OpenAPI:
        """The same contract in openapi-core; two of the vendors' files are no valid OpenAPI."""
        plain: dict[str, Callable[[bytes], Any]] = {"application/problem+json": json.loads}
        config = Config(spec_validator_cls=None, extra_media_type_deserializers=plain)
        return OpenAPI.from_dict(self.document, config=config)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every fixed step of a path: they name no one."""
        return frozenset(
            step for path in self.document["paths"] for step in (self.base + path).split("/")
        )

    @cached_property
    def elements(self) -> frozenset[str]:
        """Every name that the contract's schemas have, properties have and XML has."""
        schemas = self.document["components"]["schemas"]
        return frozenset(_names(schemas)) | frozenset(schemas)

    def resolve(self, node: Any) -> Any:
        """Follow references until there is none."""
        while isinstance(node, dict) and "$ref" in node:
            place: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                place = place[step.replace("~1", "/").replace("~0", "~").replace("%7B", "{")]
            node = place
        return node

    def find(self, method: str, path: str, query: Mapping[str, list[str]]) -> list[Operation]:
        """Return the operations that a request may mean: the most precise, often one."""
        found = [
            one
            for one in self.operations
            if one.name.startswith(f"{method} ")
            and one.pattern.fullmatch(path)
            and all(value in query.get(name, ()) for name, value in one.constants.items())
        ]
        best = min(map(_vagueness, found), default=None)
        return [one for one in found if _vagueness(one) == best]

    def _operations(self) -> Iterator[Operation]:
        for template, item in self.document["paths"].items():
            path, _, query = template.partition("?")
            marks = [mark.partition("=") for mark in query.split("&")]
            for method in METHODS:
                if method not in item:
                    continue
                given = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                yield Operation(
                    name=f"{method.upper()} {template}",
                    pattern=_pattern(self.base + path, deep=self.by_query),
                    constants={name: value for name, _, value in marks if value},
                    parameters=tuple(map(self.resolve, given)),
                    body=self.resolve(item[method].get("requestBody", {})).get("content", {}),
                    responses=item[method].get("responses", {}),
                )


@cache
def contract(path: Path, base: str) -> Contract:
    """Read a contract once a process."""
    text = path.read_text("utf-8")
    if path.suffix != ".json":
        text = json.dumps(msgspec.yaml.decode(text), default=str)  # dates are text in JSON
    text = text.replace('"#/definitions/', '"#/components/schemas/')
    return Contract(json.loads(text, object_hook=_mended), base)


def folder(vendor: str) -> Path | None:
    """Return where a vendor's contract lies on this machine, if it does."""
    root = os.environ.get("KLARSYN_CONTRACTS")
    path = Path(root or os.devnull) / vendor
    files = [path / name for name, _ in FILES.get(vendor, ())]
    return path if path.is_dir() and all(one.is_file() for one in files) else None


def _mended(node: Json) -> Json:
    """Drop what is not the referee's business, and spell alternatives as JSON Schema does."""
    if isinstance(node.get("deprecated"), bool):
        del node["deprecated"]
    if isinstance(node.get("security"), list):
        del node["security"]
    if isinstance(node.get("items"), list):  # Slack's spelling of "one of these"
        choice = node.pop("items")
        node |= {"items": {"anyOf": choice}} if node.get("type") == "array" else {"anyOf": choice}
    return node


def _modernise(document: Json) -> None:
    """Turn Swagger 2 into OpenAPI 3.1, in place; descriptions and security are left behind."""
    del document["swagger"]
    document["openapi"] = "3.1.0"
    document["paths"] = document.pop("x-ms-paths", document["paths"])
    document["components"] = {"schemas": document.pop("definitions", {})}
    shared = document.pop("parameters", {})

    def modern(given: list[Json]) -> tuple[list[Json], list[Json]]:
        known = [shared[one["$ref"].split("/")[-1]] if "$ref" in one else one for one in given]
        inside = [one for one in known if one["in"] in {"body", "formData"}]
        return [_parameter(one) for one in known if one not in inside], inside

    for item in document["paths"].values():
        item["parameters"], _ = modern(item.get("parameters", []))
        for operation in (item[method] for method in METHODS if method in item):
            operation["parameters"], inside = modern(operation.get("parameters", []))
            if inside:
                kinds = operation.get("consumes") or ["application/json"]
                content = {kind: {"schema": _body(inside)} for kind in kinds}
                operation["requestBody"] = {"content": content}
            for reply in operation["responses"].values():
                reply.pop("headers", None)
                if schema := reply.pop("schema", None):
                    reply["content"] = {"application/json": {"schema": schema}}


def _parameter(old: Json) -> Json:
    schema = {name: value for name, value in old.items() if name not in _BESIDE}
    required = old.get("required", False)
    return {"name": old["name"], "in": old["in"], "required": required, "schema": schema}


def _body(given: list[Json]) -> Json:
    if given[0]["in"] == "body":
        schema: Json = given[0]["schema"]
        return schema
    fields = [_parameter(one) for one in given]
    return {
        "type": "object",
        "properties": {one["name"]: one["schema"] for one in fields},
        "required": [one["name"] for one in fields if one["required"]],
    }


def _pattern(path: str, *, deep: bool) -> re.Pattern[str]:
    """Return what a path matches; `deep` lets its last {name} hold slashes, as blobs' names do."""
    pieces = re.split(r"(\{[^}]+\})", path)
    words = ["[^/]+" if piece.startswith("{") else re.escape(piece) for piece in pieces]
    if deep and len([word for word in words if word == "[^/]+"]) > 1:
        words[-2] = ".+"
    return re.compile("".join(words))


def _vagueness(operation: Operation) -> tuple[int, int]:
    return -len(operation.constants), operation.name.count("{")


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _names(one)
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        if isinstance(xml := node.get("xml"), dict):
            yield xml.get("name", "")
        for one in node.values():
            yield from _names(one)
