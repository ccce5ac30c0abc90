import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn.errors import SecretUnreadable
from klarsyn.storage.queries import Query
from klarsyn.tasks.accounts import MAY, UNUSED, Accounts, Inside

FREJA = Inside("Freja Åstrand", "editor", "hash")
ROWS = Query("rows", "select * from account")


@pytest.fixture
def accounts(storage, keys):
    """An empty table."""
    return Accounts(storage, keys)


def test_name_is_found_however_it_is_spelt(accounts, clock):
    """
    Capital letters, composed letters and blanks around make no other name.
    """
    user = accounts.add(FREJA, clock.now())

    assert user == accounts.named(" FREJA A\u030aSTRAND ").user
    assert user == accounts.get(user.pseudonym).user
    assert accounts.named("Freja") is None
    assert accounts.get("staff-0") is None


def test_name_is_taken_once(accounts, clock):
    """
    A second account of the name is not made.
    """
    accounts.add(FREJA, clock.now())

    assert accounts.add(Inside("freja åstrand", "viewer", "other"), clock.now()) is None
    assert 1 == len(list(accounts.all()))


def test_nothing_lies_there_in_clear(accounts, storage, clock):
    """
    Neither the name nor the role can be read in the database.
    """
    user = accounts.add(FREJA, clock.now())
    (row,) = storage.run(ROWS)
    whole = repr(row)

    assert user.pseudonym in whole
    assert [] == [word for word in ("Freja", "strand", "editor", "hash") if word in whole]
    assert "Freja" not in repr(user)


def test_account_expires_unless_it_is_used(accounts, clock):
    """
    Each use gives it another year.
    """
    user = accounts.add(FREJA, clock.now())
    assert clock.now() + UNUSED == user.expires_at
    clock.move(days=100)

    assert accounts.renew(accounts.get(user.pseudonym), "newer", clock.now())
    renewed = accounts.get(user.pseudonym)
    assert ("newer", clock.now() + UNUSED) == (renewed.hash, renewed.user.expires_at)


def test_older_copy_is_not_written_over_a_newer(accounts, clock):
    """
    Who read before somebody else wrote changes nothing.
    """
    user = accounts.add(FREJA, clock.now())
    old = accounts.get(user.pseudonym)
    accounts.renew(old, "newer", clock.now())

    assert not accounts.renew(old, "stale", clock.now())
    assert "newer" == accounts.get(user.pseudonym).hash


def test_account_of_an_older_key_is_found(accounts, storage, clock, keys):
    """
    After a rotation the name is looked up under both keys, and moves to the newer by its use.
    """
    user = accounts.add(FREJA, clock.now())
    old = klarsyn_keys.Keys({**keys.secrets})
    text = " ".join(f"{one}:{secret.reveal()}" for one, secret in old.secrets.items())
    both = klarsyn_keys.load({"KLARSYN_KEYS": f"{text} {klarsyn_keys.made('2027')}"})
    newer = Accounts(storage, both)

    found = newer.named("freja åstrand")
    assert found
    assert user == found.user
    assert newer.add(FREJA, clock.now()) is None
    assert newer.renew(found, "hash", clock.now())
    only = klarsyn_keys.Keys({"2027": both.secrets["2027"]})
    assert Accounts(storage, only).named("freja åstrand") is not None


def test_sealed_account_of_another_row_is_refused(accounts, storage, clock):
    """
    Nobody becomes somebody else by a copy of bytes.
    """
    one = accounts.add(FREJA, clock.now())
    accounts.add(Inside("Nils Myrdal", "administrator", "x"), clock.now())
    copy = Query(
        "copy",
        "update account set sealed = (select sealed from account where pseudonym <> :one) "
        "where pseudonym = :one",
    )
    storage.run(copy, one=one.pseudonym)

    with pytest.raises(SecretUnreadable):
        accounts.get(one.pseudonym)


def test_account_can_be_erased(accounts, clock):
    """
    Once; then there is nothing to erase.
    """
    user = accounts.add(FREJA, clock.now())

    assert accounts.remove(user.pseudonym)
    assert not accounts.remove(user.pseudonym)


def test_rights_grow_with_the_role():
    """
    Whoever may approve may also work; whoever may anything may read.
    """
    assert MAY["administer"] < MAY["approve"] < MAY["work"] < MAY["read"]
