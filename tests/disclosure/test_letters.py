"""Dead letters at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn import keys
from klarsyn.disclosure.letters import DeadLetters
from klarsyn.errors import SecretUnreadable
from klarsyn.people.ledger import Person
from klarsyn.personal import Personal
from klarsyn.storage import Sealing

if TYPE_CHECKING:
    from klarsyn.storage import Storage
    from klarsyn.testing import StillClock

ANN = Person(b"a" * 16)
KEYS = keys.load({keys.VARIABLE: keys.made("one")})


@pytest.fixture
def letters(storage: Storage, clock: StillClock) -> DeadLetters:
    """None yet."""
    return DeadLetters(storage, clock, Sealing(KEYS.all("seal")))


def test_letter_is_read_as_it_was_written(letters: DeadLetters) -> None:
    """Values come back wrapped; what was to be cleared is nothing."""
    letters.put("mailchimp", ANN, {"email": "ann@example.com", "phone": None})
    (one,) = letters.of("mailchimp")
    assert {"email": Personal("ann@example.com"), "phone": None} == one.values
    assert "ann" not in repr(one)


def test_letters_of_those_who_were_sent_after_all_are_erased(letters: DeadLetters) -> None:
    """Several at once; who has none is no matter."""
    people = [Person(bytes([one]) * 16) for one in b"abc"]
    for one in people[:2]:
        letters.put("mailchimp", one, {"email": "ann@example.com"})
    letters.drop("mailchimp", people[1:])
    assert [people[0]] == [one.person for one in letters.of("mailchimp")]
    assert {people[0]} == letters.people("mailchimp")
    assert set() == letters.people("plecto")


def test_letter_lies_encrypted(letters: DeadLetters, storage: Storage) -> None:
    """Whoever has the database alone reads nothing."""
    letters.put("mailchimp", ANN, {"email": "ann@example.com"})
    (row,) = storage.run("dead_letters", vendor="mailchimp")
    assert b"ann@example" not in bytes(row[2])  # type: ignore[arg-type]


def test_letter_under_a_key_that_is_gone_is_told(
    letters: DeadLetters, storage: Storage, clock: StillClock
) -> None:
    """It is not taken for nothing."""
    letters.put("mailchimp", ANN, {"email": "ann@example.com"})
    other = keys.load({keys.VARIABLE: keys.made("two")})
    with pytest.raises(SecretUnreadable, match="dead letter"):
        list(DeadLetters(storage, clock, Sealing(other.all("seal"))).of("mailchimp"))


def test_letter_of_another_is_not_read_as_theirs(letters: DeadLetters, storage: Storage) -> None:
    """It is bound to its vendor and person."""
    letters.put("mailchimp", ANN, {"email": "ann@example.com"})
    ((_, key_id, sealed, expires),) = storage.run("dead_letters", vendor="mailchimp")
    storage.run(
        "put_dead_letter",
        vendor="zendesk",
        person=ANN,
        key_id=key_id,
        sealed=sealed,
        expires_at=expires,
    )
    with pytest.raises(SecretUnreadable):
        list(letters.of("zendesk"))


def test_letters_of_an_erased_person_are_gone(letters: DeadLetters) -> None:
    """At every vendor."""
    letters.put("mailchimp", ANN, {})
    letters.put("zendesk", ANN, {})
    letters.forget(ANN)
    assert [] == [*letters.of("mailchimp"), *letters.of("zendesk")]
