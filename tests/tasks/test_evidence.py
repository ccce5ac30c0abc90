import hashlib
import os
import stat
from datetime import UTC, datetime

import pytest

from klarsyn.errors import EvidenceRefused, SecretUnreadable, UnknownName
from klarsyn.personal import Personal
from klarsyn.storage.queries import Query
from klarsyn.tasks import evidence
from klarsyn.tasks.evidence import Evidence, read, written

LETTER = b"%PDF-1.7 Nothing is held of Birgit Lyngholt."


@pytest.fixture
def letter(tmp_path):
    """A file with an answer in it."""
    file = tmp_path / "Svar fra Signifly.pdf"
    file.write_bytes(LETTER)
    return file


@pytest.fixture
def kept(storage, tasks, uploads, clock, letter):
    """The letter, kept for an open task."""
    insert = (
        "insert into task values ('t', 'k', 'manual', '', '', '', '', '', '2026-12-01', 0, 'open', "
        "0, null, '', null)"
    )
    storage.run(Query("task", insert))
    return uploads.keep("t", read(letter), clock.now())


def test_file_is_read_once_and_hashed(letter):
    """
    The hash is the one that anybody computes.
    """
    found = read(letter)

    assert ("Svar fra Signifly.pdf", LETTER) == (found.name.reveal(), found.content)
    assert hashlib.sha256(LETTER).hexdigest() == found.sha256
    assert "Birgit" not in repr(found)
    assert "Signifly" not in repr(found)


def test_what_is_no_plain_file_is_refused(tmp_path, letter):
    """
    A link, a folder, a pipe, a missing file; a pipe is not waited for.
    """
    link, pipe = tmp_path / "link.pdf", tmp_path / "pipe.pdf"
    link.symlink_to(letter)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path, tmp_path / "missing.pdf", tmp_path / "null\0byte"):
        with pytest.raises(EvidenceRefused):
            read(path)


def test_empty_and_large_files_are_refused(tmp_path, monkeypatch):
    """
    The size is counted as it is read, so that a growing file is no way around.
    """
    file = tmp_path / "file.pdf"
    file.write_bytes(b"")
    with pytest.raises(EvidenceRefused, match="it is empty"):
        read(file)
    monkeypatch.setattr(evidence, "LARGEST", 10)
    file.write_bytes(b"x" * 10)
    assert 10 == len(read(file).content)
    file.write_bytes(b"x" * 11)
    with pytest.raises(EvidenceRefused, match="more than 10 bytes"):
        read(file)


def test_name_moves_neither_cursor_nor_folder(tmp_path):
    """
    What a file is called is only ever shown.
    """
    file = tmp_path / "..\\..\\etc\x1b[2J\n.pdf"
    file.write_bytes(LETTER)

    assert ".._.._etc_[2J_.pdf" == read(file).name.reveal()


def test_file_comes_back_as_it_was(kept, uploads):
    """
    With its name; the list has the hash and the size alone.
    """
    again = uploads.open(kept.id)

    assert ("Svar fra Signifly.pdf", LETTER) == (again.name.reveal(), again.content)
    assert [kept] == uploads.of("t")
    assert len(LETTER) == kept.size


def test_nothing_of_it_lies_there_in_clear(kept, storage):
    """
    Neither contents nor name.
    """
    (row,) = storage.run(Query("u", "select * from upload"))

    assert b"Birgit" not in repr(row).encode()
    assert "Signifly" not in repr(row)


def test_file_moved_to_another_task_is_refused(kept, uploads, storage):
    """
    Evidence of one thing is none of another.
    """
    storage.run(
        Query(
            "t",
            "insert into task select 'u', 'k2', kind, vendor, subject, assigned, what, "
            "letter, due, again, state, opened_at, closed_at, closed_by, expires_at from task",
        )
    )
    storage.run(Query("move", "update upload set task = 'u'"))

    with pytest.raises(SecretUnreadable):
        uploads.open(kept.id)


def test_file_is_kept_for_two_years_or_as_long_as_is_set(uploads, storage, keys):
    """
    Counted by the calendar.
    """
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)

    assert datetime(2030, 2, 28, 12, tzinfo=UTC) == uploads.until(leap)
    longer = evidence.Uploads(storage, keys, "P18M")
    assert datetime(2029, 8, 29, 12, tzinfo=UTC) == longer.until(leap)


def test_file_can_be_erased_before_its_time(kept, uploads):
    """
    Then it is gone, whoever asks.
    """
    assert uploads.erase(kept.id)
    assert not uploads.erase(kept.id)
    with pytest.raises(UnknownName):
        uploads.open(kept.id)


@pytest.mark.parametrize(
    ("name", "ending"), [("a.PDF", ".pdf"), ("a.p f", ".bin"), ("a", ".bin"), ("..", ".bin")]
)
def test_file_is_written_under_a_name_of_ours(tmp_path, name, ending):
    """
    For its owner alone, and never over another file.
    """
    file = written(Evidence(Personal(name), LETTER), tmp_path, 1)

    assert (LETTER, ending) == (file.read_bytes(), file.suffix)
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    with pytest.raises(FileExistsError):
        written(Evidence(Personal(name), LETTER), tmp_path, 1)
