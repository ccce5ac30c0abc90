from datetime import date

import pytest

from klarsyn.register.changes import diff
from tests.register.builders import GAP, HOST, VENDOR, add, line, register, swap

DAY = date(2026, 11, 23)
END = "end: {value: 2026-12-31, source: own}\n"
ENDED = line(VENDOR, "status: ", "status: {value: ended, source: own}")
KESTREL = "{name: Kestrel Ltd, country: GB, what: {en: Support at night}}"


def told(old, new, on=DAY):
    """Return kind, aspect, subject and whether it is only now known, of each change."""
    changes = diff(register(*old), register(*new), on).changes
    return [(one.kind, one.aspect, one.subject, one.first_told) for one in changes]


def chain(*links):
    """Give the vendor a chain."""
    return add(VENDOR, f"chain: [{', '.join(links)}]\n")


def transfers(*grounds):
    """Give the vendor grounds of transfer."""
    return add(
        VENDOR, f"transfers: [{', '.join(f'{{to: {one}, source: own}}' for one in grounds)}]\n"
    )


# Use


def test_end_is_told_when_its_day_is_set_and_not_again():
    """
    The day on which it comes is editorial.
    """
    planned = add(VENDOR, END)

    assert [("removed", "ends", "", False)] == told([], [planned])
    assert [("editorial", "wording", "", False)] == told([planned], [planned, ENDED])


def test_end_without_a_day_before_is_told_when_it_comes():
    """
    And so is one on another day than was told.
    """
    later = add(VENDOR, END.replace("2026-12-31", "2026-11-20"))

    assert [("removed", "ended", "", False)] == told([], [ENDED])
    assert [("removed", "ended", "", False)] == told([add(VENDOR, END)], [later, ENDED])


def test_end_that_is_not_known_yet_is_no_end():
    """
    Nothing is told before there is a day; a day that is no longer known keeps the vendor.
    """
    unknown = add(VENDOR, f"end: {GAP}\n")

    assert [("editorial", "wording", "", False)] == told([], [unknown])
    assert [("added", "stays", "", False)] == told([add(VENDOR, END)], [unknown])


# Owner


def test_firm_that_takes_another_name_is_the_same_by_its_number():
    """
    However the number is written.
    """
    number = "registration: {value: CVR 1, source: own}\n  "
    spelt = number.replace("CVR 1", "cvr-1")
    old = swap(VENDOR, 'address: {value: "Gaden 2', f'{number}address: {{value: "Gaden 2')
    new = swap(VENDOR, 'address: {value: "Gaden 2', f'{spelt}address: {{value: "Gaden 2')
    firm = swap(VENDOR, "{value: Postdesk ApS", "{value: Helpwell Oy")

    assert [("editorial", "wording", "", False)] == told([old], [new, firm])


def test_name_of_the_firm_that_becomes_known_is_first_told():
    """
    And one that is no longer known.
    """
    gap = swap(VENDOR, "name: {value: Postdesk ApS, source: own}", f"name: {GAP}")
    expected = [("entity", "entity", "", True)]

    assert expected == told([gap], [])
    assert expected == told([], [gap])


def test_number_learnt_with_another_firm_is_told_beside_it():
    """
    What is another one and what is only now known are two entries.
    """
    number = "registration: {value: CVR 1, source: own}\n  "
    known = swap(VENDOR, 'address: {value: "Gaden 2', f'{number}address: {{value: "Gaden 2')
    firm = swap(VENDOR, "{value: Postdesk ApS", "{value: Helpwell Oy")

    assert [("entity", "entity", "", False), ("entity", "entity", "", True)] == told(
        [], [known, firm]
    )


# Retention


@pytest.mark.parametrize(
    ("before", "after"),
    [("P2Y", "P24M"), ("P2Y", "P1Y12M"), ("P2W", "P14D"), ("P0D", "P0M"), ("P30D", "P030D")],
)
def test_same_length_is_the_same_period(before, after):
    """
    Months are months and days are days, however they are written.
    """
    assert [("editorial", "wording", "", False)] == told([kept(before)], [kept(after)])


@pytest.mark.parametrize(("before", "after"), [("P1M", "P30D"), ("P1Y", "P365D"), ("P2Y", "P2M")])
def test_month_is_no_number_of_days(before, after):
    """
    Nobody knows how long a month is.
    """
    assert [("purpose", "retention", "support", False)] == told([kept(before)], [kept(after)])


def kept(period):
    """Keep the data for this long; None where it is not known."""
    told = f"{{value: {period}, source: own}}" if period else GAP
    return swap(
        VENDOR,
        "retention: {period: {value: P2Y, source: own}}",
        f"retention: {{period: {told}}}",
    )


def test_period_that_becomes_known_is_first_told():
    """
    And one that is no longer known, or not written down.
    """
    expected = [("purpose", "retention", "support", True)]
    bare = swap(VENDOR, "retention: {period: {value: P2Y, source: own}}", "retention: {}")

    assert expected == told([kept(None)], [])
    assert expected == told([], [kept(None)])
    assert expected == told([bare], [])


# Data


