import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import CATEGORIES, ByteRecords, KnownPeople, recognise
from scripts.accuracy import fuzz
from tests.recognition.samples import HELD, texts


def found(text, **options):
    """Return category and text of what is found in one text."""
    return [(one.category, text[one.start : one.end]) for one in recognise([text], **options)]


@pytest.mark.parametrize("fast", [True, False], ids=["hyperscan", "plain"])
@pytest.mark.parametrize("text", HELD, ids=lambda text: text[:20])
def test_samples_are_found(text, fast):
    """
    Each category in a sentence, and what only looks like one, with either engine.
    """
    assert HELD[text] == found(text, fast=fast)


@given(st.lists(texts(), max_size=4))
def test_offsets_are_valid_whatever_the_text(batch):
    """
    Any Unicode in: never a crash, every finding inside its record and not empty.
    """
    for one in recognise(batch):
        assert 0 <= one.start < one.end <= len(batch[one.record])
        assert one.category in CATEGORIES
        assert 0 < one.confidence <= 1


@given(st.lists(texts(), max_size=4))
def test_engines_find_the_same(batch):
    """
    Hyperscan only makes it faster.
    """
    assert list(recognise(batch, fast=False)) == list(recognise(batch, fast=True))


@given(st.lists(texts(), max_size=4))
def test_joining_records_changes_nothing(batch):
    """
    A record's findings are those it has alone.
    """
    alone = [one._replace(record=n) for n, text in enumerate(batch) for one in recognise([text])]

    assert alone == list(recognise(batch))


@given(texts())
def test_composed_and_decomposed_letters_are_the_same(text):
    """
    NFC and NFD of a text hold the same findings, and their texts differ only in form.
    """
    composed = unicodedata.normalize("NFC", text)
    apart = unicodedata.normalize("NFD", composed)

    assert [
        (one.category, one.rule, composed[one.start : one.end]) for one in recognise([composed])
    ] == [
        (one.category, one.rule, unicodedata.normalize("NFC", apart[one.start : one.end]))
        for one in recognise([apart])
    ]


@given(st.lists(texts(), max_size=3))
def test_findings_of_bytes_count_bytes(batch):
    """
    A buffer with offsets gives the same findings, on borders of characters in UTF-8.
    """
    encoded = [text.encode("utf-8", "replace") for text in batch]
    offsets = [sum(map(len, encoded[:n])) for n in range(len(encoded) + 1)]
    plain = [raw.decode() for raw in encoded]

    assert [
        (one.record, one.category, plain[one.record][one.start : one.end])
        for one in recognise(plain)
    ] == [
        (one.record, one.category, encoded[one.record][one.start : one.end].decode())
        for one in recognise(ByteRecords(b"".join(encoded), offsets))
    ]


def test_invalid_utf8_is_no_crash():
    """
    A broken byte is no part of a finding, and what stands after it is found at its byte.
    """
    data = b"\xff\xc3 070-1740605"
    (one,) = recognise(ByteRecords(data, [0, len(data)]))

    assert b"070-1740605" == data[one.start : one.end]


def test_invisible_signs_hide_nothing():
    """
    A number with a zero-width space or a soft hyphen in it is found, sign and all.
    """
    assert [("PHONE", "070-\u200b1740\xad605")] == found("tel 070-\u200b1740\xad605 .")


def test_only_the_categories_asked_for():
    """
    Others are left out.
    """
    text = "Anna Lindqvist, anna@rör.example"

    assert [("EMAIL", "anna@rör.example")] == found(text, categories=["EMAIL"])


def test_unknown_category_is_refused():
    """
    A misspelled category would silently find nothing.
    """
    with pytest.raises(ValueError, match="MAIL"):
        recognise(["x"], categories=["MAIL"])


def test_field_tells_what_its_value_is():
    """
    A column's name makes the whole value a finding, checked where a check is known.
    """
    out = recognise(
        ["anna berg", "13585628", "12345678", "13585628"],
        field_names=["fornavn", "cvr", "cvr", None],
    )

    assert [
        (0, "PERSON", "field-person"),
        (1, "ORGNR", "field-orgnr"),
        (2, "ORGNR", "field-orgnr-unchecked"),
    ] == [(one.record, one.category, one.rule) for one in out]


def test_one_field_name_serves_all_records():
    """
    A column at a time.
    """
    assert ["PHONE", "PHONE"] == list(
        recognise(["070-1740605", "070-1740606"], field_names="mobil").category
    )


def test_field_names_must_be_as_many_as_records():
    """
    A shifted column would be worse than an error.
    """
    with pytest.raises(ValueError, match="1 field names for 2 records"):
        recognise(["a", "b"], field_names=["epost"])


def test_number_of_a_person_in_a_company_field_is_a_persons():
    """
    A Swedish sole trader's organisationsnummer is a personnummer.
    """
    assert ["NATID"] == list(recognise(["19121212-1212"], field_names="orgnr").category)


def test_own_recogniser_of_entities_is_heard():
    """
    NER is an option: a callable, whose nonsense is left out.
    """

    def ner(texts):
        return [[(0, 7, "PERSON"), (3, 99, "ORG")] for _ in texts]

    (one,) = recognise(["Xyzabcd sade"], ner=ner)

    assert ("PERSON", "ner", 0, 7) == (one.category, one.rule, one.start, one.end)


def test_known_people_are_found_whatever_categories_are_asked_for():
    """
    The column `known` names the row.
    """
    known = KnownPeople.build([{"name": "Xerxes Qvibyl"}])
    (one,) = recognise(["xerxes qvibyls faktura"], known=known, categories=["EMAIL"])

    assert (0, "PERSON", 0, 13) == (one.known, one.category, one.start, one.end)


def test_large_batches_are_cut_into_blocks():
    """
    Findings keep their record past the first block.
    """
    batch = ["x" * 9000, "070-1740605"] * 80

    assert list(range(1, 160, 2)) == list(recognise(batch).record)


@pytest.mark.slow
def test_random_texts_do_no_harm():
    """
    A sample of `scripts/accuracy.py --fuzz 1000000`.
    """
    assert 0 < fuzz(5_000, seed=7)


@pytest.mark.parametrize(
    ("text", "named", "found"),
    [
        ("a\0bc", (1, 4), (2, 4)),
        ("ab\0", (2, 3), (2, 3)),
        ("\u0301\u0323ab", (1, 3), (0, 3)),
        ("x\u0323\u0302y", (0, 1), (0, 3)),
        ("abc", (1, 2), (1, 2)),
    ],
)
def test_named_places_are_rounded_to_whole_characters(text, named, found):
    """
    Wherever a recogniser of somebody else's begins: at a mark, at a NUL.
    """
    findings = list(recognise([text], ner=lambda texts: [[(*named, "ORG")] for _ in texts]))

    assert [found] == [(one.start, one.end) for one in findings]
