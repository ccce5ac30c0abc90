import json
import os
import subprocess
import sys
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from klarsyn.errors import FileRefused
from klarsyn.transport import files
from klarsyn.transport.files import (
    SMALL,
    Place,
    chunks,
    json_items,
    json_lines,
    opened,
    printable,
    raw_items,
    raw_lines,
)

PLACE = Place("export.json")
SECRET = "anna@example.org"

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(texts, inside, max_size=4),
    max_leaves=12,
)


def cut(document, size):
    """Return a document in pieces of one size."""
    return [document[at : at + size] for at in range(0, len(document), size)]


def split(document, size, largest=files.ITEM):
    """Return the items as the reader of large arrays cuts them."""
    return list(files._Splitter(PLACE, largest).items(cut(document, size)))


# Plain files


def test_file_comes_in_pieces(tmp_path):
    """
    All bytes come, in order, and no more than asked for at once.
    """
    (tmp_path / "a").write_bytes(b"abcdefg")

    assert [b"abc", b"def", b"g"] == list(chunks(tmp_path / "a", 3))


def test_missing_file_is_named_with_the_reason(tmp_path):
    """
    What cannot be opened is said with the system's reason.
    """
    with pytest.raises(FileRefused, match=r"cannot be opened \(No such file or directory\)"):
        opened(tmp_path / "gone.zip")


def test_path_that_no_system_takes_is_refused():
    """
    A path with a null byte ends like one that is not there.
    """
    with pytest.raises(FileRefused, match="cannot be opened"):
        opened(Path("a\0b"))


def test_pipe_is_refused_without_waiting(tmp_path):
    """
    A pipe would block for ever, so it is never opened.
    """
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(FileRefused, match="not a file"):
        opened(tmp_path / "pipe")


def test_name_cannot_write_to_a_terminal():
    """
    Control characters and endless names are not repeated in a message.
    """
    assert "?[31mräka" == printable("\x1b[31mräka")
    assert "x" * 120 + "..." == printable("x" * 500)


# JSON arrays


