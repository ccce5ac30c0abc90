from datetime import date

import pytest
from hypothesis import given, settings

from klarsyn.publication.flowgraph import countries, destination, graph
from klarsyn.publication.holdings import holdings
from tests.publication.sites import DAY, example
from tests.register.builders import HOST, VENDOR, add, line, register, unknown
from tests.strategies import declared_registers

NO_STORAGE = line(VENDOR, "storage: {value: [", "storage: {not_yet_known_until: 2027-06-30}")
NO_ACCESS = line(VENDOR, "access: {value: [", "access: {not_yet_known_until: 2027-06-30}")
IN_US = line(VENDOR, "storage: {value: [", "storage: {value: [US], source: own}")
IN_GB = line(VENDOR, "storage: {value: [", "storage: {value: [GB], source: own}")
DPF = "{to: US, mechanism: dpf, source: own, entity: Postdesk Inc., checked: 2026-10-01}"
OVER = "{to: US, mechanism: bcr, source: own, until: 2020-01-01}"
HEARSAY = line(VENDOR, "sources: ", "sources: {own: {what: told, as_of: 2026, basis: memory}}")
ENDED = [
    line(VENDOR, "status: ", "status: {value: ended, source: own}"),
    add(VENDOR, "end: {value: 2026-01-31, source: own}\n"),
]
INTO_THE_POST = line(
    VENDOR, "- {element: person.name", "- {element: person.name, direction: entered-by-staff}"
)


def reach(*edits):
    """Return how far the data of the small register's vendor go."""
    found = destination(register(*edits), "postdesk", DAY)
    return found.reach, found.mechanisms, found.verified


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ((), ("eea", (), True)),
        ((NO_STORAGE,), ("eea-as-known", (), True)),
        ((NO_STORAGE, NO_ACCESS, unknown(VENDOR, "country")), ("unknown", (), True)),
        ((IN_US,), ("ungrounded", (), True)),
        ((IN_GB,), ("third", ("adequacy",), True)),
        ((IN_US, add(VENDOR, f"transfers: [{DPF}]\n")), ("third", ("dpf",), True)),
        (
            (IN_US, add(VENDOR, "transfers: [{to: US, mechanism: scc, source: own}]\n")),
            ("third", ("scc",), False),
        ),
        (
            (
                IN_US,
                add(
                    VENDOR,
                    f"transfers: [{OVER}]\n",
                ),
            ),
            ("ungrounded", (), True),
        ),
    ],
)
def test_destination_follows_from_countries_and_grounds(edits, expected):
    """
    R82: in the EEA, so far as known, outside it on a ground that is proved, claimed or missing.
    """
    assert expected == reach(*edits)


def test_groups_stand_nearest_first():
    """
    KlarPris: the EEA, then proved and claimed grounds, then none, each group once.
    """
    whole = example("klarpris")
    found = graph(whole, holdings(whole), DAY)
    reaches = [place.reach for place, _ in found.groups]

    assert reaches == sorted(reaches, key=["eea-as-known", "third", "ungrounded"].index)
    assert len(found.groups) == len({place for place, _ in found.groups})


@settings(max_examples=25)
@given(declared_registers())
def test_every_vendor_is_drawn_or_said_to_be_still(whole):
    """
    Each vendor stands in one group, or among those to which nothing flows.
    """
    found = graph(whole, holdings(whole), DAY)
    drawn = [one for _, vendors in found.groups for one in vendors]

    assert sorted(whole.vendors) == sorted([*drawn, *found.still])
    assert set(drawn) == set(found.flows)


def test_vendor_no_longer_used_has_no_flows():
    """
    What has ended flows no more, from the day after.
    """
    whole = register(*ENDED)
    has = holdings(whole)

    assert "postdesk" in graph(whole, has, date(2026, 1, 31)).flows
    assert ["postdesk"] == graph(whole, has, date(2026, 2, 1)).still


def test_ways_are_apart():
    """
    What is sent and what staff write in are two flows to one vendor.
    """
    whole = register(INTO_THE_POST)
    flows = graph(whole, holdings(whole), DAY).flows["postdesk"]

    assert [("delivered", ("person.email",)), ("entered-by-staff", ("person.name",))] == [
        (one.way, one.elements) for one in flows
    ]


def test_master_copy_is_named():
    """
    D13: the vendor that holds the source.
    """
    whole = register()

    assert ["vault"] == graph(whole, holdings(whole), DAY).sources


def test_countries_are_as_certain_as_the_least_certain():
    """
    R12: one country from memory makes the line one that is not verified.
    """
    assert (["DE", "DK"], True) == countries(register(), "postdesk", DAY)
    assert (["DE", "DK"], False) == countries(register(HEARSAY), "postdesk", DAY)


def test_passing_on_needs_both_ends():
    """
    A conduit that is drawn nowhere passes nothing on in the picture.
    """
    conduit = line(HOST, "is_source: true", "conduit_for: {value: [postdesk], source: own}")
    whole = register(conduit, *ENDED)

    assert {"vault"} == set(graph(whole, holdings(whole), DAY).flows)
