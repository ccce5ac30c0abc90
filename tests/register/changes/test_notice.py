from datetime import date

import pytest

from klarsyn.register.changes import Change, diff
from klarsyn.register.changes.notice import (
    Notice,
    last_day_to_object,
    must_agree_first,
    notice,
)
from tests.register.builders import COMPANY, GAP, VENDOR, add, line, register, swap

DAY = date(2026, 11, 23)
PROCESSOR = line(COMPANY, "acts_as: ", "acts_as: {value: [controller, processor], source: own}")
MOVED = line(VENDOR, "storage: {value: [", "storage: {value: [US], source: own}")
INFORMATION = Notice("information", None, date(2026, 11, 24))
PRIOR = Notice("prior", date(2026, 12, 23), date(2026, 12, 24))


def period(value):
    """Set the company's own notice period; nothing makes it one not yet known."""
    told = f"{{value: {value}, source: own}}" if value else GAP
    return line(COMPANY, "notice_period: ", f"notice_period: {told}")


def customers(*terms):
    """Add customers with these terms."""
    rows = "".join(f"  c{number}: {{{one}}}\n" for number, one in enumerate(terms))
    return add("customers.yaml", f"format: 1\ncustomers:\n{rows}")


def owed(old, new, announced=DAY):
    """Return what is owed for the only change between two versions."""
    difference = diff(register(*old), register(*new), announced)
    (change,) = difference.changes
    return notice(change, difference, announced)


# Whether a notice is owed


def test_company_that_is_only_a_controller_informs_before():
    """
    Art. 13(3) and 14(4): the day after the announcement.
    """
    assert INFORMATION == owed([], [MOVED])


def test_processor_tells_its_customers_beforehand():
    """
    Art. 28(2) and R97: 30 days from 23 November end on 23 December, so the 24th.
    """
    assert PRIOR == owed([PROCESSOR], [PROCESSOR, MOVED])


@pytest.mark.parametrize("role", ["controller", "joint-controller", "third-party"])
def test_vendor_with_a_role_of_its_own_is_told_as_information(role):
    """
    It is nobody's processor.
    """
    own = line(VENDOR, "role: ", f"role: {{value: {role}, source: own}}")

    assert INFORMATION == owed([PROCESSOR, own], [PROCESSOR, own, MOVED])


@pytest.mark.parametrize(
    "role", ["{value: processor, source: own}", "{value: sub-processor, source: own}", GAP]
)
def test_vendor_that_is_or_may_be_a_processor_owes_prior_notice(role):
    """
    A role not yet known may be one.
    """
    vendor = line(VENDOR, "role: ", f"role: {role}")

    assert PRIOR == owed([PROCESSOR, vendor], [PROCESSOR, vendor, MOVED])


def test_company_whose_role_is_not_known_may_be_a_processor():
    """
    Where one does not know, one tells.
    """
    unknown = line(COMPANY, "acts_as: ", f"acts_as: {GAP}")

    assert PRIOR == owed([unknown], [unknown, MOVED])


def test_either_version_may_be_the_processors():
    """
    Who relied on it before is still told; who begins to rely on it is told at once.
    """
    for old, new in (([PROCESSOR], []), ([], [PROCESSOR])):
        difference = diff(register(*old), register(*new, MOVED), DAY)
        change = next(one for one in difference.changes if one.kind == "country")
        assert PRIOR == notice(change, difference, DAY)


def test_editorial_change_is_owed_to_nobody():
    """
    It holds at once.
    """
    reworded = swap(VENDOR, "plan_used: {value: Team", "plan_used: {value: Teams")

    assert Notice("none", None, DAY) == owed([PROCESSOR], [PROCESSOR, reworded])


def test_fact_that_became_known_is_owed_to_nobody():
    """
    The vendor did before what the page says now.
    """
    unknown = line(VENDOR, "storage: {value: [", f"storage: {GAP}")

    assert Notice("none", None, DAY) == owed([PROCESSOR, unknown], [PROCESSOR])


def test_role_counts_for_the_purpose_that_changed():
    """
    A processor for one purpose and a controller for another: each purpose by its own role.
    """
    second = (
        "  - purpose: hosting\n"
        "    role: {value: controller, source: own}\n"
        "    declaration: none\n"
        "    access: {value: true, source: own}\n"
        "    storage: {value: true, source: own}\n"
        "    retention: {period: {value: P2Y, source: own}}\n"
    )
    both = swap(VENDOR, "entity:\n  name: {value: P", f"{second}entity:\n  name: {{value: P")
    longer = swap(VENDOR, f"P2Y, source: own}}}}\n{'entity'}", f"P3Y, source: own}}}}\n{'entity'}")
    kept = swap(VENDOR, "P2Y, source: own}}\n    elements", "P3Y, source: own}}\n    elements")

    assert INFORMATION == owed([PROCESSOR, both], [PROCESSOR, both, longer])
    assert PRIOR == owed([PROCESSOR, both], [PROCESSOR, both, kept])
    assert PRIOR == owed([PROCESSOR, both], [PROCESSOR, both, MOVED])


