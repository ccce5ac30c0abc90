import pytest

from klarsyn.register.drafts.draftwords import (
    Mention,
    Words,
    foreign_words,
    in_sentence_case,
    name_elements,
)
from klarsyn.register.drafts.pagerows import PrintedElement


def named(*printed, language="en"):
    """Return the words of a draft with one vendor a mention, and the id of each mention."""
    words = Words(language=language)
    mentions = [
        Mention(f"v{number}", f"V{number}", PrintedElement(*one))
        for number, one in enumerate(printed)
    ]
    name_elements(words, mentions)
    return words, [words.by_mention[one.vendor, one.printed] for one in mentions]


def test_label_without_an_explanation_is_the_first_of_its_name():
    """
    Only what is clearly explained differently is told apart.
    """
    _, ids = named(("Level", "(blue paint)"), ("Level", None), ("Level", "(blue, mostly)"))

    assert ["level", "level", "level"] == ids


def test_labels_of_two_meanings_differ():
    """
    A page with one label for two elements would be refused.
    """
    words, ids = named(("Level", "(paint)"), ("Level", "(education)"))

    assert ["level.v0", "level.v1"] == ids
    assert ["Level (V0)", "Level (V1)"] == [words.elements[one].label["en"] for one in ids]
    assert ["Paint", "Education"] == [words.elements[one].explanation for one in ids]


def test_words_that_explain_everything_tell_nothing():
    """
    "Means whether" in each explanation is no likeness.
    """
    means = "(says thereby whether {})"

    _, ids = named(
        ("Level", means.format("paint")),
        ("Level", means.format("education")),
        ("Shade", means.format("trees")),
    )

    assert ["level.v0", "level.v1", "shade"] == ids


def test_id_of_an_unknown_word_is_its_own():
    """
    Two words that are spelt alike without their accents stay two.
    """
    _, ids = named(("Kälke", None), ("Kalke", None))

    assert ["kalke", "kalke-2"] == ids


def test_unknown_purpose_is_one_entry_however_it_is_written():
    """
    FALCONRY and Falconry are one.
    """
    words = Words(language="en")

    assert "falconry" == words.purpose("FALCONRY") == words.purpose("Falconry")
    assert {"en": "Falconry"} == words.purposes["falconry"].label


@pytest.mark.parametrize(
    ("sentence", "ids"),
    [
        (
            "Kundnamn och eventuella kontaktuppgifter kan förekomma.",
            {"person.name", "person.contact_details"},
        ),
        ("Något kan förekomma.", {"unstated.data"}),
    ],
)
def test_sentence_is_searched_for_what_identifies(sentence, ids):
    """
    What a sentence does not name stays an open question.
    """
    assert ids == set(Words(language="sv").in_sentence(sentence))


def test_label_in_another_language_is_an_open_point():
    """
    Publishing would refuse it.
    """
    words, _ = named(("Virksomhedens yndlingsfarve", None), language="sv")

    assert ["Virksomhedens" in str(point) for point in foreign_words(words)] == [True]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("FÖRETAGSLISTER", "Företagslister"),
        ("CRM", "CRM"),
        ("bådens navn", "Bådens navn"),
        ("iPhone", "iPhone"),
    ],
)
def test_heading_in_capitals_becomes_a_label(text, label):
    """
    Abbreviations and names stay.
    """
    assert label == in_sentence_case(text)
