import io
import struct
import zipfile

import pytest

from klarsyn.errors import FileRefused
from klarsyn.transport.files import Place
from klarsyn.transport.zipdirectory import Bounds, Directory

CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
WIDE = 0xFFFFFFFF


def directory(content, bounds=None):
    """Return the entries that a ZIP file lists."""
    return Directory(io.BytesIO(content), Place("a.zip"), bounds or Bounds()).entries()


def listed(name=b"a", sizes=(0, 0), offset=0, extra=b"", disk=0):
    """Return one line of the list, of a stored entry."""
    numbers = (0, *sizes, len(name), len(extra), 0, disk, 0, 0, offset)
    return CENTRAL.pack(b"PK\1\2", 20, 20, 0, 0, 0, 0, *numbers) + name + extra


def zip64(lines, count=None, size=None, mark=b"PK\6\6", start=100):
    """Return a ZIP file of a list only, with the large form of its end."""
    here = len(lines) if count is None else count
    content = b"\0" * start + b"".join(lines)
    numbers = (here, here, len(content) - start if size is None else size, start)
    return b"".join(
        [
            content,
            END_64.pack(mark, 44, 45, 45, 0, 0, *numbers),
            LOCATOR.pack(b"PK\6\7", 0, len(content), 1),
            END.pack(b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, WIDE, WIDE, 0),
        ]
    )


def test_large_numbers_are_read_from_the_extra_field():
    """
    An archive beyond 4 GB has its numbers in 64 bits, behind other fields.
    """
    extra = struct.pack("<2HL", 7, 4, 0) + struct.pack("<2H2Q", 1, 16, 5 << 30, 5 << 30)
    line = listed(sizes=(WIDE, WIDE), extra=extra)

    with pytest.raises(FileRefused, match="damaged"):  # 5 GB cannot lie before the list
        directory(zip64([line]))
    with pytest.raises(FileRefused, match="more than 4294967296 bytes"):
        directory(zip64([line]), Bounds(total=4 << 30))


def test_offset_alone_may_be_large():
    """
    Only the numbers that do not fit are in the field, in their order.
    """
    line = listed(sizes=(3, 3), offset=WIDE, extra=struct.pack("<2HQ", 1, 8, 20))

    assert [("a", 3, 3, 20)] == [
        (one.name, one.size, one.packed, one.offset) for one in directory(zip64([line])).values()
    ]


@pytest.mark.parametrize(
    "extra",
    [b"", struct.pack("<2H", 1, 0), struct.pack("<2HQ", 1, 9, 20), struct.pack("<2HL", 1, 4, 9)],
)
def test_large_number_that_is_missing_is_damage(extra):
    """
    A list that points to a number that is not there is damaged.
    """
    with pytest.raises(FileRefused, match="a: it is damaged"):
        directory(zip64([listed(offset=WIDE, extra=extra)]))


def test_many_entries_are_refused_before_the_list_is_read():
    """
    The number alone is enough.
    """
    with pytest.raises(FileRefused, match="more than 200000 entries"):
        directory(zip64([], count=1 << 40))


def test_list_has_a_largest_size():
    """
    Long names must not fill the memory.
    """
    line = listed(b"a" * 1000)

    with pytest.raises(FileRefused, match="list of entries is too large"):
        directory(zip64([line] * 70_000))


@pytest.mark.parametrize(
    "content",
    [
        zip64([], mark=b"PK\6\5"),
        zip64([listed()], size=5),
        zip64([listed()], count=2),
        zip64([listed(), listed(b"b", offset=30)], count=1),
        zip64([listed(disk=1)]),
        zip64([listed().replace(b"PK\1\2", b"PK\1\3")]),
        zip64([listed()])[:-1] + b"\1",
        b"",
        b"PK\5\6",
        zip64([listed()]) + b"trailing",
        zip64([listed(offset=90)]),
        END.pack(b"PK\5\6", 0, 0, 0, 1, 0, 0, 0),
        END.pack(b"PK\5\6", 1, 0, 0, 0, 0, 0, 0),
        b"\0" * 20 + LOCATOR.pack(b"PK\6\7", 0, 1 << 63, 1) + END.pack(b"PK\5\6", *[0] * 7),
        b"\0" * 20 + LOCATOR.pack(b"PK\6\7", 0, 1 << 40, 1) + END.pack(b"PK\5\6", *[0] * 7),
    ],
    ids=range(15),
)
def test_list_that_contradicts_itself_is_refused(content):
    """
    Marks, counts, sizes and ends must agree.
    """
    with pytest.raises(FileRefused, match=r"it is (damaged|not a whole ZIP file)"):
        directory(content)


def test_entries_are_in_the_order_of_the_list():
    """
    Offsets come back sorted, entries as they are listed; folders are only checked.
    """
    content = zip64([listed(b"b", offset=60), listed(b"a", offset=0), listed(b"f/", offset=30)])
    found = Directory(io.BytesIO(content), Place("a.zip"), Bounds())

    assert ["b", "a"] == list(found.entries())
    assert [0, 30, 60] == found.offsets


def test_empty_archive_has_no_entries():
    """
    The smallest ZIP file is the end of a list.
    """
    whole = io.BytesIO()
    zipfile.ZipFile(whole, "w").close()

    assert {} == directory(whole.getvalue())


def test_closed_file_is_damage():
    """
    A file that stops being readable while it is read ends in the same refusal.
    """
    stream = io.BytesIO(zip64([listed()]))
    found = Directory(stream, Place("a.zip"), Bounds())
    stream.close()

    with pytest.raises(FileRefused, match="damaged"):
        found.entries()
