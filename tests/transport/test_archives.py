import json
import stat
import struct
import tracemalloc
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klarsyn.errors import FileRefused
from klarsyn.transport.archives import Bounds, open_archive

SECRET = "anna@example.org"
CENTRAL = b"PK\1\2"
LOCAL = b"PK\3\4"


@pytest.fixture
def packed(tmp_path):
    """Return a function that packs files, as Python's own library does it."""

    def pack(files, method=zipfile.ZIP_DEFLATED, patch=None):
        path = tmp_path / "export.zip"
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        if patch:
            path.write_bytes(patch(path.read_bytes()))
        return path

    return pack


def overwritten(content, mark, offset, form, *values):
    """Return bytes with numbers written at an offset from the first of a header's marks."""
    changed = bytearray(content)
    struct.pack_into(form, changed, changed.index(mark) + offset, *values)
    return bytes(changed)


def read_all(path, bounds=None):
    """Return every entry with its bytes."""
    with open_archive(path, bounds) as archive:
        return {one.name: b"".join(archive.read_chunks(one.name)) for one in archive.entries()}


def refusal_of(path, name):
    """Return what is said when an entry is read."""
    with open_archive(path) as archive, pytest.raises(FileRefused) as refusal:
        list(archive.read_chunks(name))
    return str(refusal.value)


# What is read


@given(
    st.dictionaries(st.text("abcæø", min_size=1, max_size=8), st.binary(max_size=300), max_size=8),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_archive_is_read_as_the_standard_library_packed_it(packed, files, method):
    """
    Names and bytes come back, stored and deflated.
    """
    assert files == read_all(packed(files, method))


def test_archive_of_zapier_is_opened(packed):
    """
    A document is read whole, a table as bytes; folders are no entries.
    """
    path = packed(
        {
            "Zapfile.json": json.dumps({"zaps": [{"title": "New customer"}]}),
            "zap_data.json": "{}",
            "task_history_download_urls.csv": "url\n",
            "more/": b"",
        }
    )

    with open_archive(path) as archive:
        assert 3 == len(list(archive.entries()))
        assert {"zaps": [{"title": "New customer"}]} == archive.read_json("Zapfile.json")
        assert b"url\n" == archive.read("task_history_download_urls.csv")


def test_array_is_read_item_by_item(packed):
    """
    Two arrays of one archive can be read turn by turn.
    """
    path = packed({"a": json.dumps([1, 2, 3]), "b": json.dumps([{"x": "y"}, 5, 6])})

    with open_archive(path) as archive:
        both = list(zip(archive.read_json_items("a"), archive.read_json_items("b"), strict=True))

    assert [(1, {"x": "y"}), (2, 5), (3, 6)] == both


def test_unpackable_stream_is_read(tmp_path):
    """
    An archive written without seeking has its sizes behind the bytes; the list has them too.
    """
    with (tmp_path / "a.zip").open("wb") as raw:
        raw.seekable = lambda: False  # as a pipe would say
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("one", b"1" * 5000)

    assert {"one": b"1" * 5000} == read_all(tmp_path / "a.zip")


def test_name_is_nfc_whatever_packed_it(packed):
    """
    Some systems take letters apart; a name is one text all the same.
    """
    assert {"r\u00e4ka/a": b"x"} == read_all(packed({"ra\u0308ka/a": b"x"}))


def test_old_name_is_read_as_the_format_says(packed):
    """
    A name that is not UTF-8 is in the code page of the first PCs.
    """
    path = packed({"rXka": b"x"}, patch=lambda content: content.replace(b"rXka", b"r\x84ka"))

    assert {"räka": b"x"} == read_all(path)


def test_archive_within_an_archive_stays_closed(packed, tmp_path):
    """
    It is bytes like any other.
    """
    inner = packed({"deep": b"x"}).read_bytes()

    assert {"inner.zip": inner} == read_all(packed({"inner.zip": inner}))


def test_comment_at_the_end_is_passed_over(tmp_path):
    """
    An archive may end in a comment.
    """
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", b"x")
        archive.comment = b"made on Monday"

    assert {"a": b"x"} == read_all(tmp_path / "a.zip")


def test_missing_entry_is_named(packed):
    """
    What is not in the archive is refused by name.
    """
    with open_archive(packed({"a": b""})) as archive:
        assert "a" in archive
        for read in (archive.read, archive.read_chunks):
            with pytest.raises(FileRefused, match=r"export\.zip: users\.json: there is no such"):
                read("users.json")


# Bounds


def test_number_of_entries_is_bounded(packed):
    """
    An archive of too many entries is refused before its list is read.
    """
    path = packed({str(n): b"" for n in range(11)})

    assert 11 == len(read_all(path, Bounds(entries=11)))
    with pytest.raises(FileRefused, match="more than 10 entries"):
        open_archive(path, Bounds(entries=10))


def test_all_entries_together_are_bounded(packed):
    """
    Sizes are added up; the entry that goes beyond the bound is named.
    """
    path = packed({"a": b"x" * 60, "b": b"x" * 60})

    assert 2 == len(read_all(path, Bounds(total=120)))
    with pytest.raises(FileRefused, match=r"zip: b: all in all it holds more than 119 bytes"):
        open_archive(path, Bounds(total=119))


def test_bomb_is_refused_by_its_ratio(packed):
    """
    Ten megabytes of nothing in ten kilobytes is no export.
    """
    with pytest.raises(FileRefused, match="inflates to more than 250 times its size"):
        open_archive(packed({"a": b"0" * 10_000_000}))


def test_small_entry_may_compress_well(packed):
    """
    A ratio says nothing of a small entry.
    """
    assert 1_000_000 == len(read_all(packed({"a": b"0" * 1_000_000}))["a"])


def test_document_read_whole_is_bounded(packed):
    """
    What is read at once must fit; the same as an array is read item by item.
    """
    with open_archive(packed({"a": json.dumps([0] * 50)}), Bounds(item=100)) as archive:
        assert 50 == len(list(archive.read_json_items("a")))
        with pytest.raises(FileRefused, match="larger than 100 bytes"):
            archive.read("a")


# Names


@pytest.mark.parametrize(
    "name",
    [
        *("/etc/passwd", "../a", "a/../b", "a/..", "./a", "a//b", "a/./b", "..", "/"),
        *("C:/a", "c:a", "a\\b", "..\\a", "a\nb", "a\x1b[2J", "a\x7f"),
    ],
)
def test_name_that_is_a_trick_is_refused(tmp_path, name):
    """
    Names that lead out of a folder, or mean two things, refuse the whole archive.
    """
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), SECRET)

    with pytest.raises(FileRefused, match="its name ") as refusal:
        open_archive(tmp_path / "a.zip")
    assert str(refusal.value).isprintable()
    assert SECRET not in str(refusal.value)


