import pytest

from klarsyn.recognition import lettered
from tests.recognition.reading import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SE35 5000 0000 0549 1000 0003 tack", ("iban", "SE35 5000 0000 0549 1000 0003")),
        ("no9386011117947.", ("iban", "no9386011117947")),
        ("SE35 5000 0000 0549 1000 0004", None),
        ("XSE3550000000054910000003", None),
        ("SE3550000000054910000003X", None),
        ("SE35500000000549", None),
        ("DK13585628", ("vat", "DK13585628")),
        ("SE 556188840401", ("vat", "SE 556188840401")),
        ("DK13585629", None),
        ("VAT no GB123456789", ("vat-told", "GB123456789")),
        ("NI number AB 12 34 56 C", ("natid-gb", "AB 12 34 56 C")),
        ("BG123456C", None),
    ],
)
def test_numbers_with_letters(text, expected):
    """
    Checked to their end; what goes on before or after is something else.
    """
    assert ([expected] if expected else []) == read(text, lettered.read)


@pytest.mark.parametrize("text", ["988077917 MVA", "NO 988 077 917 MVA", "NO988077917MVA"])
def test_norwegian_vat(text):
    """
    With and without the country's letters.
    """
    assert [("vat-no-mva", text)] == read(text, lettered.read_mva)


def test_mva_after_something_else():
    """
    The word alone is no number.
    """
    assert [] == read("25 MVA, 123456789 MVA", lettered.read_mva)
