import base64
import hashlib
import itertools
import re

import pytest

from klarsyn.publication.papers.document import (
    BLANK,
    Field,
    Fields,
    Line,
    Paper,
    Paragraph,
    Table,
    line,
)
from klarsyn.publication.papers.html import html
from tests.publication.papers import hostile
from tests.publication.papers.desk import named
from tests.publication.sites import DAY, LANGUAGES, read

PAPERS = ("scc-2021-915-customers", "ropa-controller", "recipients")


@pytest.mark.parametrize("text", [*hostile.TEXTS, hostile.LONG, hostile.RIGHT_TO_LEFT])
def test_no_text_becomes_markup(text):
    """
    Read back by the standard library's parser, each text stands there as written.
    """
    page = read(html(hostile.paper(text)).decode()).root
    tags = {one.tag for one in page.walk()}
    wanted = " ".join(text.split())

    assert set() == tags & {"b", "script", "a", "img", "em"}
    assert hostile.TIMES <= page.text.count(wanted)


@pytest.mark.parametrize("paper", PAPERS)
def test_page_loads_nothing_and_runs_nothing(paper):
    """
    G6: no script, no address that a browser would fetch, and a policy that forbids both.
    """
    text = html(named("nordlys", "sv", paper)).decode()
    page = read(text).root

    assert [] == [one.tag for one in page.walk() if {"src", "href"} & set(one.attributes)]
    assert [] == [one.tag for one in page.walk() if one.tag in {"script", "link", "iframe"}]
    assert "url(" not in text
    assert "@import" not in text


def test_style_is_allowed_by_its_own_hash():
    """
    The policy names the SHA-256 of exactly what stands in the style element.
    """
    text = html(named("nordlys", "sv", "supervision")).decode()
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in text
    assert "default-src 'none'" in text
    assert "style=" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_its_language_and_title(language):
    """
    A screen reader needs both.
    """
    page = read(html(named("nordlys", language, "recipients")).decode()).root

    assert [language] == [one.attributes["lang"] for one in page.every("html")]
    assert page.every("h1")[0].text in page.every("title")[0].text


def test_tables_have_headers_for_columns_and_rows():
    """
    Every cell can be told where it stands.
    """
    page = read(html(named("nordlys", "en", "supervision")).decode()).root
    (table,) = page.every("table")
    columns = table.every("th", scope="col")

    assert 7 == len(columns)
    assert 9 == len(table.every("th", scope="row"))
    assert 9 * 6 == len(table.every("td"))
    assert 1 == len(table.every("caption"))


def test_headings_go_down_one_step_at_a_time():
    """
    One first heading, and no level is skipped.
    """
    page = read(html(named("nordlys", "en", "scc-2021-914-relaygrove")).decode()).root
    levels = [int(one.tag[1]) for one in page.walk() if re.fullmatch("h[1-6]", one.tag)]

    assert [1] == [one for one in levels if one == 1]
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_marks_are_seen():
    """
    G4: unknown, not verified and blank each look different; a name is not translated.
    """
    cells = ((line("a"),), (Line("gap", "unknown"), Line("fact", "unverified", "not verified")))
    blocks = (
        Table("Caption", ("A", "B"), (cells,), (1, 1), is_headed=True),
        Fields((Field("Name", (Line("Fjordkraft A/S", is_name=True),)), Field("Sign", (BLANK,)))),
        Paragraph(line("end")),
    )
    page = read(html(Paper("x", "en", "T", "C", DAY, (), blocks)).decode()).root

    assert ["gap"] == [one.text for one in page.every("span", class_="unknown")]
    assert ["(not verified)"] == [one.text for one in page.every("span", class_="unverified")]
    assert ["Fjordkraft A/S"] == [one.text for one in page.every("bdi", translate="no")]
    assert 1 == len(page.every("span", class_="blank"))
    assert [] == page.every("caption")
