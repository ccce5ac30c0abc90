from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn import keys
from klarsyn.errors import KeysMissing
from klarsyn.people.ledger import Person
from klarsyn.people.packed import NOTHING
from klarsyn.personal import Personal
from tests.people.builders import KEY, OLDER_AND_NEWER, batch, hashes

ANNA = Person(b"a" * 16)


def test_lengths():
    """
    Sixteen bytes for a person or an identity, twelve for a value.
    """
    made = hashes()

    assert (16, 12, 16) == (
        len(made.person(Personal("1"))),
        len(made.element("person.email", ANNA, Personal("x"))),
        len(made.identity("email", "x")),
    )


def test_a_value_is_hashed_as_the_decision_says():
    """
    BLAKE2b with the derived key: element with its length, person, value.
    """
    key = keys.load({"KLARSYN_KEYS": KEY}).derived("hash")
    message = b"\x00\x0cperson.email" + ANNA + "å@example.org".encode()
    expected = blake2b(message, key=key, person=b"klarsyn value 1", digest_size=12).digest()

    assert expected == hashes().element("person.email", ANNA, Personal("å@example.org"))


def test_a_batch_is_hashed_as_one_by_one(tmp_path):
    """
    Fast and slow are the same; no value has a hash of its own.
    """
    made = hashes()
    people = batch(
        tmp_path,
        "no;mail;name\nA;Anna@example.org;Anna\nb;;Bo\n",
        columns={"person.email": "mail", "person.name": "name"},
    )
    known = made.people(people)
    found = made.elements(people, known)

    assert [made.person(one.key) for one in people] == known
    assert found["person.email"] == [
        made.element("person.email", known[0], Personal("anna@example.org")),
        NOTHING,
    ]
    assert ["person.name"] == list(made.elements(people, known, {"person.name"}))


@given(st.text(min_size=1), st.text(min_size=1))
def test_equal_values_do_not_show(element, value):
    """
    Another person, another element, another use, another key: another hash.
    """
    made, other = hashes(), hashes(OLDER_AND_NEWER)
    found = {
        made.element(element, ANNA, Personal(value)),
        made.element(element, Person(b"b" * 16), Personal(value)),
        made.element(f"{element}x", ANNA, Personal(value)),
        made.element(element, ANNA, Personal(f"x{value}")),
        other.element(element, ANNA, Personal(value)),
        made.identity("email", value)[:12],
        made.person(Personal(f"{value}"))[:12],
    }

    assert 7 == len(found)


def test_an_older_key_still_makes_its_hashes():
    """
    After a rotation what lies under the older key is found.
    """
    older, now = hashes(KEY), hashes(OLDER_AND_NEWER)

    assert ("b", "a") == (now.key_id, now.under("a").key_id)
    assert older.person(Personal("1")) == now.under("a").person(Personal("1"))
    assert older.person(Personal("1")) != now.person(Personal("1"))


def test_a_key_that_is_not_given_is_told():
    """
    Rather stop than overlook somebody.
    """
    with pytest.raises(KeysMissing, match="under the key zzz"):
        hashes().under("zzz")


def test_identities_under_several_keys(tmp_path):
    """
    Each form under each key; under none where none is named.
    """
    (anna,) = batch(tmp_path, "no;mail\n1;an.na@gmail.com\n")
    made = hashes(OLDER_AND_NEWER)

    assert 2 == len(made.identities(anna.identities))
    assert 4 == len(made.identities(anna.identities, ["a", "b"]))
    assert frozenset() == made.identities(anna.identities, [])


def test_keys_are_not_printed():
    """
    They are secrets.
    """
    assert "AAAA" not in repr(hashes())


def test_what_people_of_a_batch_are_known_by_is_hashed_as_one_by_one(tmp_path):
    """
    Every form of each, once; of some people only, in the order in which they were asked for.
    """
    made = hashes()
    people = batch(
        tmp_path,
        "no;mail;phone\nA;a.nna@gmail.com;+46 70 174 06 05\nb;;\nc;bo@example.org;\n",
        columns={"person.email": "mail", "person.phone": "phone"},
    )
    found = made.known_by(people, [2, 0, 1])

    assert [1, 3, 0] == [len(one) for one in found]
    assert [made.identities(people[at].identities) for at in (2, 0, 1)] == [*map(frozenset, found)]
