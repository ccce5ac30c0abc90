import json

import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn import storage as storages
from klarsyn.clock import SystemClock
from klarsyn.journal import Journal
from tests.acceptance.processes import klarsyn
from tests.journal.recording import PEOPLE, SOME, record

KEY = klarsyn_keys.made("k1")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A folder with klarsyn.yaml and a journal of some entries; the rest of the tests only read."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "klarsyn.yaml").write_text("format: 1\n")
    with storages.open(f"sqlite:///{folder / 'klarsyn.sqlite'}") as storage:
        keys = klarsyn_keys.load({"KLARSYN_KEYS": KEY})
        journal = Journal(storage, SystemClock(), keys)
        record(journal, 7)
        (folder / "early.txt").write_text(journal.checkpoint().note)
        record(journal, SOME, first=7)
        (folder / "subject.txt").write_text(journal.subject(PEOPLE[1]))
    return folder


def evidence(folder, *words, **environment):
    """Run a command on evidence, with the key in the environment."""
    return klarsyn("evidence", *words, folder=folder, **({"KLARSYN_KEYS": KEY} | environment))


def test_sound_journal(recorded):
    """
    How many entries, up to where they are signed, by which key, and that nothing is wrong.
    """
    done = evidence(recorded, "verify")
    public = evidence(recorded, "key").stdout

    assert (0, "") == (done.returncode, done.stderr)
    assert f"Entries read, and as they were written: {SOME}.\n" in done.stdout
    assert f"Public key: {public}" in done.stdout
    assert done.stdout.endswith("Nothing is wrong.\n")


def test_public_key_is_one_line_for_each_key(recorded):
    """
    Oldest first, and no secret in it.
    """
    two = f"{KEY} {klarsyn_keys.made('k2')}"
    done = evidence(recorded, "key", KLARSYN_KEYS=two)

    assert ["klarsyn-journal/k1", "klarsyn-journal/k2"] == [
        line.partition("+")[0] for line in done.stdout.splitlines()
    ]
    assert KEY.partition(":")[2] not in done.stdout


def test_verdict_for_programs(recorded):
    """
    JSON with the checkpoint as it was signed.
    """
    found = json.loads(evidence(recorded, "verify", "--json").stdout)

    assert [True, SOME, None, False] == [
        found[name] for name in ("sound", "entries", "damage", "key_from_file")
    ]
    assert found["checkpoint"].startswith("klarsyn-journal/")


@pytest.mark.parametrize(
    ("words", "count"),
    [([], SOME), (["--vendor", "slack"], 5), (["--since", "2999-01-01"], 0), (["--subject"], 4)],
)
def test_export_is_verified_without_the_database(recorded, tmp_path, words, count):
    """
    By a published key, in a folder where nothing else lies.
    """
    file = tmp_path / "evidence.jsonl"
    subject = [(recorded / "subject.txt").read_text()] if words == ["--subject"] else []
    done = evidence(recorded, "export", file, *words, *subject)
    key = evidence(recorded, "key").stdout.strip()
    read = klarsyn("evidence", "verify", file, "--key", key, "--json", folder=tmp_path)
    found = json.loads(read.stdout)

    assert (0, f"Entries written to {file}: {count}.\n") == (done.returncode, done.stdout)
    assert (0, True, count) == (read.returncode, found["sound"], found["entries"])


def test_file_without_a_key_says_so(recorded, tmp_path):
    """
    The key inside it proves nothing until somebody compares it.
    """
    evidence(recorded, "export", tmp_path / "evidence.jsonl")
    done = klarsyn("evidence", "verify", "evidence.jsonl", folder=tmp_path)

    assert 0 == done.returncode
    assert "This key came with the file: compare it" in done.stdout


def test_earlier_checkpoint_is_proved(recorded, tmp_path):
    """
    The reader gives the text that they kept, and gets a file that goes on from it.
    """
    early = recorded / "early.txt"
    evidence(recorded, "export", tmp_path / "with.jsonl", "--checkpoint", early)
    evidence(recorded, "export", tmp_path / "without.jsonl")

    def code(name):
        words = ("verify", tmp_path / name, "--checkpoint", early)
        return evidence(recorded, *words).returncode

    assert (0, 1) == (code("with.jsonl"), code("without.jsonl"))
    assert 0 == evidence(recorded, "verify", "--checkpoint", tmp_path / "with.jsonl").returncode


def test_damage_is_told_with_its_remedy(recorded, tmp_path):
    """
    Exit code 1, the entry, what is wrong and what to do; the same for programs.
    """
    file = tmp_path / "evidence.jsonl"
    evidence(recorded, "export", file)
    file.write_text(file.read_text().replace('batch\\":3', 'batch\\":4', 1))
    done, plain = (evidence(recorded, "verify", file, *more) for more in ([], ["--json"]))
    told = json.loads(plain.stdout)["damage"]

    assert (1, 1) == (done.returncode, plain.returncode)
    assert 4 == told["number"]
    assert f"{told['what']}\n{told['remedy']}\n" in done.stdout
    assert "Nothing is wrong" not in done.stdout


def test_unsigned_entries_are_counted(tmp_path):
    """
    A journal that nobody signed is chained, and that is all.
    """
    (tmp_path / "klarsyn.yaml").write_text("format: 1\n")
    with storages.open(f"sqlite:///{tmp_path / 'klarsyn.sqlite'}") as storage:
        record(Journal(storage, SystemClock(), klarsyn_keys.load({"KLARSYN_KEYS": KEY})), 3)
    done = evidence(tmp_path, "verify")

    assert 0 == done.returncode
    assert "Not signed by any checkpoint yet: 3.\n" in done.stdout
    assert "Public key" not in done.stdout


def test_nothing_is_verified_where_nothing_is(tmp_path):
    """
    15: an absent database is not told as a sound one.
    """
    (tmp_path / "klarsyn.yaml").write_text("format: 1\n")
    done = evidence(tmp_path, "verify")

    assert (15, "") == (done.returncode, done.stdout)
    assert "There is no database at sqlite:///" in done.stderr
    assert not (tmp_path / "klarsyn.sqlite").exists()


def test_journal_needs_a_key_to_verify_by(recorded):
    """
    24 without one; a public key is enough.
    """
    key = evidence(recorded, "key").stdout.strip()

    assert 24 == klarsyn("evidence", "verify", folder=recorded).returncode
    assert 0 == klarsyn("evidence", "verify", "--key", key, folder=recorded).returncode


@pytest.mark.parametrize("words", [["--key", "nonsense"], ["--checkpoint", "klarsyn.yaml"]])
def test_what_is_no_key_or_checkpoint_is_told(recorded, words):
    """
    62: before anything is verified by it.
    """
    done = evidence(recorded, "verify", *words)

    assert (62, "") == (done.returncode, done.stdout)
    assert "[evidence-unread]" in done.stderr


def test_checkpoint_file_that_is_no_text_is_told(recorded):
    """
    62: the database itself was named.
    """
    done = evidence(recorded, "verify", "--checkpoint", "klarsyn.sqlite")

    assert 62 == done.returncode
    assert "klarsyn.sqlite cannot be read" in done.stderr
