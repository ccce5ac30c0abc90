import os
import pwd
import re
import subprocess

import pytest

from klarsyn.cli import COMMANDS
from tests.docs.blocks import DOCS, ROOT, blocks, sessions

PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
PROSE = [one for one in PAGES if "Written by scripts/" not in one.read_text(encoding="utf-8")]
#: Files that somebody else puts there, by a command of the justfile.
MADE_ELSEWHERE = {"screenshots", "benchmarks.md"}
LANGUAGES = 6


def short(page):
    """Return how a test names a page."""
    return page.relative_to(ROOT).as_posix()


def without_code(text):
    """Return a text without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page):
    """Return the anchors of a page: of its headings, and those written out."""
    text = without_code(page.read_text(encoding="utf-8"))
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in heads}
    return slugs | set(re.findall(r'<a id="([^"]+)"', text))


def links(page):
    """Yield the target of every link on a page."""
    yield from re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_internal_links_lead_somewhere(page):
    """
    The file is there, and so is the heading.
    """
    broken = []
    for target in links(page):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        other = (page.parent / name).resolve() if name else page
        if MADE_ELSEWHERE & set(other.parts):
            continue
        if not other.exists() or (anchor and anchor not in anchors(other)):
            broken.append(target)

    assert [] == broken


def test_every_page_can_be_reached_from_the_index():
    """
    From index.md by links, however many.
    """
    seen, ahead = set(), [DOCS / "index.md"]
    while ahead:
        page = ahead.pop()
        seen.add(page)
        for target in links(page):
            other = (page.parent / target.partition("#")[0]).resolve()
            if other.suffix == ".md" and other.is_file() and other not in seen:
                ahead.append(other)
    lost = [short(one) for one in PAGES[1:] if one not in seen and one.name not in MADE_ELSEWHERE]

    assert [] == lost


@pytest.mark.parametrize("page", PROSE, ids=short)
def test_one_sentence_stands_on_one_line(page):
    """
    A change of one sentence is a change of one line; lists and tables keep theirs together.
    """
    two = [
        line
        for line in without_code(page.read_text(encoding="utf-8")).splitlines()
        if re.match(r"[A-Z`*]", line) and re.search(r"[a-z`)][.!?] [A-Z]", line)
    ]

    assert [] == two


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_no_page_names_a_machine_or_a_registry(page):
    """
    No path of this machine, no host of a package registry.
    """
    text = page.read_text(encoding="utf-8")
    home = pwd.getpwuid(os.getuid()).pw_dir
    registries = r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|proxy\.golang\.org|crates\.io"

    assert [] == re.findall(registries, text)
    assert [] == [one for one in (str(ROOT), f"{home}/") if re.search(rf"(?<![\w.:]){one}", text)]


def commands(page):
    """Yield every command of klarsyn that a page names, in its text or in its code."""
    text = page.read_text(encoding="utf-8")
    yield from re.findall(
        r"(?:^|`|\$ |run: )klarsyn (?:-C \S+ )?([a-z]+(?:-[a-z]+)*)", text, re.MULTILINE
    )


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_commands_that_are_named_exist(page):
    """
    No page promises a command of a later part.
    """
    assert set(commands(page)) <= set(COMMANDS)


def test_readme_commands_exist():
    """
    Targets of make, recipes of just, options of klarsyn: what the README and the docs tell to type.
    """
    text = "".join(one.read_text(encoding="utf-8") for one in PAGES)
    makefile = (ROOT / "Makefile").read_text()
    justfile = (ROOT / "justfile").read_text()
    made = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE))
    just = set(re.findall(r"(?:^|`)just ([a-z-]+)", text, re.MULTILINE))

    assert {"demo", "test"} <= made
    assert [] == [one for one in sorted(made) if not re.search(rf"^{one}:", makefile, re.MULTILINE)]
    assert [] == [
        one for one in sorted(just) if not re.search(rf"^{one}\b.*:", justfile, re.MULTILINE)
    ]


def test_readme_begins_with_two_commands():
    """
    What a fresh machine needs: `make demo` and `make test`, in this order.
    """
    first = next(one for one in blocks(ROOT / "README.md") if one.language == "sh")

    assert ["make demo", "make test"] == re.findall(r"^make \w+", first.text, re.MULTILINE)


def test_options_that_are_named_exist():
    """
    An option of klarsyn in the docs is one that its help knows.
    """
    known = set(re.findall(r"--[a-z-]+", (DOCS / "reference" / "cli.md").read_text()))
    named = {
        option
        for page in PAGES
        for line in re.findall(r"klarsyn [^`\n|>]*", page.read_text(encoding="utf-8"))
        for option in re.findall(r"(?<= )--[a-z-]+", line.partition("#")[0])
    }

    assert [] == sorted(named - known)


def test_guarantees_have_a_test_of_their_number():
    """
    Each numbered promise names a test file that is there, and each file there is a promise.
    """
    text = (DOCS / "guarantees.md").read_text()
    promises = re.findall(
        r"^\*\*G(\d+)\. .*?\(`(test_g(\d\d)_\w+\.py)`\)", text, re.MULTILINE | re.DOTALL
    )
    files = sorted(path.name for path in (ROOT / "tests" / "guarantees").glob("test_*.py"))

    assert [str(one) for one in range(1, len(promises) + 1)] == [
        number for number, _, _ in promises
    ]
    assert [] == [number for number, _, inside in promises if int(number) != int(inside)]
    assert files == sorted(name for _, name, _ in promises)


def test_guarantee_files_open_with_the_promise():
    """
    The first line of a test file is the promise, word for word.
    """
    text = (DOCS / "guarantees.md").read_text()
    for path in sorted((ROOT / "tests" / "guarantees").glob("test_*.py")):
        promise = path.read_text().split('"""')[1]
        assert f"**{promise}**" in text


