from klarsyn.recognition.findings import Hit
from klarsyn.recognition.knownplain import PlainNames

NAMES = PlainNames(["Åsa Qvibyl", "Åsa Qvibyl", "Bo"], ["", "", "Volt AB"])


def test_index_answers():
    """
    Whose name, whose initial, which words, which are near.
    """
    assert (0, "PERSON") == NAMES.row(("asa", "qvibyl"))
    assert (2, "ORG") == NAMES.row(("volt",))
    assert NAMES.row(("bo",)) is None
    assert (0, True) == NAMES.initial("a", "qvibyl")
    assert NAMES.knows("qvibyl")
    assert not NAMES.knows("volt")
    assert ["qvibyl"] == NAMES.near("qvibl")
    assert NAMES.begins("volt")


def test_names_of_a_text():
    """
    Each where it stands.
    """
    hits: list[Hit] = []
    NAMES.find("\0åsa qvibyl, Volt\0\0", hits)

    assert [(1, 11, 0), (13, 17, 2)] == [(hit.start, hit.end, hit.known) for hit in hits]
