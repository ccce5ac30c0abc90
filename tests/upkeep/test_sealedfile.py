import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn.clock import SystemClock
from klarsyn.errors import BackupRefused, KeysMissing
from klarsyn.storage import Sealing
from klarsyn.upkeep.sealedfile import Part, SealedFile, made_head, write
from tests.upkeep.house import KEYS, ROTATED

SEALING = Sealing(KEYS.all("seal"))
PARTS = [
    Part("tombstone", ["identity", "since"], [[b"\0\xff", 1.5], [b"a", 2.0]]),
    Part("task", ["id", "closed_at"], [["Ærø", None]]),
]


def written(file, parts=PARTS):
    """Write a backup of these parts."""
    return write(file, made_head(SystemClock().now(), [(1, "ab")], SEALING), parts, SEALING)


def test_parts_come_back_as_they_were(backup):
    """
    Bytes, texts, numbers and nothing.
    """
    done = written(backup)
    read = SealedFile(backup, SEALING)

    assert PARTS == list(read.parts())
    assert (done.head, done.sha256) == (read.head, read.sha256)
    assert {"tombstone": 2, "task": 1} == done.counts
    assert [{"id": "Ærø", "closed_at": None}] == PARTS[1].as_rows()


def test_nothing_is_written_over(backup):
    """
    Neither a file of that name nor one that somebody began; both stay.
    """
    backup.write_text("mine")
    with pytest.raises(BackupRefused, match="is there already"):
        written(backup)
    backup.unlink()
    half = backup.with_name(f"{backup.name}.part")
    half.write_text("begun")
    with pytest.raises(BackupRefused, match=r"\.part is there already"):
        written(backup)

    assert "begun" == half.read_text()


def test_a_file_that_came_meanwhile_is_not_written_over(backup):
    """
    Not even in the last moment.
    """

    def parts():
        backup.write_text("mine")
        yield PARTS[0]

    with pytest.raises(BackupRefused):
        written(backup, parts())

    assert ["mine"] == [one.read_text() for one in backup.parent.iterdir()]


def test_half_a_backup_is_taken_away(backup):
    """
    What could not be read to the end leaves no file.
    """

    def parts():
        yield PARTS[0]
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        written(backup, parts())

    assert [] == list(backup.parent.iterdir())


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """
    It is not made.
    """
    with pytest.raises(BackupRefused, match="cannot be written: No such file"):
        written(tmp_path / "nowhere" / "x")


def test_only_its_owner_reads_it(backup):
    """
    Sealed as it is.
    """
    written(backup)

    assert 0o600 == backup.stat().st_mode & 0o777
    assert "Ærø".encode() not in backup.read_bytes()


def test_any_altered_byte_is_found(backup):
    """
    Head, lengths and parts, each byte.
    """
    written(backup)
    whole = backup.read_bytes()
    for at in range(len(whole)):
        spoilt = bytearray(whole)
        spoilt[at] ^= 1
        backup.write_bytes(spoilt)
        with pytest.raises((BackupRefused, KeysMissing)):
            list(SealedFile(backup, SEALING).parts())


def test_any_missing_end_is_found(backup):
    """
    And anything that was added.
    """
    written(backup)
    whole = backup.read_bytes()
    for spoilt in [*(whole[:at] for at in range(0, len(whole), 7)), whole + b"\0"]:
        backup.write_bytes(spoilt)
        with pytest.raises(BackupRefused):
            list(SealedFile(backup, SEALING).parts())


def test_parts_of_another_backup_do_not_fit(backup, tmp_path):
    """
    Each is bound to its file and its place.
    """
    written(backup)
    other = tmp_path / "other"
    written(other)
    lines = [one.read_bytes().split(b"\n", 2) for one in (backup, other)]
    backup.write_bytes(b"\n".join([*lines[0][:2], lines[1][2]]))
    with pytest.raises(BackupRefused, match="altered"):
        list(SealedFile(backup, SEALING).parts())


def test_counts_are_compared(backup):
    """
    The end says how many rows there are.
    """
    written(backup, [PARTS[0], Part("", [], [], {"tombstone": 1})])
    with pytest.raises(BackupRefused, match="more in it than was written"):
        list(SealedFile(backup, SEALING).parts())


def test_older_keys_open_it_and_others_do_not(backup):
    """
    A key that is missing is named.
    """
    written(backup)
    other = klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("other")})

    assert PARTS == list(SealedFile(backup, Sealing(ROTATED.all("seal"))).parts())
    with pytest.raises(KeysMissing, match="under the key old"):
        list(SealedFile(backup, Sealing(other.all("seal"))).parts())


@pytest.mark.parametrize("content", [b"", b"a letter", b"klarsyn-backup 1\n{}\n"])
def test_what_is_no_backup_is_told(backup, content):
    """
    Empty files, other files, and half a head.
    """
    backup.write_bytes(content)
    with pytest.raises(BackupRefused, match="it is no backup of Klarsyn's"):
        SealedFile(backup, SEALING)


def test_missing_file_is_told(backup):
    """
    With the system's reason.
    """
    with pytest.raises(BackupRefused, match="No such file"):
        SealedFile(backup, SEALING)
