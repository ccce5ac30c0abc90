from datetime import date

import pytest

from klarsyn.register.papers import agreement_lack, grounds, vendor_countries
from tests.register.builders import (
    COMPANY,
    DAY,
    VENDOR,
    Case,
    Edit,
    add,
    after,
    findings,
    line,
    register,
    said,
    swap,
    unknown,
)

AMERICAN = line(VENDOR, "country: ", "country: {value: [US], source: own}")
CONTINUOUS = after(VENDOR, "declaration:", "    frequency: {value: continuous, source: own}\n")
COPY = 'copy: {value: "https://vendor.example/scc", source: own}'
ASSESSMENT = "assessment: {file: tia.pdf, on: 2026-01-01, by: A. Jensen, next: 2027-01-01}"
CERTIFIED = (
    f"{{to: US, mechanism: dpf, source: own, entity: Postdesk Inc., checked: 2026-11-01, {COPY}}}"
)
CLAUSES = f"{{to: US, mechanism: scc, source: own, module: c2p, {ASSESSMENT}, {COPY}}}"
PRINTED = f"""\
printed:
  file: page.txt
  sha256: {"0" * 64}
  language: en
  updated: 2026-09-01
  outro: All our processors are bound by an agreement.
  agreements_for_all: true
"""


def transfers(*rows: str) -> Edit:
    """Write grounds of transfer into the vendor's file."""
    return add(VENDOR, "transfers:\n" + "".join(f"  - {row}\n" for row in rows))


def printed(updated: str = "2026-09-01") -> Edit:
    """Let the register replace an earlier page."""
    return add(COMPANY, PRINTED.replace("2026-09-01", updated))


def unverified_agreement(files):
    """Let the agreement rest on what somebody remembers."""
    memory = "sources: {own: {what: records, as_of: undated, basis: own}, "
    memory += "weak: {what: memory, as_of: 2026, basis: memory}}"
    mended = line(VENDOR, "sources:", memory)(files)
    return swap(VENDOR, "  source: own\nown_list", "  source: weak\nown_list")(mended)


