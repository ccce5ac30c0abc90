import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition.batch import ByteRecords, blocks, normalised
from tests.recognition.samples import texts


def test_block_holds_its_records_between_borders():
    """
    NUL, record, NUL, ..., record, NUL, NUL; one byte a character beside it.
    """
    (block,) = blocks(["åb", "", "–\U0001f600"])

    assert "\0åb\0\0-\U0001f600\0\0" == block.text
    assert "\0åb\0\0-?\0\0".encode("latin-1") == block.data
    assert ["åb", "", "-\U0001f600"] == [block.text[a:b] for a, b in map(block.span, range(3))]


def test_special_spaces_and_dashes_become_plain():
    """
    One for one: no-break spaces, figure spaces, dashes.
    """
    (block,) = blocks(["070–174\xa006\u202f05"])

    assert "070-174 06 05" == block.text[1:-2]


@given(st.lists(texts(), min_size=1, max_size=5))
def test_every_record_is_in_nfc_without_invisible_signs(batch):
    """
    What rules see is composed, and as long in bytes as in characters.
    """
    for block in blocks(batch):
        assert unicodedata.is_normalized("NFC", block.text)
        assert "\u200b" not in block.text
        assert len(block.text) == len(block.data)


@given(texts())
def test_origins_lead_back_in_order(text):
    """
    Every normalised character has its part of the original, in order, none outside.
    """
    plain, origins = normalised(text)

    assert len(plain) == len(origins)
    assert all(0 <= a < b <= len(text) for a, b in origins)
    assert origins == sorted(origins)


@given(texts())
def test_normalised_text_is_what_unicode_says(text):
    """
    NFC of the text without its invisible signs.
    """
    seen = "".join(sign for sign in text if sign not in "\xad\u200b\u200c\u200d\u2060\ufeff")

    assert unicodedata.normalize("NFC", seen) == normalised(text)[0]


def test_byte_records_are_cut_at_their_offsets():
    """
    As Arrow lays them out; bytes that are not UTF-8 become lone surrogates.
    """
    assert ["a", "", "å\udcff"] == ByteRecords(b"a\xc3\xa5\xff", [0, 1, 1, 4]).texts()


def test_long_batches_make_several_blocks():
    """
    Each knows where in the batch it begins.
    """
    made = list(blocks(["x" * 40_000] * 20))

    assert len(made) > 1
    assert sorted({block.first for block in made}) == [block.first for block in made]
    assert 20 == sum(len(block.starts) for block in made)
