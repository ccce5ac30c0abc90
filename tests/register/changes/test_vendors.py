import pytest

from klarsyn.register.changes import diff
from klarsyn.register.changes.vendors import elements_of, is_ended, purposes_of
from tests.register.builders import VENDOR, add, edited, line, register, swap, without

TEXT = edited()[VENDOR]
HELPWELL = add("vendors/helpwell.yaml", TEXT.replace("Postdesk", "Helpwell"))
OTHER = add(
    "vendors/helpwell.yaml",
    TEXT.replace("Postdesk", "Helpwell").replace("purpose: support", "purpose: hosting"),
)
GONE = without(VENDOR)
ENDED = line(VENDOR, "status: ", "status: {value: ended, source: own}")
PAST = add(
    "vendors/helpwell.yaml",
    TEXT.replace("Postdesk", "Helpwell").replace("status: {value: active", "status: {value: ended"),
)


def told(old, new):
    """Return kind, vendor, whom it replaces and whether it is only now known, of each change."""
    changes = diff(register(*old), register(*new)).changes
    return [(one.kind, one.vendor, one.subject, one.first_told) for one in changes]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [HELPWELL], [("added", "helpwell", "", False)]),
        ([], [PAST], [("added", "helpwell", "", True)]),
        ([], [GONE], [("removed", "postdesk", "", False)]),
        ([ENDED], [GONE], [("editorial", "postdesk", "", False)]),
        ([], [GONE, HELPWELL], [("replaced", "helpwell", "postdesk", False)]),
        ([], [ENDED, HELPWELL], [("replaced", "helpwell", "postdesk", False)]),
        (
            [],
            [GONE, OTHER],
            [("added", "helpwell", "", False), ("removed", "postdesk", "", False)],
        ),
        (
            [ENDED],
            [GONE, HELPWELL],
            [("added", "helpwell", "", False), ("editorial", "postdesk", "", False)],
        ),
        (
            [],
            [GONE, PAST],
            [("added", "helpwell", "", True), ("removed", "postdesk", "", False)],
        ),
    ],
)
def test_who_came_and_who_went(old, new, expected):
    """
    Whoever comes for a purpose of somebody who goes replaces it; who is past replaces nobody.
    """
    assert expected == told(old, new)


def test_end_that_is_moved_makes_no_room():
    """
    Who was told to end before is not replaced by who comes as the day is moved.
    """
    first, later = (
        add(VENDOR, f"end: {{value: {day}, source: own}}\n") for day in ("2027-01-31", "2027-02-28")
    )

    assert [("added", "helpwell", "", False), ("removed", "postdesk", "", False)] == told(
        [first], [later, HELPWELL]
    )
    assert [("replaced", "helpwell", "postdesk", False)] == told([], [first, HELPWELL])


def test_replaced_vendor_that_is_ended_keeps_its_other_changes():
    """
    Only its end is told by the replacement.
    """
    moved = line(VENDOR, "storage: {value: [", "storage: {value: [US], source: own}")

    assert [
        ("replaced", "helpwell", "postdesk", False),
        ("country", "postdesk", "", False),
    ] == told([], [ENDED, moved, HELPWELL])


def test_vendor_with_another_id_ends_under_its_new_one():
    """
    Renamed, ended and replaced in one version.
    """
    renamed = add(
        "vendors/letters.yaml", TEXT.replace("status: {value: active", "status: {value: ended")
    )

    assert [
        ("replaced", "helpwell", "postdesk", False),
        ("editorial", "letters", "", False),
    ] == told([], [GONE, renamed, HELPWELL])


def test_file_that_holds_somebody_else_is_a_replacement_whatever_the_purpose():
    """
    The same file: the company put the one in the other's place.
    """
    other = swap(VENDOR, TEXT, TEXT.replace("Postdesk", "Kronvik").replace("support", "hosting"))

    assert [("replaced", "postdesk", "postdesk", False)] == told([], [other])


def test_elements_in_groups_are_elements():
    """
    What a line includes the vendor may have too.
    """
    grouped = swap(
        VENDOR,
        "{element: person.email, direction: delivered}",
        "{element: person.email, direction: delivered, includes: [order.score]}",
    )
    vendor = register(grouped).vendors["postdesk"]

    assert {"person.name", "person.email", "order.score"} == elements_of(vendor)
    assert {"support"} == purposes_of(vendor)


@pytest.mark.parametrize(
    ("status", "ended"), [("active", False), ("archive", False), ("ended", True)]
)
def test_only_ended_is_ended(status, ended):
    """
    What is kept as an archive is still there.
    """
    vendor = register(line(VENDOR, "status: ", f"status: {{value: {status}, source: own}}"))

    assert ended == is_ended(vendor.vendors["postdesk"])