CASES = [
    Case("R64 R70 entity-missing", f"{VENDOR}: entity:", (unknown(VENDOR, "address"),)),
    Case("R51 start-missing", f"{VENDOR}: start:", (unknown(VENDOR, "start"),)),
    Case(
        "R64 own-list-missing",
        f"{VENDOR}: own_list:",
        (unknown(VENDOR, "own_list"),),
        (
            unknown(VENDOR, "own_list"),
            add(VENDOR, "chain: [{name: Skyen A/S, country: DK, what: {en: Servers.}}]\n"),
        ),
    ),
    Case(
        "R82 country-missing",
        f"{VENDOR}: countries:",
        (line(VENDOR, "access: {value: [DK]", "access: {not_yet_known_until: 2027-01-01}"),),
    ),
    Case(
        "R82 R83 transfer-ground-missing",
        f"{VENDOR}: country:",
        (AMERICAN,),
        (AMERICAN, transfers(CERTIFIED)),
    ),
    Case(
        "R17 R83 transfer-unsaid",
        f"{VENDOR}: transfers:",
        (
            AMERICAN,
            transfers(CLAUSES.replace("own,", "own, since: 2023-01-01,", 1)),
            printed("2022-01-25"),
        ),
        (AMERICAN, transfers(CLAUSES), printed("2022-01-25")),
        beside=("page-stale",),
    ),
    Case(
        "R84 R85 transfer-papers-incomplete",
        f"{VENDOR}: - {{to: US",
        (AMERICAN, transfers(CLAUSES.replace(f" {ASSESSMENT},", ""))),
        (AMERICAN, transfers(CLAUSES)),
    ),
    Case(
        "R87 derogation-as-routine",
        f"{VENDOR}: - {{to: US",
        (
            AMERICAN,
            CONTINUOUS,
            transfers(f"{{to: US, mechanism: derogation, source: own, {COPY}}}"),
        ),
        (AMERICAN, transfers(f"{{to: US, mechanism: derogation, source: own, {COPY}}}")),
    ),
    Case(
        "R56 agreement-missing",
        f"{VENDOR}: agreement:",
        (line(VENDOR, "plan_used:", "plan_used: {value: Free, source: own}"),),
    ),
    Case(
        "R57 R58 agreement-incomplete",
        f"{VENDOR}: agreement:",
        (
            line(
                VENDOR,
                "clauses:",
                'clauses: {a: "3", b: "4", c: "5", d: "6", e: "7", f: "8", g: "9"}',
            ),
        ),
    ),
    Case(
        "R12 claim-for-all",
        f"{COMPANY}: outro:",
        (printed(), line(VENDOR, "plan_covered:", "plan_covered: Free")),
        (printed(),),
        beside=("agreement-missing",),
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
    ("on", "country", "expected"),
    [
        # Neither Privacy Shield nor the framework that came after it (C-311/18, (EU) 2023/1795).
        (date(2022, 1, 25), "US", 1),
        (date(2026, 11, 22), "US", 1),
        (date(2026, 11, 22), "GB", 0),
        (date(2032, 1, 1), "GB", 1),
        (date(2020, 12, 31), "GB", 0),
        (date(2026, 11, 22), "CH", 0),
        (date(2026, 11, 22), '"NO"', 0),
        (date(2026, 11, 22), "IN", 1),
    ],
)
def test_ground_is_asked_for_by_the_day(on, country, expected):
    """
    R82, R83: whether a country needs a ground of transfer depends on the day.
    """
    edit = line(VENDOR, "country: ", f"country: {{value: [{country}], source: own}}")

    assert expected == len(findings("transfer-ground-missing", edit, on=on))


@pytest.mark.parametrize("key", ["country", "storage", "access"])
def test_each_of_the_three_countries_is_a_transfer(key):
    """
    R82: entity, storage and access are three countries, and each can be the third one.
    """
    start = {"storage": "storage: {value: [DE]", "access": "access: {value: [DK]"}.get(
        key, "country: "
    )
    edit = line(VENDOR, start, f"{key}: {{value: [IN], source: own}}")
    expected = "Postdesk: for India no ground of transfer on 2026-11-22 is on record"

    assert [expected] == said("transfer-ground-missing", edit)


@pytest.mark.parametrize(
    ("ground", "why"),
    [
        (CERTIFIED, None),
        (CERTIFIED.replace("entity: Postdesk Inc., ", ""), "no certified entity"),
        (CERTIFIED.replace("checked: 2026-11-01, ", ""), "never checked"),
        (CERTIFIED.replace("dpf", "dpf, until: 2026-11-21"), "ended"),
        (CERTIFIED.replace("dpf", "dpf, since: 2026-11-23"), "not begun"),
        (CERTIFIED.replace("to: US", "to: CA"), "another country"),
        (CLAUSES, None),
        (CLAUSES.replace("module: c2p, ", ""), "no module"),
        ("{to: US, mechanism: bcr, source: own}", None),
    ],
)
def test_ground_counts_only_with_its_papers(ground, why):
    """
    R84, R85: a ground without the papers that it rests on is no ground.
    """
    found = grounds(register(AMERICAN, transfers(ground)), "postdesk", "US", DAY)

    assert (why is None) == bool(found), why


def test_adequacy_alone_is_no_ground_for_the_united_states():
    """
    R83, R84: the American decision holds for certified firms only, and adequacy names none.
    """
    claimed = transfers("{to: US, mechanism: adequacy, source: own}")

    assert [] == grounds(register(AMERICAN, claimed), "postdesk", "US", DAY)


@pytest.mark.parametrize("on", [date(2019, 1, 1), date(2022, 1, 25), date(2023, 7, 9)])
def test_certification_is_no_ground_before_the_decision(on):
    """
    R83: nobody was certified under the framework before 10 July 2023, Privacy Shield or not.
    """
    read = register(AMERICAN, transfers(CERTIFIED))

    assert [] == grounds(read, "postdesk", "US", on)


def test_certification_is_no_ground_for_another_country():
    """
    R84: the framework certifies American firms; it says nothing about Canada.
    """
    canadian = line(VENDOR, "country: ", "country: {value: [CA], source: own}")
    read = register(canadian, transfers(CERTIFIED.replace("to: US", "to: CA")))

    assert [] == grounds(read, "postdesk", "CA", DAY)


def test_adequacy_is_a_ground_where_a_decision_is_in_force():
    """
    R83: the decisions on the United Kingdom and on firms in Canada are enough; India has none.
    """
    claimed = (f"{{to: {one}, mechanism: adequacy, source: own}}" for one in ("GB", "CA", "IN"))
    read = register(transfers(*claimed))

    assert [1, 1, 0] == [len(grounds(read, "postdesk", one, DAY)) for one in ("GB", "CA", "IN")]


def test_unverified_source_carries_no_ground():
    """
    R12, R84: a certification that somebody remembers is none.
    """
    memory = "{to: US, mechanism: bcr, source: memory}"
    source = "sources: {own: {what: records, as_of: undated, basis: own}, "
    source += "memory: {what: general knowledge, as_of: 2026, basis: memory}}"
    read = register(AMERICAN, line(VENDOR, "sources:", source), transfers(memory))

    assert [] == grounds(read, "postdesk", "US", DAY)


def test_lapsed_assessment_is_told():
    """
    R85: an assessment of a transfer is renewed.
    """
    lapsed = CLAUSES.replace("next: 2027-01-01", "next: 2026-11-21")
    (told,) = said("transfer-papers-incomplete", AMERICAN, transfers(lapsed))

    assert told.startswith("Postdesk, United States:")
    assert "assessment" in told
    assert "2026-11-21" in told


def test_former_entity_stands_for_the_country_of_its_time():
    """
    R25, R82: on the day of the earlier page the vendor was the firm that contracted then.
    """
    former = "  former: [{name: Postdesk Inc., country: US, until: 2023-05, source: own}]\n"
    vendor = register(after(VENDOR, "country: ", former)).vendors["postdesk"]

    assert ["DE", "DK", "US"] == vendor_countries(vendor, date(2023, 5, 31))
    assert ["DE", "DK"] == vendor_countries(vendor, date(2023, 6, 1))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (line(VENDOR, "agreement:", "agreement:"), None),
        (
            unverified_agreement,
            "nobody has verified the agreement",
        ),
        (
            after(VENDOR, "sha256:", "    until: 2026-11-21\n"),
            "the agreement ended on 2026-11-21",
        ),
        (
            line(VENDOR, "signed:", "signed: 2026-11-23"),
            "the agreement is signed on 2026-11-23",
        ),
        (
            unknown(VENDOR, "plan_used"),
            "whether the agreement covers the plan in use is not known",
        ),
        (
            line(VENDOR, "plan_covered:", "plan_covered: Business"),
            "the agreement covers the plan Business, in use is Team",
        ),
    ],
)
def test_agreement_is_valid_today_and_for_the_plan_in_use(edit, expected):
    """
    R56, D23: an agreement that ended, or covers another plan, proves nothing.
    """
    lack = agreement_lack(register(edit), "postdesk", DAY)

    assert expected == (str(lack) if lack else None)


def test_same_duties_go_down_the_chain():
    """
    R58: an agreement that does not bind sub-processors is incomplete.
    """
    expected = "Postdesk: sub-processors are not bound by the same duties"
    edit = line(VENDOR, "same_duties_below:", "same_duties_below: false")

    assert [expected] == said("agreement-incomplete", edit)


def test_claim_for_all_tells_how_many_are_proved():
    """
    R12, D23: "all" is answered with numbers.
    """
    expected = (
        "the page of 2026-09-01 says of all vendors that an agreement binds them; "
        "there is evidence for 1 of 2"
    )
    broken = line(VENDOR, "plan_covered:", "plan_covered: Business")

    assert [expected] == said("claim-for-all", printed(), broken)
