import pytest

from klarsyn.recognition import names
from klarsyn.recognition.context import DATA
from klarsyn.recognition.findings import Hit


def found(text):
    """Return the names in a text."""
    hits: list[Hit] = []
    block = f"\0{text}\0\0"
    names.find(block, hits)
    return [block[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Talte med Anna-Karin Bergström i dag", ["Anna-Karin Bergström"]),
        ("Ole von Holst ringte", ["Ole von Holst"]),
        ("A. B. Lindqvist", ["A. B. Lindqvist"]),
        ("sier Ottosson", ["Ottosson"]),
        ("Bergströms och Annas", ["Annas"]),
        ("ANNA LINDQVIST", ["ANNA LINDQVIST"]),
        ("Mvh\nXyzabc Qvibyl\nRör", ["Xyzabc Qvibyl"]),
        ("Kontakt: Xyzabc Qvibyl.", ["Xyzabc Qvibyl"]),
        ("Per dag, Till oss, Hur som helst", []),
        ("Per Hansen", ["Per Hansen"]),
        ("Undersøgelsen viser", []),
        ("Anna/Bo", ["Anna"]),
        ("anna lindqvist", []),
        ("Storgatan", []),
    ],
)
def test_names(text, expected):
    """
    By lists, forms and introductions; words that are also names need a family name.
    """
    assert expected == found(text)


@pytest.mark.parametrize("name", ["first_names.txt", "surnames.txt", "words_like_names.txt"])
def test_lists_are_sorted_and_single(name):
    """
    So that a diff of them can be read.
    """
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]

    assert sorted(set(listed)) == listed
    assert all(" " not in line for line in listed)


def test_data_has_its_provenance():
    """
    Every file is told of.
    """
    told = (DATA / "PROVENANCE.md").read_text(encoding="utf-8")
    files = [path.name for path in DATA.iterdir() if path.name != "PROVENANCE.md"]

    assert [] == [name for name in files if name not in told]
