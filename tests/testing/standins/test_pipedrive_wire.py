"""
Prices, and requests that are refused for their form.
"""

import re

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.pipedrive import PipedriveStandIn
from klarsyn.testing.standins.pipedrive_filling import CUSTOMER_TYPE, INTERESTS
from klarsyn.testing.standins.pipedrive_wire import price
from tests.testing.referee import Referee, refereed
from tests.testing.standins.pipedrive_asking import ALWAYS, V2, ask

pytestmark = pytest.mark.network
NAME = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("pipedrive", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A company of twelve customers, whose clock stands still and which does not throttle."""
    with PipedriveStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def test_every_route_costs_what_the_contract_says():
    """
    The price of each route is the token cost in the vendor's own contract.
    """
    if not Referee.available("pipedrive"):
        pytest.skip("KLARSYN_CONTRACTS has no contract of Pipedrive")
    costs = {
        f"{method.upper()} {where.base}{path}": item[method]["x-token-cost"]
        for where in Referee("pipedrive").contracts
        for path, item in where.document["paths"].items()
        for method in item
        if "x-token-cost" in item[method]
    }
    costs = {NAME.sub("{}", name): cost for name, cost in costs.items()}
    routes = {
        route
        for name in dir(PipedriveStandIn)
        for route in getattr(getattr(PipedriveStandIn, name), "routes", ())
    }

    assert 50 < len(routes)
    for method, path in routes:
        number = "00000000-0000-0000-0000-000000000001" if "/leads/" in path else "1"
        expected = costs[f"{method} {NAME.sub('{}', path)}"]
        assert (path, expected) == (path, price(method, NAME.sub(number, path)))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/persons", {}),
        ("POST", "/persons", "{"),
        ("POST", "/persons", "[]"),
        ("POST", "/deals", {"value": 1}),
        ("PATCH", "/persons/1", {"name": ""}),
        ("PATCH", "/persons/1", {"org_id": "1"}),
        ("PATCH", "/persons/1", {"org_id": 99}),
        ("PATCH", "/persons/1", {"emails": ["a@example.com"]}),
        ("PATCH", "/persons/1", {"emails": [{"value": "a", "primary": 1}]}),
        ("PATCH", "/persons/1", {"custom_fields": {"0" * 40: "x"}}),
        ("PATCH", "/persons/1", {"custom_fields": {INTERESTS: []}}),
        ("PATCH", "/persons/1", {"custom_fields": {CUSTOMER_TYPE: 9}}),
        ("PATCH", "/deals/1", {"is_archived": 1}),
        ("GET", "/persons?limit=501", None),
        ("GET", "/persons?limit=0", None),
        ("GET", "/persons?limit=many", None),
        ("GET", "/persons?cursor=next", None),
        ("GET", "/persons?sort_by=name", None),
        ("GET", "/persons?updated_since=2026-01-01", None),
        ("GET", "/persons?updated_since=lately", None),
        ("GET", "/persons?include_fields=secrets", None),
        ("GET", "/persons?ids=" + ",".join("1" * 101), None),
        ("GET", "/activities?done=1", None),
        ("GET", "/persons/search?term=a", None),
        ("GET", "/persons/search?term=ab&fields=title", None),
        ("GET", "/itemSearch?term=ab&limit=101", None),
    ],
)
def test_wrong_requests_are_refused(standin, method, path, body):
    """
    Missing names, numbers as texts, 1 for true, unknown keys and pages out of bounds are 400.
    """
    status, headers, reply = ask(standin, method, f"{V2}{path}", body)

    assert (400, False, None) == (status, reply["success"], reply["data"])
    assert {"error", "error_info", "additional_data"} <= set(reply)
    assert "x-correlation-id" in headers
