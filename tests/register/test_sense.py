import pytest

from tests.register.builders import (
    ELEMENTS,
    GAP,
    HOST,
    PURPOSES,
    VENDOR,
    Case,
    Edit,
    after,
    findings,
    line,
    said,
    swap,
)

PROBE = "    evidence: [{kind: probe, what: {en: Looked.}, on: 2026-01-01, until: 2026-12-31}]\n"
RULE = "    rule: {value: {en: No names.}, source: own}\n"
ENDLESS = line(VENDOR, "retention:", "retention: {}")
NO_BASIS = line(PURPOSES, "legal_basis: {value: 6-1-b", f"legal_basis: {GAP}")
NOTES = after(ELEMENTS, "origin: inferred", "    free_text: true\n")
SECRET = after(ELEMENTS, "origin: inferred", "    sensitivity: secret\n")
NUMBER = after(ELEMENTS, "origin: inferred", "    sensitivity: national-id-if-sole-trader\n")
GENERATED = line(
    VENDOR, "- {element: person.email", "- {element: person.email, direction: generated-at-vendor}"
)
BASIS_AND_END = ("legal-basis-missing", "retention-missing")


def claims_none(*more: Edit) -> tuple[Edit, ...]:
    """Let the vendor's row say that it has no personal data."""
    return (
        line(VENDOR, "declaration:", "declaration: none"),
        line(VENDOR, "elements:"),
        line(VENDOR, "- {element: person.name"),
        line(VENDOR, "- {element: person.email"),
        *more,
    )


def listing(name: str) -> Edit:
    """Add a vendor that lists personal data for the purpose of customer support."""

    def edit(files):
        text = files[HOST].replace("Vault", name).replace("purpose: hosting", "purpose: support")
        return {
            **files,
            f"vendors/{name.casefold()}.yaml": text.replace("    is_source: true\n", ""),
        }

    return edit


ACCOUNTING = line(VENDOR, "kind:", "kind: accounting")
PROVED = after(VENDOR, "declaration:", PROBE)

