"""
Blacking out what a text says of somebody, and leaving the rest of it.
"""

import pytest

from klarsyn.personal import Personal
from klarsyn.vendors.redacting import BLOCK, blacked, marked, words

NILS = words(map(Personal, ("Nils Åstrand", "nils@example.com", "+44 7700 900001", "No")))


@pytest.mark.parametrize(
    "spelt", ["+44 7700 900001", "07700900001", "0044 (7700) 900-001", "7700 900 001"]
)
def test_number_is_found_however_it_is_spelt(spelt):
    """
    A number is told by its last digits, and goes with all that belongs to it.
    """
    assert f"Call {BLOCK * len(spelt)}, please" == blacked(f"Call {spelt}, please", NILS)


def test_only_whole_words_go():
    """
    Another person whose name begins alike, a longer number, and a short word are left.
    """
    text = "Nils Åstrandsson, 1770090000123, No"
    assert text == blacked(text, NILS)
    assert "any text" == blacked("any text", words(()))


def test_html_keeps_its_elements_and_entities():
    """
    Tags go around what is found; what is around it is as it was written, entity by entity.
    """
    source = "<p>Hi&nbsp;&quot;NILS&#32;&Aring;strand&quot; &amp; co</p>"
    expected = "<p>Hi&nbsp;&quot;<x>NILS&#32;&Aring;strand</x>&quot; &amp; co</p>"

    assert expected == marked(source, NILS, "x")


def test_attribute_of_an_element_is_marked():
    """
    An address in a link goes with the link.
    """
    source = '<a href="mailto:nils@example.com">write</a>'

    assert '<a href="mailto:nils@example.com" x>write</a>' == marked(source, NILS, "x")


def test_all_of_a_text_can_go():
    """
    All text is marked, but not the elements, and not what is black or blank already.
    """
    source = f"<p>Hello<br> <b>{BLOCK}</b></p>"

    assert f"<p><x>Hello</x><br> <b>{BLOCK}</b></p>" == marked(source, NILS, "x", whole=True)
