import pytest

from klarsyn.register.scoring import CARD_FIELDS, not_per_person
from tests.register.builders import (
    ELEMENTS,
    GAP,
    HOST,
    SCORE,
    VENDOR,
    Case,
    add,
    after,
    findings,
    line,
    register,
    said,
    unknown,
)

SECOND = f"""\
  statistics:
    text: {{en: What was ordered.}}
    confirmed: {GAP}
"""
TWO_DEFINITIONS = after(SCORE, "confirmed:", SECOND)
DASHBOARD = line(HOST, "kind:", "kind: dashboards")
CHOSEN = line(
    HOST,
    "- {element: order.score",
    "- {element: order.score, direction: held-by-us-at-the-host, definition: statistics}",
)

CASES = [
    Case(
        "R46 score-undefined",
        f"{HOST}: - {{element: order.score",
        (unknown(SCORE, "confirmed"),),
    ),
    Case(
        "R44 R45 R46 score-card-incomplete",
        f"{SCORE}: format:",
        (unknown(SCORE, "human_step"),),
    ),
    Case(
        "R48 score-shown",
        f"{HOST}: - {{element: order.score",
        (DASHBOARD,),
        (DASHBOARD, add(SCORE, "shown_per_person: {value: [vault], source: own}\n")),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    """
    Each rule fires once, at its line, and is silent once the fact is there.
    """
    assert case.expected() == case.found()
    assert [] == case.left_when_answered()


@pytest.mark.parametrize("field", CARD_FIELDS)
def test_each_field_of_the_card_is_asked_for(field):
    """
    R44-R46: inputs, period, method, version, who acts, effect, human step, objection, example.
    """
    (told,) = said("score-card-incomplete", unknown(SCORE, field))

    assert str(CARD_FIELDS[field]) in told


def test_one_confirmed_definition_among_two_settles_it():
    """
    D06: a second wording does no harm once one is confirmed.
    """
    assert [] == findings("score-undefined", TWO_DEFINITIONS)


def test_row_that_means_the_unconfirmed_definition_is_a_finding():
    """
    D06: the row says which of the two wordings it means, and that one is not confirmed.
    """
    (told,) = said("score-undefined", TWO_DEFINITIONS, CHOSEN)

    assert "2 definitions" in told


def test_score_without_any_definition_is_a_finding():
    """
    D06, R46: a score that nobody ever defined has no meaning to tell.
    """
    bare = (
        line(SCORE, "definitions:"),
        line(SCORE, "share:"),
        line(SCORE, "text:"),
        line(SCORE, "confirmed:"),
    )

    assert 1 == len(findings("score-undefined", *bare))


def test_refuted_definition_is_no_definition():
    """
    D06: "confirmed: false" does not confirm.
    """
    refuted = line(SCORE, "confirmed:", "confirmed: {value: false, source: own}")

    assert 1 == len(findings("score-undefined", refuted))


def test_other_vendors_permission_does_not_count():
    """
    R48: a score may be shown at the vendors that the card names, and nowhere else.
    """
    elsewhere = add(SCORE, "shown_per_person: {value: [postdesk], source: own}\n")

    assert 1 == len(findings("score-shown", DASHBOARD, elsewhere))


def test_score_of_a_firm_may_be_shown():
    """
    R48: the rule is about single persons.
    """

    def about_companies(files):
        head, tail = files[ELEMENTS].split("order.score:")
        return {
            **files,
            ELEMENTS: head + "order.score:" + tail.replace("about: person", "about: company"),
        }

    assert [] == findings("score-shown", DASHBOARD, about_companies)


def test_every_row_with_the_score_is_told():
    """
    D06: six cells of the earlier page had a score, and each is a finding.
    """
    row = "      - {element: order.score, direction: delivered}\n"
    edits = (
        line(SCORE, "confirmed:", f"confirmed: {GAP}"),
        after(VENDOR, "- {element: person.email", row),
    )

    assert ["postdesk", "vault"] == [one.subject for one in findings("score-undefined", *edits)]


def test_gate_is_told_why_a_score_stays():
    """
    R48: it is declared, and not delivered, until the card names the vendor.
    """
    named = add(SCORE, "shown_per_person: {value: [vault], source: own}\n")

    assert "declared, not delivered: R48" == str(
        not_per_person(register(DASHBOARD), "vault", "order.score")
    )
    assert not_per_person(register(DASHBOARD, named), "vault", "order.score") is None


def test_gate_is_about_scores_that_are_shown():
    """
    R48: another element, and a vendor that presents nothing, are no matter of this rule.
    """
    assert not_per_person(register(DASHBOARD), "vault", "person.email") is None
    assert not_per_person(register(), "vault", "order.score") is None


@pytest.mark.parametrize(("about", "stays"), [("customer", True), ("company", False)])
def test_customer_may_be_a_person(about, stays):
    """
    R48: the score of a customer stays as a person's does; a company's does not.
    """

    def elsewhere(files):
        head, tail = files[ELEMENTS].split("order.score:")
        tail = tail.replace("about: person", f"about: {about}")
        return {**files, ELEMENTS: f"{head}order.score:{tail}"}

    assert stays == bool(not_per_person(register(DASHBOARD, elsewhere), "vault", "order.score"))
