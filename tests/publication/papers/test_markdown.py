import pytest
from markdown_it import MarkdownIt

from klarsyn.publication.papers.document import Bullets, Field, Fields, Line, Paper, Paragraph, line
from klarsyn.publication.papers.markdown import markdown
from tests.publication.papers import hostile
from tests.publication.sites import DAY


def parsed(text):
    """Return the tokens of a text, flat, as an independent parser reads them."""
    flat = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        flat.append(token)
        flat.extend(token.children or [])
    return flat


def small(*blocks):
    """Return a paper with these blocks, as Markdown."""
    return markdown(Paper("x", "en", "Title", "Fjordkraft", DAY, (), blocks)).decode()


def printed(tokens):
    """Return the runs of plain text, block by block."""
    return [
        "".join(child.content for child in token.children if "text" == child.type)
        for token in tokens
        if "inline" == token.type
    ]


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_no_text_becomes_a_sign(text):
    """
    Read back, each text stands there as written, wherever it stood, and nothing else came of it.
    """
    tokens = parsed(markdown(hostile.paper(text)).decode())
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}

    assert kinds <= {
        *("inline", "text", "heading", "paragraph", "bullet_list", "list_item", "strong", "em"),
        *("table", "thead", "tbody", "tr", "th", "td", "html_inline"),
    }
    assert {"<br>"} >= {one.content for one in tokens if "html_inline" == one.type}
    assert hostile.TIMES <= sum(text in one for one in printed(tokens))


def test_long_and_right_to_left_names_are_kept():
    """
    Markdown breaks nothing.
    """
    text = markdown(hostile.paper(hostile.LONG, hostile.RIGHT_TO_LEFT)).decode()

    assert hostile.LONG in text
    assert hostile.RIGHT_TO_LEFT in text


def test_field_with_one_line_is_a_line_and_with_more_is_a_list():
    """
    A changed fact is a changed line in a diff.
    """
    fields = Fields((Field("One", (line("a"),)), Field("Two", (line("b"), line("c")))))

    assert "- **One:** a\n- **Two:**\n  - b\n  - c\n" in small(fields)


def test_marks_are_seen():
    """
    G4: unknown in italics, not verified with its mark, blank as a line to write on.
    """
    told = small(
        Paragraph(Line("gap", "unknown")),
        Bullets((Line("fact", "unverified", "not verified"), Line("", "blank"))),
    )

    assert "*gap*" in told
    assert "- fact *(not verified)*" in told
    assert "\\_\\_\\_" in told
