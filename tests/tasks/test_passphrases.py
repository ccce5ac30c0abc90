import pytest
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from klarsyn.errors import AccountRefused
from klarsyn.personal import Secret
from klarsyn.tasks.passphrases import LONGEST, Passphrases

GOOD = Secret("granite lantern swims at noon")


@pytest.fixture
def passphrases():
    """Hashing at a low cost."""
    return Passphrases(CHEAPEST)


def test_cost_is_the_one_of_the_rfc():
    """
    RFC 9106's second recommended option: Argon2id, 64 MiB, three passes, four lanes.
    """
    assert Passphrases().hashed(GOOD, "freja").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (65536, 3, 4) == (
        RFC_9106_LOW_MEMORY.memory_cost,
        RFC_9106_LOW_MEMORY.time_cost,
        RFC_9106_LOW_MEMORY.parallelism,
    )


def test_right_one_fits_and_no_other(passphrases):
    """
    Two hashes of one passphrase differ, and both fit.
    """
    one, two = passphrases.hashed(GOOD, "freja"), passphrases.hashed(GOOD, "freja")

    assert one != two
    assert passphrases.fits(GOOD, one)
    assert passphrases.fits(GOOD, two)
    assert not passphrases.fits(Secret("granite lantern swims at Noon"), one)


def test_spelling_of_one_letter_does_not_matter(passphrases):
    """
    A keyboard may compose å of two characters; both are the same passphrase.
    """
    stored = passphrases.hashed(Secret("blåbær på en stille høst"), "freja")

    assert passphrases.fits(Secret("bla\u030abær pa\u030a en stille høst"), stored)


@pytest.mark.parametrize(
    "weak",
    ["", "short one", "x" * 14, "x" * 40, "abababababababab", "Freja and her garden", "x" * 1001],
)
def test_weak_ones_are_refused(passphrases, weak):
    """
    Too short, too long, hardly any characters, or the name itself.
    """
    with pytest.raises(AccountRefused) as refusal:
        passphrases.hashed(Secret(weak), "freja")

    assert weak == "" or weak not in str(refusal.value)


def test_short_name_may_stand_in_a_passphrase(passphrases):
    """
    Three letters stand in many a sentence by chance.
    """
    assert passphrases.hashed(Secret("bo likes seven kettles"), "bo")


def test_nothing_stored_fits_nothing(passphrases):
    """
    No account: the same work, and the same answer as for a wrong passphrase.
    """
    assert not passphrases.fits(GOOD, None)
    assert not passphrases.fits(Secret("x" * (LONGEST + 50)), None)
    assert not passphrases.fits(GOOD, "no hash at all")


def test_hash_of_another_cost_is_outdated(passphrases):
    """
    It is made anew when its owner next signs in.
    """
    old = passphrases.hashed(GOOD, "freja")

    assert not passphrases.outdated(old)
    assert Passphrases().outdated(old)
    assert not passphrases.outdated(passphrases.again(GOOD))
