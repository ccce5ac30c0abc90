import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.errors import Message
from klarsyn.language import (
    LANGUAGES,
    REVIEWED,
    MissingCatalogue,
    MissingTranslation,
    catalogue,
    mark,
    preferred,
    translator,
)


@pytest.fixture
def swedish(tmp_path, monkeypatch):
    """A Swedish catalogue of two texts, compiled as the build compiles the real ones."""
    texts = Catalog(locale="sv")
    texts.add("Last updated {date}", "Senast uppdaterad {date}")
    texts.add(("{n} vendor", "{n} vendors"), ("{n} leverantör", "{n} leverantörer"))
    compiled = io.BytesIO()
    write_mo(compiled, texts)
    folder = tmp_path / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "klarsyn.mo").write_bytes(compiled.getvalue())
    monkeypatch.setattr(catalogue, "_LOCALES", tmp_path)
    return translator("sv")


def test_a_text_is_translated_and_then_filled(swedish):
    """
    The facts stand where the translation wants them.
    """
    assert "Senast uppdaterad 25 januari" == swedish.text("Last updated {date}", date="25 januari")


def test_numbers_choose_the_form(swedish):
    """
    The language's own rule decides between the forms, and {n} is the number.
    """
    forms = [swedish.plural("{n} vendor", "{n} vendors", n) for n in (1, 16)]

    assert ["1 leverantör", "16 leverantörer"] == forms


def test_english_is_the_source_and_needs_no_catalogue():
    """
    The texts of the code are the English ones.
    """
    english = translator("en")

    assert "Last updated today" == english.text("Last updated {date}", date="today")
    assert "1 vendor" == english.plural("{n} vendor", "{n} vendors", 1)


def test_an_empty_text_stays_empty(swedish):
    """
    Gettext keeps a catalogue's header under the empty text; no reader is shown it.
    """
    assert "" == swedish.text("")


@given(st.text())
def test_braces_in_a_fact_stay_braces(value):
    """
    A name in the register cannot make a placeholder of itself, or an error.
    """
    assert f"<{value}> by {value}" == translator("en").text("<{a}> by {b}", a=value, b=value)


def test_a_placeholder_without_a_fact_is_an_error():
    """
    No reader is shown "{date}".
    """
    with pytest.raises(KeyError, match="date"):
        translator("en").text("Last updated {date}")


def test_a_missing_catalogue_is_told_with_the_remedy(tmp_path, monkeypatch):
    """
    It is not replaced by English in silence.
    """
    monkeypatch.setattr(catalogue, "_LOCALES", tmp_path)

    with pytest.raises(MissingCatalogue, match="just catalogues"):
        translator("da")


def test_a_language_outside_the_six_is_refused():
    """
    The message names the six.
    """
    with pytest.raises(MissingCatalogue, match="sv, da, nb, en, de, fi"):
        translator("is")


def test_a_missing_translation_falls_back_to_english_unless_strict(swedish):
    """
    A terminal may show an English sentence; a page may not.
    """
    assert "Never translated" == swedish.text("Never translated")

    strict = translator("sv", strict=True)
    with pytest.raises(MissingTranslation, match="Never translated"):
        strict.text("Never translated")
    with pytest.raises(MissingTranslation, match="one"):
        strict.plural("one", "many", 2)


def test_a_message_is_said_with_its_facts(swedish):
    """
    A fact that is a message is said too, and a list is joined as the language does.
    """
    fact = ["a", Message("Never translated"), {"sv": "tre", "en": "three"}]

    assert "Senast uppdaterad a, Never translated och tre" == swedish.say(
        Message("Last updated {date}", {"date": fact})
    )


def test_a_mark_changes_nothing():
    """
    It is there for the extractor only.
    """
    assert "Purpose" == mark("Purpose")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "da_DK.UTF-8"}, "da"),
        ({"LANG": "no_NO"}, "nb"),
        ({"LANG": "nn_NO.UTF-8"}, "nb"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "fr_FR"}, "en"),
        ({}, "en"),
        ({"LC_ALL": "", "LANG": "fi_FI@euro"}, "fi"),
        ({"LC_ALL": "C", "LANG": "sv_SE"}, "en"),
        ({"LC_MESSAGES": "de", "LANG": "sv_SE"}, "de"),
        ({"KLARSYN_LANG": "sv", "LC_ALL": "de_DE"}, "sv"),
    ],
)
def test_the_reader_chooses_a_language_in_the_usual_order(environ, language):
    """
    KLARSYN_LANG, LC_ALL, LC_MESSAGES, LANG: the first that is set; what we lack is English.
    """
    assert language == preferred(environ)


@given(st.text())
def test_any_environment_gives_one_of_the_six(value):
    """
    Nothing in a variable is an error.
    """
    assert preferred({"LANG": value}) in LANGUAGES


def test_two_languages_are_published_without_a_native_readers_eye():
    """
    German and Finnish pages say so.
    """
    assert ["de", "fi"] == [language for language in LANGUAGES if language not in REVIEWED]
