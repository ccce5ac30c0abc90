import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.language import blocks


def read(html, page_language="sv"):
    """Return the blocks without their lines."""
    return [(block.language, block.text) for block in blocks(html, page_language)]


def test_inline_elements_join_their_block():
    """
    A sentence with a link and a stressed word is one sentence.
    """
    html = "<p>Vi <em>sparar</em> <a href='/x'>inga\n uppgifter</a>.</p>"

    assert [("sv", "Vi sparar inga uppgifter.")] == read(html)


def test_each_block_stands_alone():
    """
    Neighbouring cells and items are not one sentence.
    """
    html = "<ul><li>Namn<li>E-post</ul><table><tr><td>a</td><td>b</td></tr></table>"

    assert ["Namn", "E-post", "a", "b"] == [text for _, text in read(html)]


def test_a_language_is_inherited_until_another_is_given():
    """
    The nearest lang attribute counts, its region does not.
    """
    html = "<html lang='da'><body><p>Ja</p><div lang='en-GB'><p>Yes</p></div><p>Nej</p></html>"

    assert [("da", "Ja"), ("en", "Yes"), ("da", "Nej")] == read(html)


def test_a_phrase_in_another_language_leaves_its_sentence():
    """
    Each language of a block is judged by its own words.
    """
    html = "<p>Enligt <span lang='en'>Data Privacy Framework</span> gäller</p>"

    assert [("sv", "Enligt gäller"), ("en", "Data Privacy Framework")] == read(html)


def test_what_is_not_to_be_translated_is_left_out():
    """
    A firm's name says nothing about the language of the page.
    """
    html = "<p>Leverantören <b translate='no'>Ørsted og Sønner</b> lagrar namn.</p>"

    assert [("sv", "Leverantören … lagrar namn.")] == read(html)


def test_a_part_of_an_untranslated_element_may_be_translated():
    """
    translate="yes" inside translate="no" counts again, as in HTML.
    """
    html = "<div translate='no'>ACME <p translate='yes'>Faktura</p></div>"

    assert [("sv", "Faktura")] == read(html)


@pytest.mark.parametrize("tag", ["code", "script", "style", "pre", "svg", "template"])
def test_what_is_no_prose_is_left_out(tag):
    """
    Code and drawings are in no language.
    """
    assert [("sv", "a")] == read(f"<p>a</p><{tag}>ikke og af</{tag}>")


def test_nothing_but_code_is_no_block():
    """
    A paragraph that holds no prose is not there.
    """
    assert [] == read("<p> <code>til</code> </p>")


def test_title_and_description_count():
    """
    They are what a search engine shows.
    """
    html = (
        "<head><title>Underbiträden</title><meta name='description' content='Vem får\nvad?'>"
        "<meta name='viewport' content='width=device-width'></head>"
    )

    assert [("sv", "Underbiträden"), ("sv", "Vem får vad?")] == read(html)


def test_what_is_read_aloud_counts():
    """
    A picture's text, a label for screen readers, a tooltip; the sentence around them stays whole.
    """
    html = "<p title='Ett'>Två <img alt='Tre'> fyra</p><nav aria-label='Fem'></nav>"

    assert ["Ett", "Tre", "Två fyra", "Fem"] == [text for _, text in read(html)]


def test_the_line_is_where_the_text_begins():
    """
    The error message leads to the place.
    """
    html = "<main>\n<p>\n\n  Namn</p>\n<p>E-post</p></main>"

    assert [4, 5] == [block.line for block in blocks(html, "sv")]


def test_a_paragraph_left_open_does_not_lend_its_language():
    """
    HTML allows the end tag to be missing.
    """
    assert [("en", "One"), ("sv", "Två")] == read("<p lang='en'>One<p>Två")


def test_a_stray_end_tag_closes_nothing():
    """
    A page that is not valid is still checked.
    """
    assert [("en", "One"), ("sv", "Två")] == read("<div lang='en'></p>One</div><p>Två</p>")


def test_entities_are_letters():
    """
    &aring; is å.
    """
    assert [("sv", "få & ge")] == read("<p>f&aring; &amp; ge</p>")


@given(st.text())
def test_any_text_can_be_read(html):
    """
    Nothing that a page holds stops the check.
    """
    assert all(block.text and block.line > 0 for block in blocks(html, "sv"))


PIECES = ["<p>", "</p>", "<b lang=da>", "</b>", "<![x[", "<!", "<br/>", "ord", " ", "&", "<li", ">"]


@given(st.lists(st.sampled_from(PIECES)))
def test_any_broken_page_can_be_read(pieces):
    """
    Half tags, unknown declarations and wrong nesting included.
    """
    assert all(block.text for block in blocks("".join(pieces), "sv"))


def test_lines_of_a_drawing_are_left_out_like_the_whole():
    """
    Line by line, as the pages of a site are read, a drawing is as silent as in one piece.
    """
    lines = ["<p>Bilden</p>", "<svg>", '<g class="x">', "<text>Ørsted</text>", "</g>", "</svg>"]
    whole = "\n".join([*lines, "<p>och orden</p>"])

    assert ["Bilden", "och orden"] == [one.text for one in blocks(whole, "sv")]
    assert ["Bilden", "och orden"] == [one.text for one in blocks(whole, "sv", set())]


def test_words_beside_a_drawing_on_its_line_are_read():
    """
    A sample of a line with its meaning: the meaning counts.
    """
    line = '<li><svg class="s"><path d="M0 0"/></svg> skickas av oss</li>'

    assert ["skickas av oss"] == [one.text for one in blocks(line, "sv", set())]
