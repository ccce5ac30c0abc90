import pytest

from klarsyn.vendors.connections import bind
from klarsyn.vendors.proposing import propose
from tests.register.builders import ELEMENTS, VENDOR, add, register, swap

HEAD = "connection:\n  sheet: mailchimp\n"
EXTRA = """\
  order.note:
    label: {en: Order note, da: Ordrenotat}
    about: person
    origin: provided
    dpv: {terms: ["pd:Profile"], match: close}
    fideslang: {terms: [user.behavior], match: broader}
"""


def proposed(text=HEAD, fields=()):
    """Return element -> place and why."""
    more = swap(VENDOR, "      - {element: person.email, direction: delivered}\n", ROW)
    made = register(add(ELEMENTS, EXTRA), more, add(VENDOR, text))
    bound = bind(made, "postdesk", {})
    return {one.element: (one.place, one.why) for one in propose(made, bound, fields)}


ROW = """\
      - {element: person.email, direction: delivered}
      - {element: order.note, direction: delivered}
"""


def test_same_category():
    """
    An element goes where the sheet has the same data category; what fits nowhere stays open.
    """
    assert {
        "order.note": ("", ""),
        "person.email": ("member.email", "category"),
        "person.name": ("member.name", "category"),
    } == proposed()


@pytest.mark.parametrize(
    ("field", "found"),
    [
        (("member.merge_fields.X", "Order note"), True),
        (("member.merge_fields.X", "ORDRENOTAT"), True),
        (("member.merge_fields.NOTE", "?"), True),
        (("member.merge_fields.X", "Ördre-notat:"), True),
        (("member.merge_fields.X", "Birthday"), False),
    ],
)
def test_label_that_is_alike(field, found):
    """
    A field of the account that is called alike, in any language or by its own name, is proposed.
    """
    expected = (field[0], "label") if found else ("", "")
    assert expected == proposed(fields=[field])["order.note"]


def test_each_place_once_and_what_is_mapped_stays():
    """
    A place is proposed for one element only, and what somebody has mapped is not touched.
    """
    mapped = f"{HEAD}  map: {{person.name: member.merge_fields.NOTE}}\n"
    found = proposed(mapped, [("member.merge_fields.NOTE", "Order note")])

    assert ("member.merge_fields.NOTE", "mapped") == found["person.name"]
    assert ("", "") == found["order.note"]
    twice = proposed(
        fields=[("member.merge_fields.A", "Order note"), ("member.merge_fields.B", "name")]
    )
    assert ("member.merge_fields.B", "label") == twice["person.name"]
