import base64
import secrets
from datetime import timedelta

import pytest

from klarsyn import storage as storages
from klarsyn.errors import SecretUnreadable
from klarsyn.personal import Secret
from klarsyn.storage import Vault
from klarsyn.storage.queries import Query

OLD, NEW = secrets.token_bytes(32), secrets.token_bytes(32)
TOKEN = Secret("refresh-token-3f1c")


@pytest.fixture
def vault(storage):
    """A vault with one key, in an empty storage of each kind in turn."""
    return Vault(storage, {"2026": OLD})


@pytest.fixture
def newer(storage):
    """The same vault for who has been given a second key."""
    return Vault(storage, {"2026": OLD, "2027": NEW})


def key_ids(storage):
    """Return under which keys secrets lie."""
    return [one for (one,) in storage.run(Query("ids", "select key_id from secret order by name"))]


def test_secret_comes_back(vault, clock):
    """
    With its expiry and version, in a wrapper that shows nothing.
    """
    until = clock.now() + timedelta(days=90)
    version = vault.put("hubspot", TOKEN, until)
    stored = vault.get("hubspot")

    assert (TOKEN, version, until) == (stored.secret, stored.version, stored.expires_at)
    assert "refresh-token" not in repr(stored)


def test_any_text_comes_back(vault):
    """
    Nothing is assumed about what a vendor gives.
    """
    vault.put("x", Secret("å\0\n" * 1000))

    assert "å\0\n" * 1000 == vault.get("x").secret.reveal()
    assert vault.get("x").expires_at is None


def test_unknown_name_has_no_secret(vault):
    """
    It is not an error: a vendor may not be connected yet.
    """
    assert vault.get("hubspot") is None
    assert not vault.remove("hubspot")
    assert vault.replace("hubspot", "none", TOKEN) is None
    assert vault.get("hubspot") is None


def test_put_takes_the_place_of_the_old(vault):
    """
    Each has a version of its own.
    """
    versions = {vault.put("x", TOKEN), vault.put("x", Secret("newer"))}

    assert 2 == len(versions)
    assert "newer" == vault.get("x").secret.reveal()


def test_newer_token_is_not_lost(vault):
    """
    Of two that refresh at once, only the first replaces; the second is told to read again.
    """
    mine = theirs = vault.put("x", TOKEN)
    first = vault.replace("x", theirs, Secret("first"))

    assert vault.replace("x", mine, Secret("second")) is None
    assert ("first", first) == (vault.get("x").secret.reveal(), vault.get("x").version)


def test_old_version_of_a_removed_name_is_dead(vault):
    """
    Connecting anew makes no version that was there before.
    """
    old = vault.put("x", TOKEN)
    assert vault.remove("x")
    vault.put("x", Secret("anew"))

    assert vault.replace("x", old, Secret("stale")) is None


def test_expired_secrets_are_erased(vault, clock):
    """
    What has no expiry stays.
    """
    vault.put("gone", TOKEN, clock.now())
    vault.put("later", TOKEN, clock.now() + timedelta(seconds=1))
    vault.put("ever", TOKEN)

    assert 1 == vault.remove_expired(clock.now())
    assert [None, False, False] == [
        vault.get(name) if name == "gone" else vault.get(name) is None
        for name in ("gone", "later", "ever")
    ]


# Keys


def test_newest_key_encrypts_and_older_decrypt(vault, newer, storage):
    """
    Keys can be added without touching what lies there.
    """
    vault.put("a", TOKEN)
    newer.put("b", TOKEN)

    assert ["2026", "2027"] == key_ids(storage)
    assert TOKEN == newer.get("a").secret == newer.get("b").secret


def test_rotation_leaves_nothing_under_old_keys(vault, newer, storage):
    """
    Then the old key can be thrown away; versions stay as they were.
    """
    version = vault.put("a", TOKEN)
    newer.put("b", TOKEN)

    assert 1 == newer.rotate()
    assert 0 == newer.rotate()
    assert ["2027", "2027"] == key_ids(storage)
    stored = Vault(storage, {"2027": NEW}).get("a")
    assert stored
    assert version == stored.version


