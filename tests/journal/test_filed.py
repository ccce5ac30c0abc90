import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klarsyn import keys as klarsyn_keys
from klarsyn.journal import Journal, Selection, export, public_keys, verify_file
from klarsyn.journal.export import sealed
from klarsyn.journal.notes import Signer
from klarsyn.storage.queries import Query
from klarsyn.testing.storage import memory

NAMES = ["all", "alone", "slack", "bo", "later", "nobody"]


def told(verdict):
    """Return what is wrong, which has a remedy."""
    assert verdict.damage
    assert verdict.damage.remedy
    return str(verdict.damage.message)


@pytest.mark.parametrize("name", NAMES)
def test_file_is_sound(filed, trusted, name):
    """
    By the key that is trusted, with the checkpoint that it signs.
    """
    found = verify_file(filed["folder"] / name, trusted)

    assert found.damage is None
    assert (trusted[0], filed["journal"].checkpoint()) == (found.key, found.checkpoint)
    assert not found.own_key


def test_file_may_be_verified_by_its_own_key(filed):
    """
    Then the verdict says so: anybody can sign with a key of their own.
    """
    found = verify_file(filed["folder"] / "slack")

    assert (5, None) == (found.entries, found.damage)
    assert found.own_key


@given(st.sampled_from(NAMES), st.integers(0), st.integers(1, 255))
@settings(max_examples=400)
def test_any_byte_altered_in_a_file_is_found(spoilt_file, name, at, bits):
    """
    In the entries, in proofs, keys and seal, and between them.
    """
    folder, trusted, target = spoilt_file
    content = bytearray((folder / name).read_bytes())
    content[at % len(content)] ^= bits
    target.write_bytes(content)

    assert verify_file(target, trusted).damage is not None
    assert verify_file(target).damage is not None


@pytest.fixture(scope="session")
def spoilt_file(filed, keys, tmp_path_factory):
    """Where the files lie, what to trust, and where a spoilt one may lie."""
    return filed["folder"], public_keys(keys), tmp_path_factory.mktemp("spoilt") / "file"


# Somebody with a key who does not tell the truth


def again(filed, keys, target, name, change):
    """Write a file anew with changed lines, sealed as it should be; return where it lies."""
    texts = (filed["folder"] / name).read_text().splitlines()[:-1]
    changed = [json.loads(one) for one in texts]
    change(changed)
    rows = "".join(
        f"{json.dumps(one, separators=(',', ':'), ensure_ascii=False)}\n" for one in changed
    )
    body = sealed(filed["early"].journal, sha256(rows.encode()).hexdigest())
    seal = json.dumps({"seal": Signer(keys).sign(body)}, separators=(",", ":"), ensure_ascii=False)
    target.write_text(f"{rows}{seal}\n")
    return target


def _nothing(lines):
    del lines[1:1]


def _without_the_third(lines):
    del lines[3]


def _twice(lines):
    lines.insert(2, lines[1])


def _other_text(lines):
    lines[1]["entry"] = lines[1]["entry"].replace("slack", "trello")


def _no_text(lines):
    lines[1]["entry"] = "{}"


def _no_hash(lines):
    lines[1]["proof"][0] = "x"


def _longer_proof(lines):
    lines[1]["proof"].append("00" * 32)


def _other_vendor(lines):
    lines[0]["selection"]["vendor"] = "trello"


def _later(lines):
    lines[0]["selection"]["since"] = "2026-11-27"


def _other_person(lines):
    lines[1]["rows"][0]["row"] = lines[1]["rows"][0]["row"].replace("create", "remove")


def _other_place(lines):
    lines[1]["rows"][0]["position"] ^= 1  # rows are in no order, so it may be any


def _no_row(lines):
    lines[1]["rows"] = []


def _strange_row(lines):
    lines[1]["rows"][0]["row"] = "[]"


def _other_past(lines):
    lines[0]["earlier"]["proof"][0] = "00" * 32


def _no_past(lines):
    lines[0]["earlier"]["proof"] = []


def _other_key(lines):
    lines[0]["keys"] = ["x"]


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("all", _without_the_third, "it should hold all entries, and some are missing"),
        ("slack", _twice, "Entry 2: it stands twice or out of order."),
        ("slack", _other_text, "Entry 2: an entry is not one that the checkpoint signs."),
        ("slack", _no_text, "File: an entry is not one that the checkpoint signs."),
        ("slack", _no_hash, "an entry is not one that the checkpoint signs"),
        ("slack", _longer_proof, "an entry is not one that the checkpoint signs"),
        ("slack", _other_vendor, "Entry 2: it is not one that was selected."),
        ("slack", _later, "Entry 2: it is not one that was selected."),
        ("bo", _other_person, "Entry 1: a row of it is not one that it was written with."),
        ("bo", _other_place, "a row of it is not one that it was written with"),
        ("bo", _strange_row, "a row of it is not one that it was written with"),
        ("bo", _no_row, "Entry 1: it is not one that was selected."),
        ("all", _other_past, "its tree does not begin with that of the earlier checkpoint"),
        ("all", _no_past, "its tree does not begin with that of the earlier checkpoint"),
    ],
)
def test_lie_with_a_seal_is_found(filed, keys, tmp_path, name, change, says):
    """
    What the checkpoint signs decides, whoever sealed the file.
    """
    file = again(filed, keys, tmp_path / "file", name, change)
    assert says in told(verify_file(file, public_keys(keys)))