def test_another_declaration_does_not_tell_the_data_a_second_time():
    """
    What was gained has an entry of its own, unless there were none before.
    """
    score = "      - {element: order.score, direction: delivered}\n"
    email = "      - {element: person.email, direction: delivered}\n"
    more = swap(VENDOR, email, email + score)
    other = swap(VENDOR, "declaration: listed", "declaration: incidental")
    changes = diff(register(), register(more, other)).changes

    assert [
        ("declaration", ("listed", ()), ("incidental", ())),
        ("gained", None, ("order.score",)),
    ] == [(one.aspect, one.before, one.after) for one in changes]


NONE = swap(
    VENDOR,
    "declaration: listed",
    "declaration: none",
)
BARE = swap(
    VENDOR,
    "    elements:\n"
    "      - {element: person.name, direction: delivered}\n"
    "      - {element: person.email, direction: delivered}\n",
    "",
)


def test_data_that_went_with_a_claim_of_none_are_told_in_it():
    """
    One entry, with what the vendor may no longer have.
    """
    there = diff(register(), register(NONE, BARE)).changes
    back = diff(register(NONE, BARE), register()).changes
    both = (("listed", ("person.name", "person.email")), ("none", ()))

    assert [("declaration", *both)] == [(one.aspect, one.before, one.after) for one in there]
    assert [("declaration", *both[::-1])] == [(one.aspect, one.before, one.after) for one in back]


def test_new_purpose_without_data_is_told():
    """
    A vendor that has none for it, and says so.
    """
    second = (
        "  - purpose: hosting\n"
        "    role: {value: processor, source: own}\n"
        "    declaration: none\n"
        "    access: {value: true, source: own}\n"
        "    storage: {value: true, source: own}\n"
        "    retention: {period: {value: P2Y, source: own}}\n"
    )
    both = swap(VENDOR, "entity:\n  name: {value: P", f"{second}entity:\n  name: {{value: P")

    assert [("purpose", "purpose", "hosting", False)] == told([], [both])
    assert [("purpose", "purpose-lost", "hosting", False)] == told([both], [])


# Grounds of transfer


@pytest.mark.parametrize("on", [None, DAY])
def test_ground_that_is_over_is_told_while_its_day_is_not_known_to_have_passed(on):
    """
    What ended before the day of the version was told as ending; without a day, all counts.
    """
    old = transfers("US, mechanism: dpf, until: 2026-11-22", "US, mechanism: scc")
    new = transfers("US, mechanism: scc")
    expected = ("editorial", "wording", "") if on else ("mechanism", "grounds", "US")

    assert [(*expected, False)] == told([old], [new], on)


def test_ground_ends_after_its_last_day():
    """
    On that day it still stands.
    """
    old = transfers("US, mechanism: dpf, until: 2026-11-23", "US, mechanism: scc")

    assert [("mechanism", "grounds", "US", False)] == told([old], [transfers("US, mechanism: scc")])


def test_second_ground_of_the_same_sort_is_a_change():
    """
    Two contracts are more than one.
    """
    one, two = "US, mechanism: scc, module: c2p", "US, mechanism: scc, module: p2p"

    assert [("mechanism", "grounds", "US", False)] == told([transfers(one)], [transfers(one, two)])
    assert [("editorial", "wording", "", False)] == told(
        [transfers(one, two)], [transfers(two, one)]
    )


# The chain


def test_first_and_last_sub_processor_are_told():
    """
    A chain that was empty, or is now.
    """
    assert [("added", "chain", "Kestrel Ltd", False)] == told([], [chain(KESTREL)])
    assert [("removed", "chain", "Kestrel Ltd", False)] == told([chain(KESTREL)], [])


@pytest.mark.parametrize("name", ["KESTREL Ltd.", "Kestrel, Ltd"])
def test_firm_spelt_otherwise_is_the_same_firm_wherever_it_moves(name):
    """
    Its spelling is editorial; its country is not.
    """
    spelt = KESTREL.replace("Kestrel Ltd", f'"{name}"')
    moved = spelt.replace("GB", "US")
    asked = spelt.replace("Support at night", "Backups")

    assert [("editorial", "wording", "", False)] == told([chain(KESTREL)], [chain(spelt)])
    assert ("country", "chain-country", name, False) in told([chain(KESTREL)], [chain(moved)])
    assert ("purpose", "chain-task", name, False) in told([chain(KESTREL)], [chain(asked)])


def test_firms_that_are_spelt_alike_are_counted():
    """
    Two of nearly one name stay two.
    """
    twin = KESTREL.replace("Kestrel Ltd", "Kestrel Ltd.").replace("GB", "IE")
    both = chain(KESTREL, twin)

    assert [] == told([both], [both])
    assert [("removed", "chain", "Kestrel Ltd.", False)] == told([both], [chain(KESTREL)])


def test_vendors_are_told_apart():
    """
    What happens at one vendor is told at no other.
    """
    moved = line(HOST, "storage: {value: [", "storage: {value: [US], source: own}")

    assert {"vault"} == {one.vendor for one in diff(register(), register(moved)).changes}
