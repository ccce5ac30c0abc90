import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from klarsyn import keys as klarsyn_keys
from klarsyn.errors import EvidenceUnread, JournalDamaged
from klarsyn.journal.notes import PublicKey, Signer, opened, parts, public_keys

BODY = "klarsyn-journal/x\n12\n"
#: The example of the form itself, in the documentation of golang.org/x/mod/sumdb/note.
EXAMPLE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
    "tpRZb6KE6RyyBwJnAM=\n"
)
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@pytest.fixture
def note(keys):
    """A note of ours."""
    return Signer(keys).sign(BODY)


def test_note_is_opened_by_the_key_that_signed(note, trusted):
    """
    The body comes back, and which key it was.
    """
    assert (BODY, trusted[0]) == opened(note, trusted)


def test_form_is_that_of_transparency_logs():
    """
    A note of golang.org/x/mod/sumdb/note is opened with its own key.
    """
    body, key = opened(EXAMPLE, [PublicKey.read(NEUMANN)])

    assert body.startswith("If you think cryptography")
    assert "PeterNeumann" == key.name


def test_signature_is_ed25519_over_the_body(note, trusted):
    """
    Any library verifies it: the body with its last line end, four bytes of id before.
    """
    body, _, signature = parts(note)

    Ed25519PublicKey.from_public_bytes(trusted[0].key).verify(signature[4:], body.encode())
    assert trusted[0].id == signature[:4]


@pytest.mark.parametrize("at", range(len(BODY) + 60))
def test_any_other_byte_is_found(note, trusted, at):
    """
    In the body, in the name, in the signature.
    """
    spoilt = note[:at] + ("x" if note[at] != "x" else "y") + note[at + 1 :]
    with pytest.raises(JournalDamaged):
        opened(spoilt, trusted)


def test_last_letter_of_a_signature_cannot_be_another(note, trusted):
    """
    Base64 leaves bits unused there; another letter with the same bytes is refused.
    """
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    letter = note[-3]
    for other in set(alphabet) - {letter}:
        spoilt = f"{note[:-3]}{other}=\n"
        with pytest.raises(JournalDamaged):
            opened(spoilt, trusted)


def test_key_that_is_not_given_is_named(note):
    """
    So that one knows which to ask for.
    """
    with pytest.raises(JournalDamaged, match="signed by klarsyn-journal/k1, whose public key"):
        opened(note, [PublicKey.read(NEUMANN)])


def test_key_of_the_same_name_is_another_key(note):
    """
    Who makes a key of the same name signs nothing for us.
    """
    other = public_keys(klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("k1")}))
    with pytest.raises(JournalDamaged, match="signature of klarsyn-journal/k1 is wrong"):
        opened(note, other)


def test_older_keys_still_verify(note, keys):
    """
    A new key signs from now on; what the old one signed holds.
    """
    both = klarsyn_keys.Keys({**keys.secrets, **_new("k2").secrets})
    newer = Signer(both).sign(BODY)

    assert "klarsyn-journal/k1" == opened(note, public_keys(both))[1].name
    assert "klarsyn-journal/k2" == opened(newer, public_keys(both))[1].name


def _new(key_id):
    return klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made(key_id)})


def test_public_key_is_one_line(trusted):
    """
    It is read back as it was printed; the lines of others are read too.
    """
    (key,) = trusted

    assert key == PublicKey.read(f" {key}\n")
    assert NEUMANN == str(PublicKey.read(NEUMANN))


@pytest.mark.parametrize("place", range(len(NEUMANN)))
def test_altered_public_key_is_refused(place):
    """
    Name and bytes are bound by the id: a slip of the pen is found.
    """
    spoilt = NEUMANN[:place] + ("A" if NEUMANN[place] != "A" else "B") + NEUMANN[place + 1 :]
    with pytest.raises(EvidenceUnread, match="is no public key"):
        PublicKey.read(spoilt)


def test_bytes_that_are_no_key_sign_nothing():
    """
    A line may hold the right id and no point of the curve.
    """
    assert not PublicKey("x", b"\xff" * 32).signed(b"", b"\0" * 68)
    assert not PublicKey("x", b"\xff" * 31).signed(b"", b"\0" * 68)


@pytest.mark.parametrize("note", ["", "body\n", "body\n\n— name short\n", f"a\n\n— n {'A' * 92}\n"])
def test_text_without_a_signature_is_no_note(note):
    """
    It is told, and nothing of it is believed.
    """
    with pytest.raises(JournalDamaged, match="not a text with a signature below"):
        parts(note)


def test_private_key_is_derived_for_signing_alone(keys, trusted):
    """
    Neither the secret nor what is derived for another use verifies as the public key.
    """
    assert trusted[0].key not in {keys.derived("sign"), keys.derived("seal")}
    assert 44 == len(base64.b64encode(b"\1" + trusted[0].key))