def test_name_with_a_null_byte_is_refused(packed):
    """
    A name that ends early for one program and late for another.
    """
    with pytest.raises(FileRefused, match="not a plain path"):
        open_archive(packed({"a.jsonXexe": b""}, patch=lambda b: b.replace(b"nXe", b"n\0e")))


def test_name_too_long_is_refused(packed):
    """
    A name of more than 1,024 bytes is no name.
    """
    with pytest.raises(FileRefused, match="name of an entry is too long"):
        open_archive(packed({"a" * 1025: b""}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(tmp_path):
    """
    Two programs would read two different files, also where only the spelling of a letter differs.
    """
    for names in (("a", "a"), ("\u00e4", "a\u0308")):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            for name in names:
                archive.writestr(name, b"")
        with pytest.raises(FileRefused, match="two entries have the same name"):
            open_archive(tmp_path / "a.zip")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_link_is_refused(tmp_path, kind):
    """
    A link or a device is not a file.
    """
    info = zipfile.ZipInfo("link")
    info.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")

    with pytest.raises(FileRefused, match="a link or a device"):
        open_archive(tmp_path / "a.zip")


# Headers that lie


def test_size_that_lies_is_found_out_by_counting(packed):
    """
    An entry that inflates to more than it says is given up at the first byte too many.
    """

    def smaller(content):
        content = overwritten(content, CENTRAL, 24, "<L", 100)
        return overwritten(content, LOCAL, 22, "<L", 100)

    path = packed({"bomb": b"0" * 50_000_000}, patch=smaller)

    tracemalloc.start()
    assert "bomb: it is larger than it says" in refusal_of(path, "bomb")
    assert 2_000_000 > tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_size_that_is_too_large_is_found_out(packed):
    """
    An entry that ends too soon is damaged.
    """
    path = packed({"a": b"abc"}, patch=lambda b: overwritten(b, CENTRAL, 24, "<L", 4))

    assert "a: it is damaged" in refusal_of(path, "a")


def test_changed_byte_is_found_out(packed):
    """
    The checksum is looked at when an entry ends.
    """
    path = packed({"a": b"abc"}, zipfile.ZIP_STORED, lambda b: b.replace(b"abc", b"abd"))

    assert "a: it is damaged" in refusal_of(path, "a")


def test_broken_compression_is_found_out(packed):
    """
    Bytes that cannot be inflated, have no end or go on after it are damaged.
    """
    good = zlib.compressobj(wbits=-15)
    deflated = good.compress(SECRET.encode()) + good.flush()
    endless, trailing = b"\0\0\0\xff\xff" * 9, b"\x03\0" + b" " * 99
    for noise in (b"\xff" * 99, deflated[:-1] + b"\xff", endless, trailing):
        bad = noise[: len(deflated)]
        path = packed({"a": SECRET}, patch=lambda b, bad=bad: b.replace(deflated, bad))
        assert "a: it is damaged" in refusal_of(path, "a")


def test_stored_entry_has_one_size(packed):
    """
    Nothing was compressed, so both sizes must agree.
    """
    with pytest.raises(FileRefused, match="a: it is damaged"):
        open_archive(
            packed({"a": b"x"}, zipfile.ZIP_STORED, lambda b: overwritten(b, CENTRAL, 24, "<L", 2))
        )


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_compression_is_refused(packed, method):
    """
    Methods whose memory is the sender's choice are not read.
    """
    with pytest.raises(FileRefused, match=rf"not read \(method {method}\)"):
        open_archive(packed({"a": b"x"}, method))


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2000])
def test_encrypted_entry_is_refused(packed, flag):
    """
    No password is asked for, none is tried.
    """
    with pytest.raises(FileRefused, match=r"a: it is encrypted\. .* without a password"):
        open_archive(packed({"a": b"x"}, patch=lambda b: overwritten(b, CENTRAL, 8, "<H", flag)))

    path = packed({"a": b"x"}, patch=lambda b: overwritten(b, LOCAL, 6, "<H", flag))
    assert "it is encrypted" in refusal_of(path, "a")


