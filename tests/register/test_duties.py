import pytest

from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    GAP,
    HOST,
    OWN,
    PURPOSES,
    SCORE,
    VENDOR,
    Case,
    after,
    examined,
    findings,
    line,
    register,
    said,
    swap,
    unknown,
)

SUBJECTS = "data_subjects: {value: [customers], source: own}"
PAST = "{not_yet_known_until: 2026-11-21}"
CONSENT = line(
    PURPOSES, "legal_basis: {value: 6-1-b", "legal_basis: {value: 6-1-a-consent, source: own}"
)
WITHDRAWAL = after(
    PURPOSES, "kind: service", "    withdrawal: {value: {en: By one click.}, source: own}\n"
)
MARKETING = line(PURPOSES, "kind: service", "kind: marketing")
ACCOUNTS = line(VENDOR, "kind: ", "kind: payments")
NO_OFFICER_TOLD = line(COMPANY, "no_data_protection_officer")
SUB_PROCESSOR = line(VENDOR, "role: ", "role: {value: sub-processor, source: own}")
WEAK_SOURCE = "sources: {own: {what: our records, as_of: undated, basis: own}, "
WEAK_SOURCE += "weak: {what: somewhere, as_of: 2026, basis: memory}}"
FROM_MEMORY = (
    line(VENDOR, OWN, WEAK_SOURCE),
    line(VENDOR, "risk:", "risk: {value: low, source: weak}"),
)

CASES = [
    Case("R1 role-missing", f"{VENDOR}: role:", (unknown(VENDOR, "role"),)),
    Case(
        "R2 sub-processor-without-controller",
        f"{VENDOR}: role:",
        (SUB_PROCESSOR,),
        (SUB_PROCESSOR, swap(COMPANY, "[controller]", "[controller, processor]")),
    ),
    Case(
        "R2 own-role-missing",
        f"{COMPANY}: acts_as:",
        (unknown(COMPANY, "acts_as"),),
        beside=("own-measures-missing",),
    ),
    Case("R74 contact-missing", f"{COMPANY}: contact:", (unknown(COMPANY, "contact"),)),
    Case(
        "R13 legal-basis-missing",
        f"{PURPOSES}: support:",
        (line(PURPOSES, "legal_basis: {value: 6-1-b", f"legal_basis: {GAP}"),),
    ),
    Case(
        "R13 contract-necessity-doubtful",
        f"{PURPOSES}: support:",
        (MARKETING,),
        (line(PURPOSES, "kind: service", "kind: marketing\n    necessity: It is what is bought."),),
        beside=("opt-out-split",),
    ),
    Case(
        "R57 data-subjects-missing",
        f"{PURPOSES}: hosting:",
        (
            swap(
                PURPOSES,
                f"interests, source: own}}\n    {SUBJECTS}",
                f"interests, source: own}}\n    data_subjects: {GAP}",
            ),
        ),
    ),
    Case(
        "R14 consent-withdrawal-missing", f"{PURPOSES}: support:", (CONSENT,), (CONSENT, WITHDRAWAL)
    ),
    Case(
        "R10 retention-missing",
        f"{VENDOR}: retention:",
        (line(VENDOR, "retention:", f"retention: {{period: {GAP}}}"),),
    ),
    Case(
        "R36 statute-missing",
        f"{VENDOR}: retention:",
        (ACCOUNTS,),
        (
            ACCOUNTS,
            line(
                VENDOR,
                "retention:",
                "retention: {period: {value: P5Y, source: own}, statute: dk-bookkeeping}",
            ),
        ),
        beside=("list-too-short",),
    ),
    Case(
        "R49 review-missing",
        f"{VENDOR}: review:",
        (line(VENDOR, "review:", "review: {last: 2025-05-01, by: A. Jensen, next: 2026-11-21}"),),
    ),
    Case("R65 risk-missing", f"{VENDOR}: risk:", (unknown(VENDOR, "risk"),)),
    Case(
        "R68 supervision-missing",
        f"{VENDOR}: supervision:",
        (line(VENDOR, "supervision:", "supervision: {points: 3, concept: 1, next: 2027-05-01}"),),
    ),
    Case(
        "R12 unknown-expired",
        f"{VENDOR}: status:",
        (line(VENDOR, "status:", f"status: {PAST}"),),
        (unknown(VENDOR, "status"),),
    ),
    Case(
        "R12 not-verified",
        f"{VENDOR}: sources:",
        FROM_MEMORY,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    """
    Each rule fires once, at its line, and is silent once the fact is there.
    """
    assert case.expected() == case.found()
    assert [] == case.left_when_answered()


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("contact", "the contact for data protection"),
        ("objections", "the address for objections"),
        ("notice_period", "the notice period"),
    ],
)
def test_each_contact_of_the_company_is_asked_for(key, what):
    """
    R52, R74: contact, address for objections and notice period are three facts, not one.
    """
    assert [f"{what} of Fjordkraft is not known"] == said("contact-missing", unknown(COMPANY, key))


