"""The verifier that docs/how-to/verify-evidence.md prints, which knows nothing of Klarsyn."""

import subprocess
import sys

import pytest

from tests.docs.blocks import DOCS, blocks

PAGE = DOCS / "how-to" / "verify-evidence.md"
(VERIFIER,) = (one.text for one in blocks(PAGE) if one.language == "python")


def verified(content, key):
    """Return how the verifier ends on a file, and what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", VERIFIER, str(key)], input=content, capture_output=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    ("name", "count"), [("all", 11), ("alone", 11), ("slack", 5), ("bo", 4), ("nobody", 0)]
)
def test_verifier_of_the_document_agrees(filed, trusted, name, count):
    """
    Fifty lines written from the page alone prove every entry and every row.
    """
    content = (filed["folder"] / name).read_bytes()

    assert (0, f"{count} of 11 entries are proved\n") == verified(content, trusted[0])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b'"batch\\":3', b'"batch\\":4', "entry 4 is not in the journal"),
        (b"create", b"remove", "a row of entry 1 is not its own"),
        (b'"keys":["klarsyn', b'"keys":["klarsym', "the file is not what was sealed"),
        (b"\\n11\\n", b"\\n10\\n", "InvalidSignature"),
    ],
)
def test_verifier_of_the_document_finds_what_was_altered(filed, trusted, old, new, says):
    """
    In an entry, in what it says of a person, around them, in the checkpoint.
    """
    content = (filed["folder"] / "bo").read_bytes()
    assert old in content
    code, told = verified(content.replace(old, new, 1), trusted[0])

    assert 1 == code
    assert says in told


def test_verifier_is_short_and_imports_nothing_of_ours():
    """
    So that it can be written in any language in an hour.
    """
    assert "klarsyn" not in VERIFIER.replace("klarsyn-", "")
    assert 60 > len([line for line in VERIFIER.splitlines() if line.strip()])
