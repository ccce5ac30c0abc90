import pytest

from klarsyn.register.lineage import held_ids
from tests.register.builders import (
    HOST,
    VENDOR,
    Case,
    after,
    examined,
    findings,
    line,
    register,
    said,
)

SHORT_SOURCE = line(HOST, "- {element: person.email")
CONDUIT = after(HOST, "declaration:", "    conduit_for: {value: [postdesk], source: own}\n")

CASES = [
    Case(
        "R7 lineage-gap",
        f"{HOST}: elements:",
        (SHORT_SOURCE,),
    ),
    Case(
        "R7 conduit-gap",
        f"{HOST}: conduit_for:",
        (CONDUIT, line(HOST, "is_source:"), SHORT_SOURCE),
        (CONDUIT,),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    """
    Each rule fires once, at its line, and is silent once the fact is there.
    """
    assert case.expected() == case.found()
    assert [] == case.left_when_answered()


def test_gap_names_element_receivers_and_source():
    """
    D13: the finding says what is missing, who receives it, and where it should come from.
    """
    (told,) = said("lineage-gap", SHORT_SOURCE)

    assert "E-mail address" in told
    assert "Postdesk" in told
    assert "Vault" in told


@pytest.mark.parametrize("direction", ["generated-at-vendor", "entered-by-staff"])
def test_only_what_is_delivered_comes_from_the_source(direction):
    """
    R7: what arises at the vendor, or is typed in there, was never at the source.
    """
    typed = line(
        VENDOR, "- {element: person.email", f"- {{element: person.email, direction: {direction}}}"
    )

    assert () == examined(SHORT_SOURCE, typed).open


def test_register_without_a_source_asks_for_none():
    """
    R7: where no vendor is called the source, there is nothing to compare with.
    """
    assert () == examined(SHORT_SOURCE, line(HOST, "is_source:")).open


def test_included_element_counts_as_held():
    """
    R7: an element written inside another one is there.
    """
    included = line(
        HOST,
        "- {element: person.name",
        "- {element: person.name, direction: held-by-us-at-the-host, includes: [person.email]}",
    )
    read = register(SHORT_SOURCE, included)

    assert {"order.score", "person.email", "person.name"} == held_ids(read, "vault")
    assert [] == findings("lineage-gap", SHORT_SOURCE, included)


def test_conduit_with_an_unknown_route_carries_nothing():
    """
    R7: a conduit that is not yet known is a gap of knowledge, not of lineage.
    """
    unknown = after(HOST, "declaration:", "    conduit_for: {not_yet_known_until: 2027-06-30}\n")

    assert [] == findings("conduit-gap", unknown, SHORT_SOURCE)
