import pytest

from klarsyn.register import RULES, count, lookup
from klarsyn.register.findings import SEVERITIES
from tests.register import (
    test_duties,
    test_lineage,
    test_papers,
    test_scoring,
    test_security,
    test_sense,
    test_systems,
    test_terms,
    test_wording,
)
from tests.register.builders import (
    ACCEPTED,
    COMPANY,
    DAY,
    HOST,
    VENDOR,
    Edit,
    add,
    examined,
    line,
    register,
    unknown,
)

MODULES = (
    test_duties,
    test_lineage,
    test_papers,
    test_scoring,
    test_security,
    test_sense,
    test_systems,
    test_terms,
    test_wording,
)
OF_ACCEPTANCES = {"acceptance-stale"}  # below
DEFECTS = {f"D{number:02}" for number in range(1, 27)}
NO_RISK = unknown(VENDOR, "risk")


def accepting(
    place: str = "vendors/postdesk/risk", until: str = "2027-01-31", rule: str = "risk-missing"
) -> Edit:
    """Accept a finding in writing."""
    words = f"{{finding: {rule}, place: {place}, reason: known, by: A. Jensen, until: {until}}}"
    return add(ACCEPTED, f"format: 1\naccepted:\n  - {words}\n")


def open_rules(*edits: Edit) -> list[str]:
    """Return the ids of the open findings."""
    return [one.rule.id for one in examined(*edits).open]


def test_small_register_is_complete():
    """
    The register that every table spoils has no finding of its own.
    """
    assert ((), ()) == (examined().open, examined().accepted)


def test_no_rule_is_forgotten():
    """
    Every rule has a row in a table: what makes it fire once, and what answers it.
    """
    covered = [case.id for module in MODULES for case in module.CASES]

    assert set(RULES) == {*covered, *OF_ACCEPTANCES}
    assert len(covered) == len(set(covered))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_explains_itself(rule):
    """
    A rule has a requirement, a severity, a sentence with a source, and a remedy.
    """
    assert rule.requirement
    assert all(1 <= int(one.removeprefix("R")) <= 98 for one in rule.requirement.split())
    assert rule.severity in SEVERITIES
    assert set(rule.seen_as.split()) <= DEFECTS
    assert all((rule.title, rule.what, rule.why, rule.remedy))


def test_rules_are_found_by_id_requirement_and_defect():
    """
    `klarsyn explain` takes any of the three names.
    """
    assert [RULES["role-missing"]] == lookup("role-missing")
    assert RULES["transfer-ground-missing"] in lookup("R82")
    assert RULES["country-missing"] in lookup("r82")
    assert {"transfer-ground-missing", "transfer-unsaid", "country-missing"} == {
        one.id for one in lookup("D24")
    }
    assert [] == lookup("no-such-rule")


def test_findings_are_in_the_order_of_file_and_line():
    """
    First the company's files, then vendor by vendor, from top to bottom.
    """
    outcome = examined(
        NO_RISK, unknown(VENDOR, "start"), unknown(HOST, "start"), unknown(COMPANY, "contact")
    )

    assert [
        "company/contact",
        "vendors/postdesk/start",
        "vendors/postdesk/risk",
        "vendors/vault/start",
    ] == [str(one.place) for one in outcome.open]


def test_counts_begin_with_the_gravest():
    """
    By severity, then by number.
    """
    found = examined(
        NO_RISK, unknown(HOST, "risk"), unknown(HOST, "start"), unknown(VENDOR, "role")
    ).open

    assert [("role-missing", 1), ("risk-missing", 2), ("start-missing", 1)] == [
        (rule.id, number) for rule, number in count(found).items()
    ]


# Acceptance in writing (R12).


def test_acceptance_hides_the_finding_until_its_day():
    """
    R12: an accepted finding is not open, and not gone.
    """
    outcome = examined(NO_RISK, accepting(until=DAY.isoformat()))

    assert () == outcome.open
    assert ["risk-missing"] == [one.rule.id for one in outcome.accepted]


def test_lapsed_acceptance_hides_nothing_and_is_told():
    """
    R12: the day after, the finding is open again, and the acceptance is one itself.
    """
    edits = (NO_RISK, accepting(until="2026-11-21"))
    stale = examined(*edits).open[-1]

    assert ["risk-missing", "acceptance-stale"] == open_rules(*edits)
    assert 3 == register(*edits).line(stale.place)
    assert "2026-11-21" in str(stale.what)


@pytest.mark.parametrize(
    "acceptance",
    [
        accepting(place="vendors/vault/risk"),
        accepting(place="vendors/postdesk"),
        accepting(place="vendors/postdesk/risk/value"),
        accepting(rule="role-missing"),
        accepting(rule="no-such-rule"),
    ],
)
def test_acceptance_hides_exactly_one_finding(acceptance):
    """
    R12: another place or another rule is another finding; what fits nothing is told.
    """
    assert ["risk-missing", "acceptance-stale"] == open_rules(NO_RISK, acceptance)


def test_acceptance_of_what_was_answered_is_told():
    """
    R12: when the fact is there the acceptance should go.
    """
    assert ["acceptance-stale"] == open_rules(accepting())


def test_acceptance_of_one_transfer_hides_no_other():
    """
    R12, R82: who accepts a transfer to India has not accepted the one to the United States.
    """
    both = line(VENDOR, "country:", "country: {value: [IN, US], source: own}")
    only_india = line(VENDOR, "country:", "country: {value: [IN], source: own}")
    (finding,) = examined(only_india).open
    acceptance = accepting(str(finding.place), rule="transfer-ground-missing")

    assert [] == open_rules(only_india, acceptance)
    assert ["transfer-ground-missing"] == open_rules(both, acceptance)


def test_every_sentence_can_be_said_in_english():
    """
    No rule's sentence asks for a fact that its finding does not give.
    """
    for module in MODULES:
        for case in module.CASES:
            for finding in examined(*case.broken).open:
                assert "{" not in str(finding.what)
                assert "{" not in str(finding.remedy)
