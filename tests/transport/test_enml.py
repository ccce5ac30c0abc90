import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.errors import FileRefused
from klarsyn.transport.enml import markup, plain_text
from klarsyn.transport.files import Place

PLACE = Place("notes.enex")
DOCTYPE = '<!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd">'


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<div>Ring Anna</div><div>i morgon</div>", "Ring Anna\n\ni morgon"),
        ("a<br/>b<hr/>c", "a\n\nb\n\nc"),
        ("  a \n\t b  ", "a b"),
        ("<b>An</b>na", "Anna"),
        ("<table><tr><td>Anna</td><td>Berg</td></tr></table>", "Anna Berg"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<p>a</p><p> </p><p/><p>b</p>", "a\n\nb"),
        ('<a href="https://x.example/">page</a>', "page <https://x.example/>"),
        ('<a href="mailto:anna@example.org">anna@example.org</a>', "anna@example.org"),
        ('<a href="mailto:anna@example.org"><b>Anna</b></a>', "Anna <mailto:anna@example.org>"),
        ('<a href="tel:070">070 <a>x</a></a>', "070 x <tel:070>"),
        ('<en-todo checked="true"/>ring<en-todo/>skriv', "[x] ring[ ] skriv"),
        ('<en-media type="image/png" hash="abc" alt="Annas kvitto"/>', "Annas kvitto"),
        ('<en-crypt hint="min hund" cipher="AES">UkM0=</en-crypt>', "min hund"),
        ("<style>b{}</style><script>x()</script>a", "a"),
        ("R&aring;d &amp; d&aring;d&nbsp;&lt;3", "Råd & dåd\xa0<3"),
        ('<img title="Bj&ouml;rn"/>', "Björn"),
        ("&#229;", "å"),
    ],
)
def test_markup_becomes_text(markup, expected):
    """
    Words stay, with link targets, descriptions and hints; drawing goes.
    """
    document = f'<?xml version="1.0" encoding="UTF-8"?>{DOCTYPE}<en-note>{markup}</en-note>'

    assert (expected, True) == plain_text(document, PLACE)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("", ""),
        ("Anna <b>Berg", "Anna Berg"),
        ('<p>Anna<a href="mailto:a@example.org">x</p>', "Anna mailto:a@example.org x"),
        ("<img alt='Anna &amp; Bo'>", "Anna & Bo"),
        ("<en-note>&nosuch; Anna</en-note>", "&nosuch; Anna"),
        ("a < b", "a < b"),
        ("a\0b", "a\0b"),
    ],
)
def test_broken_markup_keeps_its_text(markup, expected):
    """
    Markup of other programs need not be whole, and what is in it still has to be found.
    """
    assert (expected, False) == plain_text(markup, PLACE)


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY b "&lol;&lol;">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "https://x.example/">%x;]><a/>',
        '<!DOCTYPE a [<!ATTLIST a b CDATA "x">]><a/>',
    ],
)
def test_declarations_are_refused(declared):
    """
    A note that brings entities of its own is built to do harm.
    """
    with pytest.raises(FileRefused, match="declares entities of its own"):
        plain_text(declared, PLACE)


@given(st.text(st.sampled_from(list("<>&;\"'/=a b\n[]!-?")), max_size=80))
def test_any_markup_has_a_text(markup):
    """
    Nothing that a note can hold ends in anything but a text.
    """
    for document in (markup, f"<a>{markup}</a>"):
        text, _ = plain_text(document, PLACE)
        assert text == text.strip()


@pytest.mark.parametrize("part", ["<", "<a ", "&", " \n ", "<b> </b>", "href='", "<a href="])
def test_no_markup_is_slow(part):
    """
    A megabyte of anything takes a moment, since no pattern looks at a letter again and again.
    """
    started = time.process_time()

    plain_text(part * (1_000_000 // len(part)), PLACE)
    plain_text(f"<a>{part * (1_000_000 // len(part))}</a>", PLACE)

    assert 6 > time.process_time() - started


@given(st.lists(st.from_regex(r"[^\W_]+( [^\W_]+)*", fullmatch=True), min_size=1))
def test_text_becomes_markup_and_text_again(lines):
    """
    A paragraph a line; what would be markup is none.
    """
    text = "\n\n".join(lines)

    assert (text, True) == plain_text(markup(text), PLACE)
    assert ("a <b> & c", True) == plain_text(markup("a <b> & c"), PLACE)


def test_pictures_and_encrypted_passages_are_kept():
    """
    A new text does not take away what is no text.
    """
    crypt = '<en-crypt hint="h">U\nkM0=</en-crypt>'
    image, file = '<en-media type="image/png" hash="a"/>', '<en-media hash="b"></en-media>'
    before = f"<en-note><p>Anna {image}</p>{crypt}<div>{file}</div></en-note>"

    assert markup("Bo", before).endswith(f"<div>Bo</div>{image}{crypt}{file}</en-note>")
    assert "Anna" not in markup("Bo", before)
