import pytest
from argon2.profiles import CHEAPEST

from klarsyn.errors import (
    AccountRefused,
    RoleMissing,
    SignInRefused,
    StorageConflict,
    UnknownName,
)
from klarsyn.personal import Secret
from klarsyn.storage.queries import Query
from klarsyn.tasks import Users
from klarsyn.tasks.passphrases import Passphrases
from klarsyn.tasks.users import ATTEMPTS
from tests.tasks.conftest import PHRASES

NEW = Secret("umbrellas for every cormorant")


# Signing in


def test_passphrase_proves_who_somebody_is(office):
    """
    The proof names the user, and shows neither name nor passphrase.
    """
    who = office("nils")

    assert ("nils", "approver") == (who.user.name.reveal(), who.user.role)
    assert "nils" not in repr(who)


@pytest.mark.parametrize("name", ["nils", "nobody"])
def test_wrong_passphrase_and_unknown_name_are_told_alike(office, users, name):
    """
    Nobody learns who has an account.
    """
    with pytest.raises(SignInRefused) as refusal:
        users.sign_in(name, PHRASES["tove"])

    assert "Name and passphrase do not belong together. [sign-in-refused]" == str(refusal.value)


def test_both_are_the_same_work(office, storage, clock, keys, journal):
    """
    One computation of Argon2 for a known name and for an unknown one.
    """
    done = []

    class Counted(Passphrases):
        def fits(self, passphrase, stored):
            done.append(stored is None)
            return super().fits(passphrase, stored)

    users = Users(storage, clock, keys, journal, Counted(CHEAPEST))
    for name in ("nils", "nobody"):
        with pytest.raises(SignInRefused):
            users.sign_in(name, NEW)

    assert [False, True] == done


def test_attempts_are_limited(office, users, clock):
    """
    After ten the right passphrase waits, too; a minute later it is let in.
    """
    for _ in range(ATTEMPTS):
        with pytest.raises(SignInRefused, match="do not belong"):
            users.sign_in("jens", NEW)
    with pytest.raises(SignInRefused, match=r"too many attempts.*6[01] seconds"):
        users.sign_in("jens", PHRASES["jens"])

    office("nils")
    clock.move(seconds=61)
    assert office("jens")


def test_right_attempts_are_not_counted(office):
    """
    Whoever approves twenty things in a row is let in twenty times.
    """
    for _ in range(2 * ATTEMPTS):
        assert office("jens")


def test_attempts_on_unknown_names_are_limited_too(users):
    """
    And what is counted does not say which name was tried.
    """
    for _ in range(ATTEMPTS):
        with pytest.raises(SignInRefused, match="do not belong"):
            users.sign_in("nobody", NEW)
    with pytest.raises(SignInRefused, match="too many"):
        users.sign_in("Nobody ", NEW)


def test_buckets_do_not_name_anybody(office, storage):
    """
    However many names are guessed, there are 4,096 of them at most.
    """
    names = [one for (one,) in storage.run(Query("b", "select name from bucket"))]

    assert names
    assert [] == [one for one in names if len("sign-in:fff") != len(one)]


def test_cheaper_hash_is_made_anew(office, storage, clock, keys, journal, users):
    """
    When the cost has risen, each account follows as its owner signs in.
    """
    dearer = Passphrases(CHEAPEST.__class__(**{**_fields(CHEAPEST), "time_cost": 2}))
    Users(storage, clock, keys, journal, dearer).sign_in("nils", PHRASES["nils"])

    assert not dearer.outdated(users._named("nils").hash)
    assert dearer.outdated(users._named("tove").hash)


def _fields(parameters):
    return {one: getattr(parameters, one) for one in parameters.__slots__}


def test_unused_account_lapses(office, clock):
    """
    After a year nobody signs in by it; one that was used lives on.
    """
    clock.move(days=300)
    office("nils")
    clock.move(days=300)

    assert office("nils")
    with pytest.raises(SignInRefused):
        office("tove")


# Rights


def test_proof_is_stale_after_ten_minutes(office, users, clock):
    """
    Whoever walks away does not approve.
    """
    who = office("nils")
    clock.move(seconds=599)
    assert users.check(who, "approve")
    clock.move(seconds=2)

    with pytest.raises(SignInRefused, match="has lapsed"):
        users.check(who, "approve")


def test_rights_are_those_of_the_moment(office, users):
    """
    Who was removed after signing in has none.
    """
    who = office("nils")
    users.remove("nils", office("freja"))

    with pytest.raises(SignInRefused):
        users.check(who, "read")


def test_role_without_the_right_is_told(office, users):
    """
    With the role that they have.
    """
    with pytest.raises(RoleMissing, match="The role editor may not do this"):
        users.check(office("tove"), "approve")


# Accounts


def test_first_one_becomes_administrator(users, recorded):
    """
    Whatever role was asked for; there is nobody else to let others in.
    """
    user = users.add("Freja", PHRASES["freja"], "viewer", None)

    assert "administrator" == user.role
    assert [
        ("user.added", user.pseudonym, {"user": user.pseudonym, "role": "administrator"})
    ] == recorded()


def test_only_an_administrator_adds_others(office, users):
    """
    Nobody makes themselves a second pair of eyes.
    """
    with pytest.raises(RoleMissing, match="Only an administrator"):
        users.add("second", NEW, "approver", None)
    with pytest.raises(RoleMissing):
        users.add("second", NEW, "approver", office("nils"))

    assert ["freja", "jens", "nils", "tove"] == [one.name.reveal() for one in users.all()]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "line\nbreak", "esc\x1b[2J"])
def test_name_is_one_line_of_text(users, name):
    """
    It is printed in lists.
    """
    with pytest.raises(AccountRefused, match="no name"):
        users.add(name, NEW, "viewer", None)


def test_name_is_taken_once(office, users):
    """
    Nothing of the second is kept, not even a record.
    """
    with pytest.raises(AccountRefused, match="There is an account of this name"):
        users.add("NILS", NEW, "viewer", office("freja"))


def test_account_is_removed_by_an_administrator(office, users, recorded):
    """
    The journal keeps the pseudonym, which leads to nobody any more.
    """
    pseudonym = users.named("tove").pseudonym
    with pytest.raises(RoleMissing):
        users.remove("tove", office("nils"))
    users.remove("tove", office("freja"))

    assert users.called(pseudonym) is None
    assert "user.removed" == recorded()[-1][0]
    with pytest.raises(UnknownName):
        users.named("tove")


def test_last_administrator_stays(office, users):
    """
    Else whoever comes next would become one.
    """
    with pytest.raises(AccountRefused, match="last administrator"):
        users.remove("freja", office("freja"))

    users.add("second", NEW, "administrator", office("freja"))
    users.remove("freja", office("freja"))
    assert users.has_administrator()


def test_everybody_changes_their_own_passphrase(office, users, recorded):
    """
    The old one is over at once.
    """
    users.change(office("jens"), NEW)

    assert users.sign_in("jens", NEW)
    with pytest.raises(SignInRefused):
        office("jens")
    assert "user.passphrase" == recorded()[-1][0]


def test_passphrase_changed_at_the_same_moment(office, users, monkeypatch):
    """
    Is told; neither is written over the other unseen.
    """
    monkeypatch.setattr(users._accounts, "renew", lambda *_: False)
    with pytest.raises(StorageConflict):
        users.change(users.sign_in("jens", PHRASES["jens"]), NEW)


def test_name_behind_a_pseudonym_is_wrapped(office, users):
    """
    It is a value of a person.
    """
    name = users.called(users.named("nils").pseudonym)

    assert ("***", "nils") == (str(name), name.reveal())
