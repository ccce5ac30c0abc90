"""
The referee is refereed with contracts of our own making, so it needs no vendor's.
"""

import json
import os
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from klarsyn.testing import Exchange, Reply, Request, Trouble
from tests.testing import referee as module
from tests.testing.contracts import FILES
from tests.testing.known_faults import KnownFault
from tests.testing.referee import Referee, misses, refereed

ANN = {"id": "1", "name": "Åse", "born": None, "labels": {"x": {"tone": "red"}}, "tags": [{"t": 1}]}
PERSON = {
    "allOf": [
        {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
        {
            "properties": {
                "name": {"type": "string"},
                "born": {"type": "string", "format": "date", "nullable": True},
                "labels": {"additionalProperties": {"properties": {"tone": {}}}},
                "tags": {"items": {"properties": {"t": {"type": "integer"}}}, "type": "array"},
                "free": {"type": "object"},
            }
        },
    ]
}
OPENAPI = {
    "openapi": "3.0.0",
    "info": {"title": "people", "version": "1"},
    "components": {"schemas": {"Person": PERSON, "Odd/One": {"properties": {"odd": {}}}}},
    "paths": {
        "/people": {
            "get": {
                "security": [{"none": []}],
                "parameters": [
                    {"name": "page", "in": "query", "schema": {"type": "object"}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                    {"name": "X-Site", "in": "header", "required": True, "schema": {}},
                ],
                "responses": {
                    "200": {
                        "description": "all",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/Person"},
                                }
                            }
                        },
                    },
                    "4XX": {
                        "description": "refused",
                        "content": {
                            "application/problem+json": {
                                "schema": {"$ref": "#/components/schemas/Odd~1One"}
                            }
                        },
                    },
                },
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Person"}}
                    },
                },
                "responses": {"201": {"description": "made"}, "default": {"description": "not"}},
            },
        },
        "/people/{id}": {"delete": {"responses": {"204": {"description": "gone"}}}},
        "/people/me": {"delete": {"responses": {"204": {"description": "not allowed"}}}},
    },
}
TEXT = {"type": "string"}
SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "chat", "version": "1"},
    "parameters": {"Since": {"name": "since", "in": "query", **TEXT}},
    "definitions": {
        "Said": {
            "type": "object",
            "properties": {"ok": {"type": "boolean"}, "at": {"items": [TEXT, {"type": "null"}]}},
        },
        "Refused": {"type": "object", "properties": {"ok": {}, "error": TEXT}},
    },
    "paths": {
        "/say": {
            "parameters": [{"$ref": "#/parameters/Since"}],
            "post": {
                "consumes": ["application/x-www-form-urlencoded"],
                "parameters": [{"name": "text", "in": "formData", "required": True, **TEXT}],
                "responses": {
                    "200": {"description": "", "schema": {"$ref": "#/definitions/Said"}},
                    "default": {"description": "", "schema": {"$ref": "#/definitions/Refused"}},
                },
            },
            "put": {
                "parameters": [
                    {"name": "it", "in": "body", "schema": {"$ref": "#/definitions/Said"}}
                ],
                "responses": {"200": {"description": ""}},
            },
        }
    },
}
BLOBS = {
    "swagger": "2.0",
    "paths": {},
    "definitions": {"Blob": {"properties": {"Name": TEXT, "T": {"xml": {"name": "Tag"}}}}},
    "x-ms-paths": {
        "/{box}?comp=list&flat": {
            "get": {"responses": {"200": {"description": ""}}},
            "parameters": [
                {"name": "comp", "in": "query", "required": True, "enum": ["list"], **TEXT}
            ],
        },
        "/{box}/{blob}": {"get": {"responses": {"200": {"description": ""}}}},
    },
}


@pytest.fixture
def contracts(tmp_path, monkeypatch):
    """A folder with invented contracts under the vendors' names."""
    for vendor, document in (("recurly", OPENAPI), ("slack", SWAGGER), ("microsoft", BLOBS)):
        ((name, _),) = FILES[vendor]
        (tmp_path / vendor).mkdir()
        encode = json.dumps if name.endswith("json") else msgspec.yaml.encode
        text = encode(document)
        path = tmp_path / vendor / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.setenv("KLARSYN_CONTRACTS", str(tmp_path))