def test_vendor_that_is_gone_is_judged_by_what_it_was():
    """
    Its file stands in the old version only.
    """
    gone = [PROCESSOR, lambda files: {name: it for name, it in files.items() if name != VENDOR}]

    assert PRIOR == owed([PROCESSOR], gone)


def test_whoever_is_replaced_counts_too():
    """
    A controller that takes a processor's place: the customers had a processor.
    """
    own = line(VENDOR, "role: ", "role: {value: controller, source: own}")
    other = swap(VENDOR, "name: Postdesk\n", "name: Helpwell\n")
    entity = swap(VENDOR, "name: {value: Postdesk ApS", "name: {value: Helpwell Oy")

    assert PRIOR == owed([PROCESSOR], [PROCESSOR, own, other, entity])


# From when


@pytest.mark.parametrize(
    ("own", "terms", "last"),
    [
        ("P30D", [], date(2026, 12, 23)),
        ("P1M", [], date(2026, 12, 23)),
        ("P30D", ["authorisation: general"], date(2026, 12, 23)),
        ("P30D", ["authorisation: general, notice_period: P10D"], date(2026, 12, 23)),
        ("P30D", ["authorisation: general, notice_period: P60D"], date(2027, 1, 22)),
        ("P30D", ["authorisation: specific, notice_period: P2M"], date(2027, 1, 23)),
        (
            "P2W",
            [
                "authorisation: general, notice_period: P3W",
                "authorisation: general, notice_period: P6M",
            ],
            date(2027, 5, 23),
        ),
        (None, ["authorisation: general, notice_period: P60D"], None),
        (None, [], None),
    ],
)
def test_longest_period_counts(own, terms, last):
    """
    The company's own, and those of the contracts; unknown where its own is not known.
    """
    setting = [PROCESSOR, period(own), *([customers(*terms)] if terms else [])]
    difference = diff(register(*setting), register(*setting, MOVED), DAY)

    assert last == last_day_to_object(difference, DAY)


def test_day_cannot_be_told_where_no_period_is_known():
    """
    A prior notice is owed all the same.
    """
    setting = [PROCESSOR, period(None)]

    assert Notice("prior", None, None) == owed(setting, [*setting, MOVED])


def test_promise_holds_for_what_is_announced_as_it_is_shortened():
    """
    The longer of the own periods of both versions counts; of contracts, the new ones.
    """
    sixty = customers("authorisation: general, notice_period: P90D")
    old = register(PROCESSOR, period("P60D"), sixty)
    new = register(PROCESSOR, period("P30D"), MOVED)

    assert date(2027, 1, 22) == last_day_to_object(diff(old, new), DAY)
    assert date(2027, 2, 21) == last_day_to_object(diff(new, old), DAY)


def test_period_that_became_unknown_is_unknown():
    """
    What was promised before says nothing of what is promised now.
    """
    old, new = register(PROCESSOR), register(PROCESSOR, period(None), MOVED)

    assert last_day_to_object(diff(old, new), DAY) is None
    assert date(2026, 12, 23) == last_day_to_object(diff(new, old), DAY)


@pytest.mark.parametrize(
    ("announced", "own", "expected"),
    [
        (date(2026, 1, 31), "P1M", date(2026, 3, 1)),
        (date(2028, 1, 31), "P1M", date(2028, 3, 1)),
        (date(2026, 12, 31), "P30D", date(2027, 1, 31)),
        (date(2026, 11, 23), "P0D", date(2026, 11, 24)),
    ],
)
def test_change_takes_effect_the_day_after_the_last_day(announced, own, expected):
    """
    Neither the day of announcement nor the day of effect is counted.
    """
    setting = [PROCESSOR, period(own)]

    assert expected == owed(setting, [*setting, MOVED], announced).effective


# Customers who have to agree


def test_customers_with_a_specific_authorisation_are_counted():
    """
    Silence of theirs is a refusal (R54).
    """
    terms = ("authorisation: specific", "authorisation: general", "authorisation: specific")

    assert 2 == must_agree_first(register(customers(*terms)))
    assert 0 == must_agree_first(register())


def test_change_of_a_vendor_nobody_knows_is_information():
    """
    Where neither version has such a vendor, there is no processor.
    """
    difference = diff(register(PROCESSOR), register(PROCESSOR, MOVED), DAY)

    assert INFORMATION == notice(Change("data", "nobody", "Nobody", "gained"), difference, DAY)
