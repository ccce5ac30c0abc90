"""
The legal papers of Nordlys in six languages as Markdown, and one of them as a page.

What a paper says changes only when somebody means it to. After a change that is meant, `just
golden` writes them anew; read the diff as the lawyer would.
"""

from pathlib import Path

import pytest

from klarsyn.publication.papers.html import html
from klarsyn.publication.papers.markdown import markdown
from tests.publication.papers.desk import every, named
from tests.publication.sites import LANGUAGES

GOLDEN = Path(__file__).parent / "papers"
PAGE = GOLDEN / "sv-scc-2021-915-customers.html"
UNKNOWN = {
    "sv": "ännu inte k",
    "da": "endnu ikke kendt",
    "nb": "ennå ikke kjent",
    "en": "not yet known",
    "de": "noch nicht bekannt",
    "fi": "vielä tied",
}
"""How each language says that something is not yet known, in all its forms."""


@pytest.mark.xdist_group("golden")
@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_are_the_golden_ones(language, rewrite):
    """
    Every paper, letter for letter; none more, none less.
    """
    folder = GOLDEN / language
    made = {f"{one.name}.md": markdown(one).decode() for one in every("nordlys", language)}
    if rewrite:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.md"):
            old.unlink()
        for name, text in made.items():
            (folder / name).write_text(text, encoding="utf-8")

    assert sorted(made) == sorted(path.name for path in folder.glob("*.md"))
    for name, text in made.items():
        assert (folder / name).read_text(encoding="utf-8").splitlines() == text.splitlines(), name


@pytest.mark.xdist_group("golden")
def test_page_is_the_golden_one(rewrite):
    """
    One paper as HTML, letter for letter.
    """
    made = html(named("nordlys", "sv", "scc-2021-915-customers")).decode()
    if rewrite:
        PAGE.write_text(made, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8").splitlines() == made.splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
def test_complete_register_leaves_no_gap(language):
    """
    R70-R74: on Nordlys nothing is unknown, in any paper, in any language's words for it.
    """
    texts = {one.name: markdown(one).decode() for one in every("nordlys", language)}

    assert [] == [name for name, text in texts.items() if UNKNOWN[language] in text.casefold()]
    assert [] == [name for name, text in texts.items() if "{" in text.replace("\\{", "")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_page_says_what_is_not_known(language):
    """
    R12: every paper of KlarPris that rests on unknown facts says so, in the words looked for above.
    """
    texts = {one.name: markdown(one).decode() for one in every("klarpris", language)}

    assert [] == [name for name, text in texts.items() if UNKNOWN[language] not in text.casefold()]