def test_data_protection_officer_is_named_or_said_to_be_none():
    """
    R74: without an officer's contact, the company says why it has none.
    """
    expected = "the data protection officer of Fjordkraft is not known"

    assert [expected] == said("contact-missing", NO_OFFICER_TOLD)


def test_purpose_that_no_vendor_serves_is_not_asked_about():
    """
    R13: a purpose that is only prepared needs no basis yet.
    """
    prepared = "  plans:\n    label: {en: Plans}\n    kind: sales\n"
    prepared += f"    legal_basis: {GAP}\n    data_subjects: {GAP}\n"

    assert () == examined(after(PURPOSES, "purposes:", prepared)).open


def test_criterion_is_as_good_as_a_period():
    """
    R10: "until the account is closed" is an answer where no period can be named.
    """
    criterion = "retention: {criterion: {value: {en: Until the account is closed.}, source: own}}"

    assert [] == findings("retention-missing", line(VENDOR, "retention:", criterion))


def test_vendor_without_personal_data_needs_no_period():
    """
    R10: what is not stored is not kept.
    """
    edits = (
        line(VENDOR, "declaration:", "declaration: none"),
        line(VENDOR, "storage: {value: true", "storage: {value: false, source: own}"),
        line(VENDOR, "retention:", "retention: {}"),
        line(VENDOR, "elements:"),
        line(VENDOR, "- {element: person.name"),
        line(VENDOR, "- {element: person.email"),
    )

    assert [] == findings("retention-missing", *edits)


@pytest.mark.parametrize(
    ("supervision", "expected"),
    [
        ("", "Postdesk: no supervision is planned"),
        (
            "supervision: {points: 7, concept: 4, next: 2027-05-01}",
            "Postdesk: 7 points ask for concept 5 or more, not 4",
        ),
        (
            "supervision: {points: 2, concept: 1, next: 2026-11-21}",
            "Postdesk: the supervision was due on 2026-11-21",
        ),
    ],
)
def test_supervision_is_planned_deep_enough_and_not_overdue(supervision, expected):
    """
    R68: a Danish company plans supervision, of a concept that the points allow, before its date.
    """
    edit = line(VENDOR, "supervision:", supervision)

    assert [expected] == said("supervision-missing", edit)


def test_only_danish_companies_supervise_by_points():
    """
    R68: the guidance is Denmark's; a Swedish company is not asked for points.
    """
    swedish = line(COMPANY, "country:", "country: {value: SE, source: own}")

    assert [] == findings("supervision-missing", swedish, line(VENDOR, "supervision:"))


def test_supervision_and_review_hold_to_the_end_of_their_day():
    """
    R49, R68: what is due today is not overdue.
    """
    edits = (
        line(VENDOR, "supervision:", "supervision: {points: 2, concept: 1, next: 2026-11-22}"),
        line(VENDOR, "review:", "review: {last: 2025-05-01, by: A. Jensen, next: 2026-11-22}"),
    )

    assert () == examined(*edits).open


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (COMPANY, "acts_as: "),
        (PURPOSES, "legal_basis: {value: 6-1-f"),
        (SCORE, "period: "),
        (HOST, "risk: "),
    ],
)
def test_expired_gap_is_found_at_its_line_in_every_file(file, key):
    """
    R12: a gap that outlived its date is told where it stands.
    """
    edit = line(file, key, f"{key.partition(':')[0]}: {PAST}")
    read = register(edit)
    (finding,) = findings("unknown-expired", edit)

    assert register().line(finding.place) == read.line(finding.place)
    assert file == finding.place.file
    assert finding.place.path in read.lines[file]


def test_expired_gap_of_an_element_is_found_at_its_line():
    """
    R12: the same in elements.yaml.
    """
    gap = after(ELEMENTS, "score: order-score", f"    from_others: {PAST}\n")
    (finding,) = findings("unknown-expired", gap)

    assert "elements/order.score/from_others" == finding.place.path
    assert 22 == register(gap).line(finding.place)


def test_gap_lasts_to_the_end_of_its_day():
    """
    R12: until 22 November means that the day itself is still in time.
    """
    gap = "{not_yet_known_until: 2026-11-22}"

    assert [] == findings("unknown-expired", line(VENDOR, "status:", f"status: {gap}"))


@pytest.mark.parametrize("basis", ["third-party", "inferred", "memory", "not-found"])
def test_what_nobody_verified_is_counted(basis):
    """
    R12: facts of one file that rest on an unverified source are one finding with their number.
    """
    edits = (
        *FROM_MEMORY,
        swap(VENDOR, "basis: memory", f"basis: {basis}"),
        line(VENDOR, "status:", "status: {value: active, source: weak}"),
    )
    (finding,) = findings("not-verified", *edits)

    assert 2 == finding.facts["count"]
    assert str(finding.what).startswith("Postdesk: 2 facts")
