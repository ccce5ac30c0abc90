import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from klarsyn.errors import said
from klarsyn.personal import Personal
from klarsyn.testing.people import draw
from klarsyn.transport.words import GET
from klarsyn.vendors.elements import Element
from klarsyn.vendors.matching import Identity, Wanted, digits, number, plain, tail
from klarsyn.vendors.reading import Seen
from klarsyn.vendors.sheet import Record

RECORD = Record(
    name="person",
    about=said("people"),
    read=GET("/people"),
    elements=(Element("email"), Element("phone"), Element("name")),
    open_fields=("note", "fields.*"),
)
PEOPLE = draw(200)
KINDS = ("email", "phone", "name", "company", "organisation_number")


def wanted(**known):
    """Return who is looked for."""
    return Wanted(Identity(**{kind: (Personal(value),) for kind, value in known.items()}))


def by(who, **raw):
    """Return by what a record is about somebody."""
    return who.by(Seen(RECORD, raw, {}))


@st.composite
def spelt(draw_, text):
    """Draw a spelling of an address or a name: any case, spaces around."""
    cased = "".join(draw_(st.sampled_from([one.lower(), one.upper()])) for one in text)
    assume(cased.casefold() == text.casefold())
    before, after = (draw_(st.sampled_from(["", " ", "\t"])) for _ in range(2))
    return f"{before}{cased}{after}"


@st.composite
def dialled(draw_, country, national):
    """Draw a spelling of a phone number: with the country or without, grouped in any way."""
    gap = st.sampled_from(["", "", " ", "-", "\u00a0", ".", " / "])
    grouped = "".join(f"{one}{draw_(gap)}" for one in national[:-1]) + national[-1]
    head = draw_(
        st.sampled_from(
            [f"+{country} ", f"00{country}", f"+{country}(0)", f"(+{country})", "0", ""]
        )
    )
    return f"{head}{grouped}"


@given(st.data(), st.sampled_from(PEOPLE))
def test_any_spelling_of_an_address_is_the_same(data, person):
    """
    Case and spaces around do not matter, in a field and in a note.
    """
    spelling = data.draw(spelt(person.email))
    who = wanted(email=person.email)

    assert who.equal("email", spelling)
    assert ("email",) == by(who, email=spelling)
    assert ("email",) == by(who, note=f"call {spelling}, or write")


national = st.from_regex(r"[1-9][0-9]{7,9}", fullmatch=True)


@given(st.data(), st.sampled_from(["45", "46", "47", "44", "1", "358"]), national)
def test_any_spelling_of_a_number_is_the_same(data, country, own):
    """
    With country or without, grouped in any way, in a field and in a note between other words.
    """
    spelling = data.draw(dialled(country, own))
    who = wanted(phone=f"+{country} {own}")

    assert who.equal("phone", spelling)
    assert ("phone",) == by(who, phone=spelling)
    assert ("phone",) == by(who, note=f"call {spelling}, or order 17")
    assert ("phone",) == by(wanted(phone=spelling), phone=f"+{country}{own}")


@given(national, national, st.sampled_from(["45", "46", "47"]), st.sampled_from(["45", "46", "47"]))
def test_another_number_is_another_person(one, other, here, there):
    """
    Two whole numbers are one only if they are the same, country included.
    """
    assume((one, here) != (other, there))
    assume(f"{here}{one}" != f"{there}{other}")
    who = wanted(phone=f"+{here} {one}")

    assert not who.equal("phone", f"+{there} {other}")
    assert () == by(who, phone=f"+{there} {other}", note=f"00{there}{other} or 12")


@given(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_people_are_told_apart(one, other):
    """
    By address, phone, firm and organisation number nobody is taken for somebody else.
    """
    assume(one.number != other.number)
    for kind in ("email", "phone", "company", "organisation_number"):
        who = wanted(**{kind: getattr(one, kind)})
        assert () == by(who, email=other.email, phone=other.phone, note=f"{other}")
        assert (kind,) == by(who, fields={"a": f"of {getattr(one, kind)}."})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("maja@example.org", True),
        ("<maja@example.org>", True),
        ("MAJA@EXAMPLE.ORG;", True),
        ("mail maja@example.org.", True),
        ("xmaja@example.org", False),
        ("x.maja@example.org", False),
        ("maja@example.org.example", True),
        ("maja@example.orgs", False),
        ("maja@example.org-x", False),
        ("maja@example_org", False),
    ],
)
def test_address_in_a_note(text, found):
    """
    An address is found as a whole word, not as the end of a longer one.
    """
    assert found == bool(by(wanted(email="maja@example.org"), note=text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12345678", True),
        ("DK12345678", True),
        ("12 34 56 78", True),
        ("1234-5678", True),
        ("112345678", False),
        ("123456789", False),
        ("1234 and 5678", False),
        ("1234 items, 5678 kr", False),
    ],
)
def test_organisation_number_in_a_note(text, found):
    """
    Digits are joined over gaps, not over words, and a longer number is another.
    """
    assert found == bool(by(wanted(organisation_number="12345678"), note=text))


def test_short_number_is_told_only_as_a_whole():
    """
    Five digits are not the end of everybody's number; no digits are nobody's.
    """
    who = wanted(phone="12345")

    assert ("phone",) == by(who, phone="12345")
    assert () == by(who, phone="+45 99 91 23 45")
    assert () == by(wanted(phone="none"), phone="none", note="1")
    assert frozenset() == wanted(phone="+").forms


def test_company_of_a_sole_trader_and_reference():
    """
    A firm's name and our own key are found as whole words.
    """
    who = wanted(company="Fjordvik Rør ApS", reference="K-17")

    assert ("company", "reference") == by(who, note="k-17: fjordvik  RØR aps")
    assert () == by(who, note="k-178 fjordvik rørteknik aps")


def test_forms():
    """
    What is compared: plain text, digits, the end of a number, the number with its country.
    """
    assert "åsa b" == plain(" A\u030asa  B ")
    assert "123" == digits("1-2 3x")
    assert "34567890" == tail("+1 234567890")
    assert ["+4512345678", "+4512345678", "12345678", ""] == list(
        map(number, ("+45 12 34 56 78", "0045 12345678", "12345678", "x"))
    )
    assert 5 == len(list(Identity(**{kind: (Personal("1"),) for kind in KINDS}).each()))