@pytest.fixture
def people(contracts):
    """A referee of an OpenAPI 3 contract, whose judgements count for nobody."""
    known = [KnownFault("* reply error: unknown", "an outer key")]
    return Referee("recurly", known=known, counts=Counter())


@pytest.fixture
def chat(contracts):
    """A referee of a Swagger 2 contract."""
    return Referee("slack", known=(), counts=Counter())


def asked(method, path, body=None, query=None, **headers):
    """Return a request; a dictionary goes as JSON."""
    content = json.dumps(body).encode() if isinstance(body, dict) else body or b""
    return Request(method, path, query or {}, {"x-site": "1"} | headers, content)


def listed(reply, **details):
    """Return an exchange whose reply is a list of people."""
    return Exchange(asked("GET", "/people", **details), Reply(200, reply))


def test_good_exchange_has_no_complaint(people):
    """
    What the contract knows passes: nested objects, maps, nulls where allowed, free objects.
    """
    good = listed([ANN | {"free": {"any": {"thing": 1}}}], query={"page[size]": ["2"]})

    assert [] == people.judge(good)
    assert [] == people.judge(Exchange(asked("HEAD", "/people"), Reply(200)))
    assert 2 == people.refereed


@pytest.mark.parametrize(
    ("spoilt", "complaint"),
    [
        ({"nonsense": 1}, "nonsense: unknown"),
        ({"labels": {"x": {"tint": "red"}}}, "labels.x.tint: unknown"),
        ({"tags": [{"t": "one"}]}, "tags.t: not of type integer"),
        ({"name": None}, "name: null"),
        ({"name": 1}, "name: not of type string"),
        ({"born": "Åse"}, "born: not of format date"),
    ],
)
def test_reply_is_told_by_names_without_values(people, spoilt, complaint):
    """
    Unknown names and wrong types are told, and never what stood there.
    """
    assert [f"GET /people reply {complaint}"] == people.judge(listed([ANN | spoilt]))


def test_missing_names(people, contracts):
    """
    What the contract or the caller calls for may not be absent.
    """
    strict = Referee("recurly", always={"GET /people": ["name"]}, known=(), counts=Counter())

    assert ["GET /people reply id: missing"] == people.judge(listed([{}]))
    assert ["GET /people reply name: missing"] == strict.judge(listed([ANN, {"id": "2"}]))
    assert [] == strict.judge(listed([ANN]))


def test_request_is_judged(people):
    """
    Parameters and bodies are held to the contract, query and headers by name.
    """
    query = {"limit": ["many"], "sort": ["x"]}
    bare = Exchange(Request("GET", "/people", query, {}, b"{}"), Reply(404, {"odd": 1}))
    made = Reply(201)

    assert [
        "GET /people header X-Site: missing",
        "GET /people query sort: unknown",
        "GET /people body: unknown",
        "GET /people query limit: CastError",
    ] == people.judge(bare)
    assert ["POST /people body: missing"] == people.judge(Exchange(asked("POST", "/people"), made))
    wrong = {"id": "1", "nick": "å"}
    assert ["POST /people body nick: unknown"] == people.judge(
        Exchange(asked("POST", "/people", wrong), made)
    )
    assert ["POST /people body id: missing"] == people.judge(
        Exchange(asked("POST", "/people", {"name": "å"}), made)
    )


def test_refusal_of_form_is_not_judged_twice(people):
    """
    A request that the vendor refused for its form is no complaint; an unknown path always is.
    """
    refused = Exchange(asked("POST", "/people", {"nick": 1}), Reply(422))
    lost = Exchange(asked("GET", "/people/anna@example.com/x"), Reply(404))

    assert [] == people.judge(refused)
    assert ["GET /people/{}/{}: no such operation"] == people.judge(lost)


def test_reply_that_met_a_fault_is_not_judged(people):
    """
    A spoilt reply was spoilt on purpose.
    """
    spoilt = Exchange(asked("GET", "/people"), Reply(200, {}), Trouble.RENAMED_FIELD)

    assert [] == people.judge(spoilt)
    assert ["GET /people reply : not of type array"] == [
        one.replace("reply:", "reply :") for one in people.judge(listed({}))
    ]


