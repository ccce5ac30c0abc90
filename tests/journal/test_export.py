import json
import stat

import pytest

from klarsyn.errors import JournalDamaged
from klarsyn.journal import Journal, Selection, export
from klarsyn.storage.queries import Query
from klarsyn.testing.storage import memory
from tests.journal.recording import PEOPLE, SOME, record


def lines(filed, name):
    """Return what the lines of a file say."""
    return [json.loads(one) for one in (filed["folder"] / name).read_text().splitlines()]


def entries(filed, name):
    """Return the entries of a file."""
    return [json.loads(one["entry"]) for one in lines(filed, name)[1:-1]]


def test_file_opens_with_what_it_rests_on(filed, trusted):
    """
    A checkpoint of all there is, public keys, what was selected, and the earlier checkpoint.
    """
    first = lines(filed, "slack")[0]

    assert 1 == first["format"]
    assert filed["journal"].checkpoint().note == first["checkpoint"]
    assert [str(one) for one in trusted] == first["keys"]
    assert {"vendor": "slack", "kind": "", "subject": "", "since": ""} == first["selection"]
    assert filed["early"].note == first["earlier"]["checkpoint"]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("all", [*range(1, 12)]),
        ("slack", [2, 4, 6, 8, 10]),
        ("bo", [1, 4, 7, 10]),
        ("later", [8, 9, 10, 11]),
        ("nobody", []),
    ],
)
def test_file_holds_what_was_asked_for(filed, name, numbers):
    """
    And no entry more.
    """
    assert numbers == [one["number"] for one in entries(filed, name)]


def test_entries_are_the_text_that_was_hashed(filed):
    """
    Byte for byte, so that nobody has to write JSON as Klarsyn does.
    """
    texts = [one["entry"].encode() for one in lines(filed, "all")[1:-1]]

    assert [one.text() for one in filed["journal"].entries()] == texts


def test_only_the_subject_asked_for_is_shown(filed):
    """
    The rows of others stay away; a proof holds hashes over random ids, which nobody can guess.
    """
    journal = filed["journal"]
    text = (filed["folder"] / "bo").read_text()

    assert [1] * 4 == [len(one["rows"]) for one in lines(filed, "bo")[1:-1]]
    assert journal.subject(PEOPLE[1]) in text
    assert journal.subject(PEOPLE[0]) not in text
    assert 'rows":[{' not in (filed["folder"] / "all").read_text()


def test_file_is_for_its_owner_alone(filed):
    """
    Random ids of people are still people's data.
    """
    assert 0o600 == stat.S_IMODE((filed["folder"] / "all").stat().st_mode)


def test_damaged_entry_is_not_exported(tmp_path, clock, keys):
    """
    It is told instead, and a file of before stays as it was.
    """
    file = tmp_path / "evidence.jsonl"
    file.write_text("before")
    with memory(clock) as storage:
        journal = Journal(storage, clock, keys)
        record(journal, SOME)
        storage.run(
            Query("spoil", "update journal_entry set entry = entry || ' ' where number = 5")
        )
        with pytest.raises(JournalDamaged, match="Entry 5: its text is not the one that was"):
            export(journal, file, Selection())

    assert ["before"] == [one.read_text() for one in tmp_path.iterdir()]


def test_no_proof_from_another_journals_checkpoint(filed, tmp_path, clock, keys):
    """
    Nor from one of more entries than there are.
    """
    with memory(clock) as storage:
        other = Journal(storage, clock, keys)
        with pytest.raises(JournalDamaged, match="a checkpoint signs 7 entries of journal"):
            export(other, tmp_path / "evidence.jsonl", Selection(), filed["early"])

    assert [] == list(tmp_path.iterdir())