def test_decisions_have_context_choice_and_cost():
    """
    One page each, numbered without a gap.
    """
    found = sorted((DOCS / "decisions").glob("*.md"))

    assert [f"{one:04}" for one in range(1, len(found) + 1)] == [one.name[:4] for one in found]
    for path in found:
        text = path.read_text()
        assert ["Context", "Choice", "Cost"] == re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert text.startswith(f"# {path.name[:4]}: ")


def test_glossary_has_every_term_in_six_languages():
    """
    Term, article, meaning, and the five translations beside English; no cell is empty.
    """
    terms = (DOCS / "glossary.md").read_text().split("## Words of Klarsyn")[0]
    rows = [line.strip("| ").split(" | ") for line in terms.splitlines() if line.startswith("| ")][
        1:
    ]

    assert len(rows) > 40
    assert [] == [row for row in rows if len(row) != 3 + LANGUAGES - 1 or not all(row)]


def test_glossary_keeps_the_terms_apart():
    """
    The words that the first page mixed up are not each other's translation.
    """
    terms = (DOCS / "glossary.md").read_text()

    assert re.search(
        r"^\| sub-processor \|.*\| underbiträde \| underdatabehandler \|", terms, re.MULTILINE
    )
    assert re.search(r"^\| subcontractor \|.*\| underleverantör \|", terms, re.MULTILINE)


def test_every_yaml_fence_is_a_file_that_a_test_writes():
    """
    A register shown in the docs is one that loads: it stands in a page that is played.
    """
    played = [DOCS / "tutorial.md", *(DOCS / "how-to").glob("*.md")]
    loose = [
        short(page)
        for page in PAGES
        for block in blocks(page)
        if block.language in {"yaml", "console"} and page not in played
    ]

    assert [] == loose
    assert any(sessions(block) for block in blocks(DOCS / "tutorial.md"))


def test_docs_name_no_tool_that_is_not_in_the_tree():
    """
    A script that a page tells to run is there.
    """
    named = {
        one
        for page in PAGES
        for one in re.findall(r"`((?:scripts|benchmarks|examples)/[\w./-]+)`", page.read_text())
    }

    assert [] == [one for one in sorted(named) if not (ROOT / one).exists()]


def test_pages_are_plain_markdown():
    """
    No line ends in spaces, no page lacks its title or its last line end.
    """
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        body = re.sub(r"<!--.*?-->\s*", "", text, count=1, flags=re.DOTALL)
        assert body.startswith("# "), short(page)
        assert text.endswith("\n"), short(page)
        assert not re.search(r"[ \t]+$", without_code(text), re.MULTILINE), short(page)


@pytest.mark.slow
def test_make_lists_its_commands():
    """
    `make` alone tells what there is, with what the README names.
    """
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "make demo" in listed
    assert "make test" in listed
