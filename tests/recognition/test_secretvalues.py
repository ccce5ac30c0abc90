import pytest

from klarsyn.recognition.secretvalues import BESIDE, LOOSE, SAID, Said, token, value


def read(text, kind="password", how=SAID):
    """Return what is read in a text after "word: ", a word of that kind."""
    text = f"word: {text}\0\0"
    found = value(text, len("word: "), Said(kind, how, near=True, plain=how == SAID))
    return text[found.start : found.end] if found else None


@pytest.mark.parametrize(
    ("text", "kind", "how", "expected"),
    [
        ("Vinter2031, tack", "password", SAID, "Vinter2031"),
        ("banan.", "password", SAID, "banan"),
        ("banan", "password", BESIDE, None),
        ("'open sesame'", "password", SAID, "open sesame"),
        ("xxxx", "password", SAID, None),
        ("<password>", "password", SAID, None),
        ("anna@post.example", "password", SAID, None),
        ("A4-skuffen", "password", LOOSE, None),
        ("4711#", "code", BESIDE, "4711#"),
        ("482 913 tack", "code", SAID, "482 913"),
        ("12 tecken", "password", SAID, None),
        ("SPRING20", "own", BESIDE, None),
        ("oak river stone cloud", "phrase", SAID, "oak river stone cloud"),
        ("", "password", SAID, None),
    ],
)
def test_what_may_be_a_secret(text, kind, how, expected):
    """
    What it is made of and how it is announced decide.
    """
    assert expected == read(text, kind, how)


def test_value_further_off_is_not_what_another_word_announces():
    """
    "The password for order 48213 ..." tells of an order.
    """
    text = "password for order 48213x9\0\0"
    said = Said("password", LOOSE, near=False, plain=False, since=len("password"))

    assert value(text, text.index("4"), said) is None
    assert value(text, text.index("4"), said._replace(since=text.index("4"))) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see (pk_51fA0cQe77).", "pk_51fA0cQe77"),
        ("Rugbrød!1864 virker", "Rugbrød!1864"),
        ("on D3V-tok-0099-LOCH", "D3V-tok-0099-LOCH"),
        ("the CO2-emissions", None),
        ("in Visma2024!", None),
        ("a 12345678", None),
        ("ordre pk_51fA0cQe77", None),
        ("Vvs-2031-0113", None),
        ("bo@1post.example", None),
        ("12345678-ab", None),
        ("internationally", None),
    ],
)
def test_what_can_be_nothing_else(text, expected):
    """
    Letters and digits as nobody writes words, references or addresses.
    """
    found = token(f"\0{text}\0\0", 1, 1 + len(text))

    assert expected == (found and text[found.start - 1 : found.end - 1])
