"""
The whole site of Nordlys: the hash of every file, and one of each type in full.

A page that changes without being meant to is noticed here, and the full files show how. After a
change that is meant, `just golden` writes them anew; the version of the package stands in none.
"""

import hashlib
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from klarsyn.publication import publish
from klarsyn.register import load
from tests.publication.sites import DAY, EXAMPLES, LANGUAGES, is_page

GOLDEN = Path(__file__).parent / "nordlys"
MANIFEST = GOLDEN / "manifest.json"
IN_FULL = {
    "sv/index.html": GOLDEN / "sv-index.html",
    "en/vendors/puffinpost.html": GOLDEN / "en-vendors-puffinpost.html",
    **{
        f"{language}/{path}": GOLDEN / f"{language}-{path.replace('/', '-')}"
        for language in ("sv", "en")
        for path in (
            "data/index.html",
            "data/person.email.html",
            "matrix.html",
            "flows.html",
            "scores/activity-score.html",
            "fragment.html",
        )
    },
    "subprocessors.json": GOLDEN / "subprocessors.json",
    "subprocessors.jsonld": GOLDEN / "subprocessors.jsonld",
    "subprocessors.csv": GOLDEN / "subprocessors.csv",
}
GENERATOR = b'<meta name="generator" content="klarsyn %b">'


def unversioned(content: bytes) -> bytes:
    """Return a file as any version of Klarsyn writes it."""
    return content.replace(GENERATOR % version("klarsyn").encode(), GENERATOR % b"VERSION")


@pytest.fixture(scope="module")
def site(tmp_path_factory, rewrite):
    """Nordlys published on the day of the examples, without a history; golden files if wanted."""
    folder = tmp_path_factory.mktemp("golden")
    shutil.copytree(EXAMPLES / "nordlys", folder / "nordlys")
    register = load(folder / "nordlys" / "register")
    files = {
        path: unversioned(content)
        for path, content in publish(register, folder / "site", DAY).files.items()
    }
    if rewrite:
        GOLDEN.mkdir(exist_ok=True)
        MANIFEST.write_text(json.dumps(hashes(files), indent=1) + "\n")
        for path, golden in IN_FULL.items():
            golden.write_bytes(files[path])
    return files


def hashes(files):
    """Return the SHA-256 of each file by path."""
    return {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}


@pytest.mark.xdist_group("golden")
@pytest.mark.parametrize("path", IN_FULL)
def test_page_is_what_it_was(site, path):
    """
    One of each type of page, and the lists for machines, letter for letter.
    """
    assert IN_FULL[path].read_text().splitlines() == site[path].decode().splitlines()


@pytest.mark.xdist_group("golden")
def test_every_file_is_what_it_was(site):
    """
    Every file of the site in six languages, by its hash; none more, none less.
    """
    expected = json.loads(MANIFEST.read_text())
    found = hashes(site)

    assert sorted(expected) == sorted(found)
    assert [] == [path for path in found if expected[path] != found[path]]


@pytest.mark.xdist_group("golden")
def test_version_stands_in_pages_once_and_nowhere_else(site):
    """
    A release changes the generator of each page, and nothing that is compared here.
    """
    pages = [content for path, content in site.items() if is_page(path) and "/" in path]

    # Overview, 9 vendors, 22 data elements and their list, matrix, flows, one score card, changes.
    assert 6 * (1 + 9 + 22 + 1 + 1 + 1 + 1 + 1) == len(pages) >= len(LANGUAGES)
    assert all(1 == page.count(GENERATOR % b"VERSION") for page in pages)