def test_refresh_during_a_rotation_wins(vault, newer, storage, monkeypatch):
    """
    What was replaced between reading and writing is not written over.
    """
    version = vault.put("a", TOKEN)
    really_sealed = newer._sealed

    def sealed(*facts):
        vault.replace("a", version, Secret("fresh"))
        return really_sealed(*facts)

    monkeypatch.setattr(newer, "_sealed", sealed)

    assert 0 == newer.rotate()
    assert "fresh" == newer.get("a").secret.reveal()


def test_missing_key_is_told_by_its_id(vault, storage):
    """
    Which one to give.
    """
    vault.put("hubspot", TOKEN)
    with pytest.raises(SecretUnreadable, match="hubspot is encrypted under the key 2026"):
        Vault(storage, {"2027": NEW}).get("hubspot")


def test_wrong_key_is_refused(vault, storage):
    """
    A key under another's id reads nothing.
    """
    vault.put("hubspot", TOKEN)
    with pytest.raises(SecretUnreadable, match="was altered, or the key 2026 is not the one"):
        Vault(storage, {"2026": NEW}).get("hubspot")


@pytest.mark.parametrize(
    "change",
    [
        "update secret set name = case name when 'a' then 'b' else 'a' end where name = 'a'",
        "update secret set version = 'x', name = 'b'",
        "update secret set name = 'b', sealed = '\\x00'",  # text in SQLite, a byte in PostgreSQL
    ],
)
def test_row_that_was_altered_is_refused(vault, storage, change):
    """
    A secret is bound to its name and version, so none can be put in another's place.
    """
    vault.put("a", TOKEN)
    storage.run(Query("change", change))
    with pytest.raises(SecretUnreadable):
        vault.get("b")


@pytest.mark.parametrize("keys", [{}, {"a": b"short"}, {"a": OLD, "b": b"x" * 31}])
def test_unfit_keys_are_refused(storage, keys):
    """
    Before anything is encrypted under them, and without repeating them.
    """
    with pytest.raises(ValueError, match="32 bytes each") as refusal:
        Vault(storage, keys)

    assert "xxx" not in str(refusal.value)


# What lies on the disk


def written_as(text):
    """Return the ways in which a text might lie in a file."""
    plain = text.encode()
    yield from (plain, plain.hex().encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))
    # Base64 of the text at each of the three places where a group may begin in it.
    for skip in range(3):
        whole = plain[skip : skip + (len(plain) - skip) // 3 * 3]
        yield base64.b64encode(whole)
        yield base64.urlsafe_b64encode(whole)


def test_secret_is_nowhere_in_the_files(tmp_path):
    """
    Neither in the database nor in its log, in clear, hex, base64 or UTF-16, nor is its key.
    """
    with storages.open(f"sqlite:///{tmp_path / 'klarsyn.db'}") as storage:
        vault = Vault(storage, {"2026": OLD})
        for number in range(50):
            vault.put(f"name-{number % 5}", TOKEN)
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert {"klarsyn.db", "klarsyn.db-wal", "klarsyn.db-shm"} == set(files)
    assert b"name-4" in files["klarsyn.db-wal"]
    forms = [*written_as(TOKEN.reveal()), OLD, OLD.hex().encode(), base64.b64encode(OLD)]
    assert [] == [(form, name) for name, held in files.items() for form in forms if form in held]


def test_erased_row_is_overwritten(tmp_path):
    """
    What is removed is not only unlinked.
    """
    file = tmp_path / "klarsyn.db"
    with storages.open(f"sqlite:///{file}") as storage:
        Vault(storage, {"2026": OLD}).put("someone-who-leaves", TOKEN)
        Vault(storage, {"2026": OLD}).remove("someone-who-leaves")

    assert ["klarsyn.db"] == [path.name for path in tmp_path.iterdir()]
    assert b"someone-who-leaves" not in file.read_bytes()