def test_status_and_body_that_no_contract_describes(people):
    """
    A success must be described; a refusal need not be.
    """
    deleted = asked("DELETE", "/people/me")
    made = Exchange(asked("POST", "/people", {"id": "1"}), Reply(201, {"id": "1"}))

    assert ["DELETE /people/me reply status 200: unknown"] == people.judge(
        Exchange(deleted, Reply(200))
    )
    assert [] == people.judge(Exchange(deleted, Reply(500, "<html>")))
    assert ["POST /people reply: unknown"] == people.judge(made)


def test_known_faults_are_counted(people):
    """
    A fault of the contract is no complaint, and how often it was met is known.
    """
    refused = Exchange(asked("GET", "/people"), Reply(403, {"error": {}}))

    assert [] == people.judge(refused)
    assert {"* reply error: unknown": 1} == people.met


def test_known_fault_may_be_of_some_names_only(contracts):
    """
    A fault that many names have is known for those of another schema, and for no other.
    """
    odd = KnownFault("GET /people reply *: unknown", "people are odd", among=("Odd~1One",))
    referee = Referee("recurly", known=[odd], counts=Counter())

    assert ["GET /people reply even: unknown"] == referee.judge(
        listed([{"id": "1", "odd": 1, "even": 2}])
    )


def test_swagger_2_is_judged_alike(chat):
    """
    Forms, alternatives and errors that come with a success are understood.
    """
    form = {"content-type": "application/x-www-form-urlencoded"}
    said = asked("POST", "/api/say", b"text=hi", **form)
    loud = asked("POST", "/api/say", b"text=hi&loud=1", {"since": ["1"]}, **form)

    assert [] == chat.judge(Exchange(said, Reply(200, {"ok": True, "at": None})))
    assert [] == chat.judge(Exchange(said, Reply(200, {"ok": False, "error": "x"})))
    assert ["POST /say body loud: unknown", "POST /say reply error: unknown"] == chat.judge(
        Exchange(loud, Reply(200, {"ok": True, "error": "x"}))
    )
    put = Exchange(asked("PUT", "/api/say", {"at": 1}), Reply(200))
    assert ["PUT /say body at: not of anyOf"] == chat.judge(put)


def test_paths_told_apart_by_query(contracts):
    """
    Microsoft's paths hold query values, its blobs' names hold slashes, its bodies are XML.
    """
    blobs = Referee("microsoft", known=(), counts=Counter())
    listing = asked("GET", "/box", query={"comp": ["list"]})
    reply = Reply(200, '<Blob Name="x"><Tag/><Odd/></Blob>', content_type="application/xml")

    assert [] == blobs.judge(Exchange(asked("GET", "/box/a/b.txt"), Reply(200, b"text")))
    assert ["GET /{box}?comp=list&flat reply Odd: unknown"] == blobs.judge(Exchange(listing, reply))


def test_exchanges_are_judged_at_the_end(contracts):
    """
    A stand-in's tests hand over what they exchanged; complaints come together, each once.
    """
    twice = [listed([ANN | {"nonsense": 1}])] * 2
    words = "2 x GET /people reply nonsense: unknown"
    with pytest.raises(AssertionError, match=words), refereed("recurly") as exchanges:
        exchanges.extend(twice)
    module.REFEREED["recurly"] -= 2


def test_nothing_is_judged_without_contracts(monkeypatch):
    """
    Whoever has no contracts can still run the tests.
    """
    monkeypatch.delenv("KLARSYN_CONTRACTS", raising=False)
    with refereed("recurly") as exchanges:
        exchanges.append(listed([{"nonsense": 1}]))

    assert not Referee.available("recurly")


def test_too_few_are_told():
    """
    The closing line says how many were refereed, of how many.
    """
    assert ["zendesk: 0 of 5 exchanges refereed"] == misses(
        {"recurly": 7}, {"recurly": 7, "zendesk": 5}
    )


@pytest.mark.parametrize("vendor", sorted(module.minimum()))
def test_vendors_contract_loads(vendor):
    """
    Every contract with a committed figure is one that the referee can read.
    """
    if not Referee.available(vendor):
        pytest.skip("KLARSYN_CONTRACTS names no folder with this vendor's contract")

    referee = Referee(vendor, counts=Counter())
    assert all(one.operations for one in referee.contracts)
    assert Path(os.environ["KLARSYN_CONTRACTS"]).is_dir()
