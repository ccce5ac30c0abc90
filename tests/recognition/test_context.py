import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import context


@pytest.mark.parametrize(
    ("said", "announced"),
    [
        ("konto", "BANK"),
        ("(org.nr", "ORGNR"),
        ("CPR-nr.:", "NATID"),
        ("fødselsnummer:", "NATID"),
        ("Kontonummeret", "BANK"),
        ("tlf.", "PHONE"),
        ("mobilen", "PHONE"),
        ("anna@rör.example,", "PHONE"),
        ("momsreg.nr", "VAT"),
        ("IP-adress", "IP"),
        ("ordrenr.", "OTHER"),
        ("faktura", "OTHER"),
        ("invoice", "OTHER"),
        ("sommar", None),
        ("Mvh", None),
    ],
)
def test_words_announce(said, announced):
    """
    Whole, begun, in parts; a name's introduction says nothing about a number.
    """
    assert announced == context.meaning(said)


@pytest.mark.parametrize(
    ("text", "announced"),
    [
        ("konto ", "BANK"),
        ("konto för kunden: ", "BANK"),
        ("fakturan, nås på ", "PHONE"),
        ("konto 1234567 och ", None),
        ("Kontot är stängt. Nu gäller ", None),
        ("tlf.\n", None),
        ("Telefon:\n", "PHONE"),
        ("konto a b c d e f ", None),
        ("konto\0", None),
    ],
)
def test_nearest_word_before_decides(text, announced):
    """
    In the line, back to another number, a sentence's end or the sixth word.
    """
    assert announced == context.before(text, len(text))


@pytest.mark.parametrize(
    ("between", "announced"),
    [
        ("konto", "BANK"),
        ("på", None),
        ("stängt.", ""),
        ("Hej!\nkonto", "BANK"),
        ("Hej!\npå", ""),
        ("konto:\npå", "BANK"),
        ("på:\npå", context.UNTOLD),
        ("\npå", context.UNTOLD),
        ("", context.UNTOLD),
        ("konto\0på", ""),
        ("konto\0\npå", ""),
        ("konto\0på:\npå", ""),
    ],
)
def test_what_stands_between_two_spaces_says(between, announced):
    """
    A word, nothing, that nothing before it counts, or that this alone does not tell.
    """
    assert announced == context.says(between)


@given(st.lists(st.sampled_from(["konto", "på", "Hej.", "12345", "a:", "\n", "\0", " ", " "])))
def test_words_are_asked_up_to_the_border(parts):
    """
    The quick way tells what is told where each line is cut out first.
    """
    text = "\0" + "".join(parts)

    assert context._before_border(text, max(0, len(text) - 64), len(text)) == context.before(
        text, len(text)
    )


@pytest.mark.parametrize(
    ("after", "announced"),
    [
        (" (mobil)", "PHONE"),
        ("-fax", "PHONE"),
        (" office", "PHONE"),
        (" Ring oss", None),
        ("", None),
    ],
)
def test_labels_after_a_number(after, announced):
    """
    In brackets any word, else only the labels of address books.
    """
    assert announced == context.after(f"1{after}\0", 1)


def test_every_entry_names_its_source():
    """
    Context words are data, with where they come from.
    """
    assert all(entry["source"] for entry in context.table("context.toml").values())


@pytest.mark.parametrize("name", ["context.toml", "fields.toml"])
def test_every_entry_has_five_languages(name):
    """
    Swedish, Danish, both Norwegians and English.
    """
    missing = [
        (entry, language)
        for entry, told in context.table(name).items()
        for language in context.LANGUAGES
        if not told.get(language, "").split()
    ]

    assert [] == missing
