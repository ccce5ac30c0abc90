"""Messages that are kept to be said later."""

from __future__ import annotations

from datetime import date

import pytest

from klarsyn.errors import Message, Quote, said
from klarsyn.personal import Personal
from klarsyn.stored import from_json, to_json


@pytest.mark.parametrize(
    "message",
    [
        said("Nothing was sent."),
        said("{count} rows until {day}", count=3, day=date(2026, 11, 26)),
        said("{why}: {names}", why=said("the key lacks {right}", right="users.write"), names=["a"]),
        said("{label} and {words}", label={"sv": "Namn", "en": "Name"}, words=Quote("Namn", "sv")),
    ],
)
def test_message_comes_back_as_it_was(message: Message) -> None:
    """A task of today is read tomorrow, in whatever language the reader has."""
    assert message == from_json(to_json(message))


def test_value_of_a_person_is_not_stored() -> None:
    """A message that holds a wrapped value is refused before anything is written."""
    with pytest.raises(TypeError, match="Personal"):
        to_json(said("{name} was refused", name=Personal("Freja Lyngholt")))
