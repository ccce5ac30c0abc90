import pytest

from klarsyn.errors import BackupRefused
from klarsyn.upkeep.erased import Erased, people, remember, remembered
from tests.upkeep.house import House, identities


@pytest.fixture
def file(tmp_path):
    """Where it is remembered who was erased."""
    return tmp_path / "tombstones.jsonl"


def test_a_file_says_what_the_database_says(house, file):
    """
    Hash by hash, on both databases.
    """
    count = remember(house.storage, file)

    assert remembered(file).rows == Erased.of(house.storage).rows
    assert count == sum(remembered(file).counts.values()) == len(file.read_text().splitlines())


def test_only_what_is_new_is_added(house, file):
    """
    Nothing that stands there is touched.
    """
    remember(house.storage, file)
    before = file.read_bytes()

    assert 0 == remember(house.storage, file)
    house.erase(1)
    assert 3 == remember(house.storage, file)  # an address, a number, a person
    assert file.read_bytes().startswith(before)


def test_no_value_stands_in_it(house, file):
    """
    And nobody but its owner reads it.
    """
    house.erase(1)
    remember(house.storage, file)

    assert "freja" not in file.read_text()
    assert 0o600 == file.stat().st_mode & 0o777


def test_an_empty_database_takes_nothing_away(house, empty, file):
    """
    Whoever lost everything and began anew still knows who was erased.
    """
    remember(house.storage, file)
    before = file.read_bytes()

    assert 0 == remember(empty.storage, file)
    assert before == file.read_bytes()


def test_what_ended_is_not_forgotten(house, file):
    """
    Rather is somebody restricted once more than not.
    """
    remember(house.storage, file)
    before = remembered(file).counts
    house.storage.run("end_restriction", person=house.person(90))
    remember(house.storage, file)

    assert 1 == before["restriction"] == remembered(file).counts["restriction"]


def test_the_last_word_counts(storage, clock, file):
    """
    A later opt-in ends an opt-out, a later erasure an earlier one.
    """
    house = House(storage, clock)
    house.facts.opt_out(identities(1), clock.now())
    house.facts.bury(identities(1), clock.now())
    remember(storage, file)
    clock.move(days=1)
    house.facts.opt_in(identities(1), clock.now(), "form-9")
    house.facts.bury(identities(1), clock.now())
    remember(storage, file)

    assert Erased.of(storage).rows == remembered(file).rows
    assert 8 == len(file.read_text().splitlines())


def test_a_line_that_a_crash_left_is_mended(house, file):
    """
    It is read as if it were not there, and written anew.
    """
    count = remember(house.storage, file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-9])
    with pytest.raises(BackupRefused, match=f":{count}: this says of nobody"):
        remembered(file)

    assert 1 == remember(house.storage, file)
    assert whole == file.read_bytes()


@pytest.mark.parametrize(
    "line",
    [
        "a letter",
        '{"table":"task","row":{}}',
        '{"table":"tombstone","row":{"identity":"xy","since":1.0}}',
        '{"table":"tombstone","row":{"since":1.0}}',
        '{"table":"tombstone","row":{"identity":"aa"}}',
    ],
)
def test_any_other_line_is_refused(file, line):
    """
    With its number: nothing is overlooked that may once have said something.
    """
    file.write_text(f"{line}\n")
    with pytest.raises(BackupRefused, match=":1: this says of nobody"):
        remembered(file)


def test_missing_file_is_refused(file):
    """
    A slip of the pen does not bring people back.
    """
    with pytest.raises(BackupRefused, match="There is no file"):
        remembered(file)


def test_a_place_that_cannot_be_written_is_told(house, tmp_path):
    """
    With the system's reason.
    """
    with pytest.raises(BackupRefused, match="cannot be written: No such file"):
        remember(house.storage, tmp_path / "nowhere" / "x")


def test_people_are_told_from_what_they_are_known_by(house):
    """
    Both are hashes of the same size.
    """
    house.erase(1)
    found = Erased.of(house.storage).identities()

    assert {house.person(1)} == people(found)
    assert {"email", "phone", "person"} == set(found.values())