CASES = [
    Case("R12 none-unproved", f"{VENDOR}: declaration:", claims_none(), claims_none(PROVED)),
    Case(
        "R12 none-contradicted-by-siblings",
        f"{VENDOR}: declaration:",
        claims_none(listing("Alfa"), listing("Beta")),
        claims_none(listing("Alfa"), listing("Beta"), PROVED),
        beside=("none-unproved",),
    ),
    Case(
        "R3 R12 none-contradicted-by-kind",
        f"{VENDOR}: declaration:",
        claims_none(ACCOUNTING),
        claims_none(ACCOUNTING, PROVED),
        beside=("none-unproved", "statute-missing"),
    ),
    Case(
        "R6 access-unsaid",
        f"{VENDOR}: declaration:",
        claims_none(line(VENDOR, "access: {value: true", f"access: {GAP}")),
        claims_none(),
        beside=("none-unproved",),
    ),
    Case(
        "R29 incidental-unbounded",
        f"{VENDOR}: declaration:",
        (line(VENDOR, "declaration:", "declaration: incidental"),),
        (
            line(VENDOR, "declaration:", "declaration: incidental"),
            after(VENDOR, "declaration:", RULE),
        ),
    ),
    Case(
        "R30 free-text-unbounded",
        f"{HOST}: - {{element: order.score",
        (NOTES,),
        (NOTES, after(HOST, "declaration:", RULE)),
    ),
    Case(
        "R41 generated-unexplained",
        f"{VENDOR}: - {{element: person.email",
        (GENERATED, ENDLESS),
        (GENERATED,),
        beside=BASIS_AND_END,
    ),
    Case(
        "R11 secret-listed",
        f"{HOST}: - {{element: order.score",
        (SECRET,),
        (
            SECRET,
            line(
                HOST,
                "- {element: order.score",
                "- {element: order.score, direction: held-by-us-at-the-host, "
                "form: {value: {en: A salted hash.}, source: own}}",
            ),
        ),
    ),
    Case(
        "R90 national-id-possible",
        f"{HOST}: - {{element: order.score",
        (NUMBER,),
        (
            NUMBER,
            after(ELEMENTS, "origin: inferred", "    sole_traders: {value: masked, source: own}\n"),
        ),
    ),
    Case(
        "R3 unclear-whose",
        f"{HOST}: - {{element: order.score",
        (after(ELEMENTS, "origin: inferred", '    question: {en: "Whose is it?"}\n'),),
    ),
    Case(
        "R18 R26 source-unsaid",
        f"{ELEMENTS}: order.score:",
        (line(ELEMENTS, "origin: inferred", "origin: collected"),),
        (
            line(
                ELEMENTS,
                "origin: inferred",
                "origin: collected\n    from_others: {value: {en: A partner.}, source: own}",
            ),
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    """
    Each rule fires once, at its line, and is silent once the fact is there.
    """
    assert case.expected() == case.found()
    assert [] == case.left_when_answered()


@pytest.mark.parametrize("until", ["2026-11-21", "2026-01-01"])
def test_evidence_of_none_ages(until):
    """
    R12: a probe proves nothing after its last day.
    """
    lapsed = after(VENDOR, "declaration:", PROBE.replace("2026-12-31", until))

    assert 1 == len(findings("none-unproved", *claims_none(lapsed)))


def test_one_sibling_is_no_contradiction():
    """
    R12: where only one other vendor of the purpose lists data, the claim may well be true.
    """
    edits = claims_none(listing("Alfa"))

    assert [] == findings("none-contradicted-by-siblings", *edits)


def test_siblings_are_named():
    """
    R12, D08: the finding names the vendors that list data, not the one that claims none.
    """
    (told,) = said("none-contradicted-by-siblings", *claims_none(listing("Alfa"), listing("Beta")))

    assert "Alfa, Beta" in told
    assert 1 == told.count("Postdesk")


def test_incidental_data_have_an_end_too():
    """
    R29, D11: a rule without a period leaves the notes lying for ever.
    """
    edits = (
        line(VENDOR, "declaration:", "declaration: incidental"),
        after(VENDOR, "declaration:", RULE),
        ENDLESS,
    )

    assert 1 == len(findings("incidental-unbounded", *edits))


def test_generated_data_need_a_basis_too():
    """
    R41: that the period is known does not answer on which basis they arise.
    """
    assert 1 == len(findings("generated-unexplained", GENERATED, NO_BASIS))


def test_two_names_in_one_row_look_alike():
    """
    R3, D05: a name beside a contact person asks whose each is, whatever the labels say.
    """
    alike = swap(ELEMENTS, '["pd:EmailAddress"]', '["pd:Name"]')
    found = findings("unclear-whose", alike)

    assert ["vault", "postdesk"] == sorted((one.subject for one in found), reverse=True)
    assert all("Name, E-mail address" in str(one.what) for one in found)


def test_free_text_is_asked_about_at_every_vendor():
    """
    R30, D18: each vendor that holds notes has its own rule.
    """
    row = after(
        VENDOR, "- {element: person.email", "      - {element: order.score, direction: delivered}\n"
    )

    assert 2 == len(findings("free-text-unbounded", NOTES, row))


@pytest.mark.parametrize("known", ["left-out", "masked", "allowed"])
def test_any_decision_on_sole_traders_is_an_answer(known):
    """
    R90: what is done with a sole trader's number is for the company to decide, and to say.
    """
    answer = f"    sole_traders: {{value: {known}, source: own}}\n"

    assert [] == findings(
        "national-id-possible", NUMBER, after(ELEMENTS, "origin: inferred", answer)
    )


def test_undecided_access_is_no_answer_where_data_are_listed():
    """
    R6: access is asked for only where a row claims to have none of the data.
    """
    undecided = line(VENDOR, "access: {value: true", f"access: {GAP}")

    assert [] == findings("access-unsaid", undecided)