def test_file_written_anew_without_a_lie_is_sound(filed, keys, trusted, tmp_path):
    """
    So it is the lies that are found above, not the writing.
    """
    for name in ("all", "slack", "bo"):
        file = again(filed, keys, tmp_path / "file", name, _nothing)
        assert verify_file(file, trusted).damage is None


def test_key_inside_that_is_none_is_told(filed, keys, tmp_path):
    """
    Where there is no other to verify by.
    """
    file = again(filed, keys, tmp_path / "file", "all", _other_key)

    assert "is no public key" in told(verify_file(file))


def test_chain_that_is_broken_under_a_signed_root_is_told(keys, trusted, clock, tmp_path):
    """
    Somebody appended by other software and had it signed: the second names another first.
    """
    with memory(clock) as storage:
        journal = Journal(storage, clock, keys)
        journal.append("a", "trial.done")
        storage.run(Query("spoil", "update journal_head set head = :head"), head=b"x" * 32)
        journal.append("b", "trial.done")
        export(journal, tmp_path / "file", Selection())

    found = told(verify_file(tmp_path / "file", trusted))
    assert "Entry 2: it does not name the entry before it." == found


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b"\xff\xfe", b'"\\ud800"\n'])
def test_what_is_no_evidence_is_told(tmp_path, trusted, content):
    """
    The first line is named.
    """
    (tmp_path / "file").write_bytes(content)
    found = verify_file(tmp_path / "file", trusted)

    assert "File: line 1 is not what Klarsyn writes there." == told(found)
    assert (0, None) == (found.entries, found.checkpoint)


def test_line_that_is_written_otherwise_is_told(filed, trusted, tmp_path):
    """
    A blank more says the same and is not what was sealed.
    """
    text = (filed["folder"] / "slack").read_text()
    (tmp_path / "file").write_text(text.replace('{"entry":', '{ "entry":', 1))

    assert "line 2 is not what Klarsyn writes" in told(verify_file(tmp_path / "file", trusted))


def test_file_that_was_cut_off_is_told(filed, trusted, tmp_path):
    """
    It has no seal.
    """
    lines = (filed["folder"] / "slack").read_bytes().splitlines(keepends=True)
    (tmp_path / "file").write_bytes(b"".join(lines[:-2]))

    found = verify_file(tmp_path / "file", trusted)
    assert "line 5 is not what Klarsyn writes there" in told(found)


# What the reader knows


def test_checkpoint_that_the_reader_has_is_proved(filed, trusted):
    """
    The file shows that its tree begins with that of the earlier checkpoint.
    """
    now = filed["journal"].checkpoint()

    assert verify_file(filed["folder"] / "bo", trusted, [filed["early"], now]).damage is None


def test_missing_proof_is_asked_for(filed, trusted):
    """
    A file that was exported without it says nothing of the earlier checkpoint.
    """
    found = verify_file(filed["folder"] / "alone", trusted, [filed["early"]])

    assert "does not prove to go on from the checkpoint that is given" in told(found)


def test_later_checkpoint_shows_what_was_cut_off(filed, keys, trusted, clock, tmp_path):
    """
    As does one of another journal.
    """
    with memory(clock) as storage:
        other = Journal(storage, clock, keys)
        for one in range(20):
            other.append(f"k{one}", "trial.done")
        kept = other.checkpoint()

    found = verify_file(filed["folder"] / "all", trusted, [kept])
    assert "it cannot go on from the checkpoint that is given" in told(found)


def test_checkpoint_signed_by_somebody_else_is_told(filed, trusted, clock):
    """
    What the reader holds is verified too.
    """
    others = klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("k1")})
    with memory(clock) as storage:
        kept = Journal(storage, clock, others).checkpoint()

    found = verify_file(filed["folder"] / "all", trusted, [kept])
    assert "signature of klarsyn-journal/k1 is wrong" in told(found)


def test_proof_from_nothing_is_empty(keys, trusted, clock, tmp_path):
    """
    A checkpoint of no entries is where every journal goes on from.
    """
    with memory(clock) as storage:
        journal = Journal(storage, clock, keys)
        empty = journal.checkpoint()
        journal.append("a", "trial.done")
        export(journal, tmp_path / "file", Selection(), empty)

    assert verify_file(tmp_path / "file", trusted, [empty]).damage is None