@given(st.lists(values, max_size=6), st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
@example([""], 1, None, False)
@example(['\\"', "\\", "]}[{,"], 1, None, False)
def test_any_array_is_split_into_its_items(items, size, indent, ascii_only):
    """
    However an array is written and cut, both readers hand out its items.
    """
    document = json.dumps(items, indent=indent, ensure_ascii=ascii_only).encode()

    assert items == list(json_items(cut(document, size), PLACE))
    assert items == [json.loads(one) for one in split(document, size)]
    assert split(document, size) == list(raw_items([document], PLACE))


@given(st.binary(max_size=60) | st.text('[]{}",\\ 1a\n', max_size=30).map(str.encode))
def test_random_bytes_are_items_or_refused(noise):
    """
    No bytes end in anything but items or FileRefused, and what is read as JSON is JSON.
    """
    for document in (noise, b"[" + noise, b"[" + noise + b"]"):
        for read in (json_items, json_lines):
            with suppress(FileRefused):
                list(read([document], PLACE))
        with suppress(FileRefused):
            split(document, 7)


@pytest.mark.parametrize(
    "document",
    [
        *(b"", b" ", b"{}", b"[", b"[1", b"[1,", b"[1,]", b"[,1]", b"[1,,2]", b"[,]", b"[1]]"),
        *(b"[1] x", b"[1][2]", b"x[1]", b'["a]', b'["a\\"]', b"]", b"}", b"1", b",", b"[1],"),
        b"\xef\xbb\xbf[1]",
    ],
)
def test_what_is_no_array_is_refused_by_both_readers(document):
    """
    A document that is not one whole array ends in a refusal, in pieces as well as whole.
    """
    with pytest.raises(FileRefused, match="not a JSON array"):
        list(raw_items([document], PLACE))
    for size in (1, 5):
        with pytest.raises(FileRefused, match="not a JSON array"):
            split(document, size)


def test_refusal_repeats_nothing_of_the_file():
    """
    A broken item is told by its place; the person in it is not.
    """
    with pytest.raises(FileRefused) as refusal:
        list(json_items([f'["{SECRET}", "\\q"]'.encode()], PLACE.at("day.json")))

    assert SECRET not in str(refusal.value)
    assert "export.json: day.json: it is not a JSON array. " in str(refusal.value)


@pytest.mark.parametrize("bad", [b'"\xff' + SECRET.encode() + b'"', b"1e999", b"[" * 99999])
def test_item_that_is_not_json_is_refused(bad):
    """
    Bytes that are no text, numbers beyond all bounds and endless nesting are not JSON here.
    """
    with pytest.raises(FileRefused, match="not JSON") as refusal:
        files.decoded(bad, PLACE)

    assert SECRET not in str(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("size", [1, 1000])
def test_item_has_a_largest_size(size):
    """
    An item of exactly the bound is read, a larger one is not held.
    """
    fits, too_large = json.dumps(["x" * 98]), json.dumps(["x" * 99])

    assert 1 == len(split(fits.encode(), size, 101))
    for read in (
        lambda text: split(text, size, 100),
        lambda text: list(raw_items([text], PLACE, 100)),
    ):
        with pytest.raises(FileRefused, match="larger than 100 bytes"):
            read(too_large.encode())


def test_item_without_an_end_is_not_gathered():
    """
    A string that never ends is given up at the bound, long before the file is read.
    """
    read = []

    def endless():
        yield b'["'
        for _ in range(10_000):
            read.append(1)
            yield b"x" * 65536

    with pytest.raises(FileRefused, match="larger than"):
        list(raw_items(endless(), PLACE))
    assert 140 > len(read)


def test_large_array_is_handed_out_while_it_is_read():
    """
    The first item comes long before the last piece is asked for.
    """
    pieces = iter([b"[", *[b'"%s",' % (b"x" * 1000)] * 5000, b"1]"])

    first = next(raw_items(pieces, PLACE))

    assert 1002 == len(first)
    assert 3900 < len(list(pieces))


def test_large_array_and_small_array_are_the_same():
    """
    Beyond the size at which the reader changes, the items are the same.
    """
    items = [{"n": n, "text": 'a "b" \\ ]},{['} for n in range(40_000)]
    document = json.dumps(items, indent=2).encode()

    assert len(document) > 2 * SMALL
    assert items == list(json_items(cut(document, 65536), PLACE))


# Lines


@given(st.lists(values, max_size=6), st.integers(1, 40), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_any_lines_are_read_one_by_one(items, size, end):
    """
    However lines end and are cut, each is read; blank ones are passed over.
    """
    document = end.join(map(json.dumps, items)).encode()

    assert items == list(json_lines(cut(document, size), PLACE))


def test_line_has_a_largest_size():
    """
    A line longer than the bound is refused, with an end or without one.
    """
    for document in (b"1" * 11 + b"\n1", b"1" * 11):
        with pytest.raises(FileRefused, match="larger than 10 bytes"):
            list(raw_lines([document], PLACE, 10))


# Memory

READER = """
import re, sys
from pathlib import Path
from klarsyn.transport.files import Place, chunks, json_items
count = sum(1 for _ in json_items(chunks(Path(sys.argv[1])), Place("x")))
print(count, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_file(tmp_path):
    """
    An array of 60 MB is read in a process of less than 60 MB, Python included.
    """
    path = tmp_path / "large.json"
    with path.open("wb") as out:
        out.write(b"[0")
        for n in range(60_000):
            out.write(b',\n{"ts": "%d", "text": "%s"}' % (n, b"ord " * 245))
        out.write(b"]")

    ran = subprocess.run(
        [sys.executable, "-c", READER, str(path)], capture_output=True, text=True, check=True
    )

    count, kilobytes = map(int, ran.stdout.split())
    assert path.stat().st_size > 60_000_000
    assert 60_001 == count
    assert 60_000 > kilobytes


def test_splitting_holds_one_item():
    """
    The most that is held at once is a few pieces, not the array.
    """
    item = b',"%s"' % (b"x" * 9996)
    pieces = (b"[0" if n == 0 else item if n < 2000 else b"]" for n in range(2001))
    tracemalloc.start()
    for _ in raw_items(pieces, PLACE):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 5_000_000 > peak
