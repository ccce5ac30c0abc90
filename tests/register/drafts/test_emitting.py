import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from klarsyn import yamlfiles
from klarsyn.register.drafts.emitting import Flow, Note, emit, scalar


class Texts(Struct):
    """A file with texts in every place where one may stand."""

    plain: str
    items: list[str]
    inner: dict[str, str]


def read_back(content, into=Texts):
    """Return what yamlfiles reads; its problems fail the test."""
    loaded = yamlfiles.parse(content, into, shown="file.yaml")
    assert () == loaded.problems
    return loaded.value


HARD = st.sampled_from(
    [
        "",
        " ",
        "no",
        "1.10",
        "null",
        "~",
        "- a",
        "a: b",
        "a #b",
        "{",
        "*a",
        "\u00a0",
        "e\u0301",
        "'",
        '"',
    ]
)
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
ANY = st.one_of(st.text().map(lambda text: CONTROLS.sub("", text)), HARD)


@given(ANY, st.lists(ANY, max_size=3), st.dictionaries(ANY, ANY, max_size=3))
def test_any_text_is_read_back_the_same(plain, items, inner):
    """
    In a line of its own, in a list in one line, and as a key.
    """
    content = emit({"plain": plain, "items": Flow(items), "inner": inner})

    assert Texts(plain, items, inner) == read_back(content)


@given(st.lists(ANY, max_size=3), ANY)
def test_any_text_is_read_back_from_a_list_in_lines(items, comment):
    """
    A comment may hold anything and harms nothing.
    """
    content = emit({Note(comment): None, "plain": "a", "items": items, "inner": Flow({})})

    assert items == read_back(content).items


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Storgatan 1 (baksidan)", "Storgatan 1 (baksidan)"),
        ("NO", '"NO"'),
        ("1.10", '"1.10"'),
        ("a: b", '"a: b"'),
        ('"all" of them', "'\"all\" of them'"),
        ("MICROSOFT\u00a0(HOSTING)", '"MICROSOFT\\u00a0(HOSTING)"'),
        ("", '""'),
    ],
)
def test_text_is_quoted_where_it_could_be_mistaken(text, written):
    """
    Plain where that is safe for every reader of YAML, else between quotes.
    """
    assert written == scalar(text)


def test_fact_stands_in_one_line():
    """
    A file reads as a person would write it.
    """
    fact = Flow({"value": ["NO", "FI"], "source": "page"})
    rows = [{"element": "person.name", "known": True}, {"element": "person.email", "count": 2}]

    content = emit(
        {Note("Next: dates."): None, "countries": fact, "on": date(2026, 11, 22), "rows": rows}
    )

    assert [
        "# Next: dates.",
        'countries: {value: ["NO", FI], source: page}',
        '"on": 2026-11-22',
        "rows:",
        "  - element: person.name",
        "    known: true",
        "  - element: person.email",
        "    count: 2",
    ] == content.decode().splitlines()


def test_control_becomes_a_space():
    """
    A control in a page kept by hand reaches no file, which could not be read with it.
    """
    assert Texts("a b", ["c d"], {}) == read_back(
        emit({"plain": "a\x1bb", "items": ["c\rd"], "inner": Flow({})})
    )
