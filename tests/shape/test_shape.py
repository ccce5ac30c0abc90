import json
import math
import os
import pwd
import re

import pytest

from tests.shape import measure, tree
from tests.shape.exceptions import EXCEPTIONS

MODULES = tree.modules()
#: Every test bears the name of what it tests; the rest is tested from outside.
MIRRORED_AT_LEAST = 0.7
FRAGMENT = re.compile(r"\d+(-[a-z-]+)?\.(added|changed|fixed|removed|security)\.md")
LOCKS = sorted((tree.ROOT / "requirements").glob("*.txt"))


def committed_texts():
    """Return path and text of every committed file that is text."""
    for path in tree.committed_files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(tree.ROOT).as_posix(), content.decode(errors="replace")


def pins(path):
    """Return the pinned version of each name."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", path.read_text(), flags=re.MULTILINE))


def test_there_is_something_to_look_at():
    """
    A moved folder must not turn these tests into nothing.
    """
    assert MODULES


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path)
def test_module_is_in_shape(module):
    """
    Sizes, names, docstrings and imports keep to CONTRIBUTING.md.
    """
    left = [
        str(complaint)
        for complaint in measure.complaints(module)
        if (complaint.subject, complaint.rule) not in EXCEPTIONS
    ]

    assert [] == left


def test_exceptions_are_needed_and_have_a_reason():
    """
    An exception whose cause is gone goes too.
    """
    needed = {(found.subject, found.rule) for one in MODULES for found in measure.complaints(one)}

    assert [] == [exception for exception in EXCEPTIONS if exception not in needed]
    assert [] == [exception for exception, reason in EXCEPTIONS.items() if len(reason) < 10]


def test_checkers_are_rarely_told_to_look_away():
    """
    At most two suppressions per 1,000 lines of the package.
    """
    lines = sum(module.lines for module in MODULES)
    allowed = math.ceil(lines * measure.SUPPRESSIONS_PER_1000_LINES / 1000)

    assert allowed >= sum(measure.suppression_count(module) for module in MODULES)


def test_most_modules_have_a_test_of_their_name():
    """
    klarsyn/register/page.py is tested in tests/register/test_page.py.
    """
    testable = [module for module in MODULES if tree.tested_by(module)]
    missing = tree.without_a_test(MODULES)

    assert MIRRORED_AT_LEAST <= 1 - len(missing) / len(testable), missing


# The tree around the package


def test_fragments_are_named_for_the_changelog():
    """
    A fragment is NUMBER.KIND.md or NUMBER-TOPIC.KIND.md, and says something.
    """
    fragments = [path for path in (tree.ROOT / "changes").iterdir() if path.name != "README.md"]

    assert [] == [path.name for path in fragments if not FRAGMENT.fullmatch(path.name)]
    assert [] == [path.name for path in fragments if not path.read_text().strip()]


def test_changelog_opens_with_personal_data():
    """
    Whoever opens the changelog first sees what could have harmed a person.
    """
    headings = re.findall(r"^## (.+)$", (tree.ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert "Notes on personal data" == headings[0]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_names_hashes_and_no_address(lock):
    """
    A requirement is a name, a version and hashes; where to fetch it is the reader's business.
    """
    text = lock.read_text()

    assert "://" not in text
    assert len(pins(lock)) <= text.count("--hash=sha256:")
    assert [] == re.findall(r"^[\w.-]+(?!.*==).*$", text, flags=re.MULTILINE)


def test_core_lock_is_part_of_the_lock():
    """
    The demo runs on the very versions that are tested.
    """
    whole = pins(tree.ROOT / "requirements" / "lock.txt")
    core = pins(tree.ROOT / "requirements" / "core.txt")

    assert core == {name: whole.get(name) for name in core}


def test_node_locks_name_no_address():
    """
    A package-lock.json names no place to fetch from.
    """
    for path, text in committed_texts():
        if path.endswith("package-lock.json"):
            packages = json.loads(text)["packages"]
            assert [] == [name for name, entry in packages.items() if "resolved" in entry]


def test_no_committed_file_names_a_path_of_this_machine():
    """
    What is true on one machine only stays out: the checkout's folder and the user's home.
    """
    places = [tree.ROOT.as_posix(), pwd.getpwuid(os.getuid()).pw_dir]
    here = "|".join(re.escape(place) for place in places if place != "/")
    named = re.compile(rf"(?<![\w.:/-])(?:{here})/")

    assert [] == [path for path, text in committed_texts() if named.search(text)]