def test_entry_that_is_another_than_listed_is_refused(packed):
    """
    Name and method before the bytes must be those of the list.
    """
    for patch in (
        lambda b: b.replace(b"users", b"other", 1),
        lambda b: overwritten(b, LOCAL, 8, "<H", 0),
    ):
        path = packed({"users": b"x"}, patch=patch)
        assert "listed as something else than it is" in refusal_of(path, "users")


def test_entry_without_its_header_is_damaged(packed):
    """
    The list points at something that is no entry.
    """
    path = packed({"a": b"x"}, patch=lambda b: b.replace(LOCAL, b"PK\3\5"))

    assert "a: it is damaged" in refusal_of(path, "a")


def test_entries_that_share_bytes_are_refused(packed):
    """
    A small file whose entries overlap holds petabytes; one longer local header is enough.
    """
    files = {"a": b"x" * 40, "b": b"y" * 40}

    def same(content):
        at = content.rindex(CENTRAL)
        return content[:at] + overwritten(content[at:], CENTRAL, 42, "<L", 1)

    with pytest.raises(FileRefused, match="b: it shares bytes with another entry"):
        open_archive(packed(files, zipfile.ZIP_STORED, same))
    path = packed(files, zipfile.ZIP_STORED, lambda b: overwritten(b, LOCAL, 28, "<H", 9))
    assert "a: it shares bytes" in refusal_of(path, "a")


# Anything at all


@pytest.mark.slow
@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_archive_is_read_or_refused(packed, data):
    """
    Whatever is changed, cut or added, the end is the contents or FileRefused.
    """
    content = bytearray(packed({"a/b": b"abc" * 9, "c": b"1", "d/": b""}).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        size = data.draw(st.integers(0, 3))
        content[at : at + size] = data.draw(st.binary(max_size=4))
    path = packed({}, patch=lambda _: bytes(content))

    with suppress(FileRefused):
        read_all(path)


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes_are_refused(packed, noise):
    """
    Noise is no archive, also with the marks of one.
    """
    for content in (noise, noise + b"PK\5\6" + bytes(18)):
        with suppress(FileRefused):
            read_all(packed({}, patch=lambda _, content=content: content))


def test_cut_archive_is_refused(packed):
    """
    A download that broke off has lost the list at its end.
    """
    with pytest.raises(FileRefused, match=r"not a whole ZIP file\. .*download it again"):
        open_archive(packed({"a": b"x" * 100}, patch=lambda b: b[:-30]))


@pytest.mark.slow
def test_memory_does_not_grow_with_an_entry(packed):
    """
    Of 60 MB, a few hundred kilobytes are held at once.
    """
    line = json.dumps({"ts": "1", "text": "bestille rør " * 70}).encode()
    path = packed({"a": b"[" + b",".join(line for _ in range(65_000)) + b"]"})

    tracemalloc.start()
    with open_archive(path, Bounds(ratio=1000)) as archive:
        size = sum(map(len, archive.read_chunks("a")))
        count = sum(1 for _ in zip(range(5000), archive.read_json_items("a"), strict=False))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (True, 5000) == (size > 60_000_000, count)
    assert 5_000_000 > peak
