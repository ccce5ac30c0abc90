import codecs
import csv
import errno
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.errors import SourceUnread
from klarsyn.sourcesettings import SourceForm
from klarsyn.transport import sourcecsv
from klarsyn.transport.sourcecsv import opened_csv

HEADER = b"no;name\n"
UNQUOTED = "a quotation mark is not closed, or stands in the middle of a value"
SWALLOWED = "a quotation mark is not closed: the value goes on over whole rows"


def form(encoding="utf-8", delimiter=";"):
    """Return how a file is written."""
    return SourceForm(delimiter=delimiter, encoding=encoding, decimal=",", date="%d.%m.%Y")


@pytest.fixture
def read(tmp_path):
    """Return rows with their lines, and broken ones with their reasons."""

    def reading(content, wanted=("no", "name"), **given):
        path = tmp_path / "people.csv"
        path.write_bytes(content)
        rows: list[tuple[Any, ...]] = []
        broken: list[tuple[int, str]] = []
        with opened_csv(path, form(**given)) as table:
            for chunk in table.chunks(wanted):
                rows += zip(chunk.lines, *chunk.columns, strict=True)
                broken += [(one.line, str(one.what)) for one in chunk.broken]
        return rows, broken

    return reading


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_every_system(read, end):
    """
    And the last line may lack its own.
    """
    assert ([(2, "1", "Anna"), (3, "2", "Bo")], []) == read(
        HEADER.replace(b"\n", end) + b"1;Anna" + end + b"2;Bo"
    )


def test_columns_come_as_they_were_asked_for(read):
    """
    In that order, and others are left out.
    """
    assert [(2, "Anna")] == read(HEADER + b"1;Anna\n", wanted=["name"])[0]
    assert [(2, "Anna", "1")] == read(HEADER + b"1;Anna\n", wanted=["name", "no"])[0]


def test_quotes_blank_lines_and_values_of_several_lines(read):
    """
    A row is told by the line that it begins on.
    """
    rows, broken = read(
        HEADER + b'1;"Anna; ""Annie"""\n\n2;"Polarlysvej 1\r\n9999 Nordenby"\n3;5" pipe\n'
    )

    assert [
        (2, "1", 'Anna; "Annie"'),
        (4, "2", "Polarlysvej 1\r\n9999 Nordenby"),
        (6, "3", '5" pipe'),
    ] == rows
    assert [] == broken


def test_empty_lines_at_the_end(read):
    """
    Editors leave them; they are no rows.
    """
    assert ([(2, "1", "Anna")], []) == read(HEADER + b"1;Anna\n\n\r\n")


def test_a_wrong_number_of_values(read):
    """
    That row only.
    """
    assert (
        [(4, "3", "c")],
        [
            (2, "the row has 3 values, the header 2"),
            (3, "the row has 1 values, the header 2"),
        ],
    ) == read(HEADER + b"1;a;x\n2\n3;c\n")


def test_a_quotation_mark_that_is_never_closed_costs_one_row(read):
    """
    The lines that it ran over are read again, to the end of the file.
    """
    assert ([(2, "1", "a"), (4, "3", "c"), (5, "4", "d")], [(3, UNQUOTED)]) == read(
        HEADER + b'1;a\n2;"b\n3;c\n4;d\n'
    )


def test_a_quotation_mark_that_closes_in_another_row(read):
    """
    The one that began it is broken, and the one that ended it too.
    """
    rows, broken = read(HEADER + b'1;"a\n2;b\n3;"c\n4;d\n')

    assert [(3, "2", "b"), (5, "4", "d")] == rows
    assert [(2, UNQUOTED), (4, UNQUOTED)] == broken


def test_a_value_that_swallowed_whole_rows(read):
    """
    Though the number of values is right.
    """
    rows, broken = read(HEADER + b'1;"a\n2;b\n3;c\n4"\n5;e\n')

    assert [(3, "2", "b"), (4, "3", "c"), (6, "5", "e")] == rows
    assert [(2, SWALLOWED), (5, "the row has 1 values, the header 2")] == broken


def test_a_value_over_too_many_lines(read):
    """
    A hundred lines are no value; what follows is read.
    """
    rows, broken = read(HEADER + b'1;"a\n' + b"x\n" * 120 + b"2;b\n")

    assert [(123, "2", "b")] == rows
    assert (2, SWALLOWED) == broken[0]


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab;"\n å'), max_size=4), min_size=2, max_size=2),
        max_size=5,
    )
)
def test_what_was_written_by_rule_is_read_back(tmp_path_factory, rows):
    """
    Whatever stands in the values, in the order of the file (RFC 4180).
    """
    path = tmp_path_factory.mktemp("csv") / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([["no", "name"], *rows])
    with opened_csv(path, form()) as table:
        found = [
            list(row)
            for chunk in table.chunks(["no", "name"])
            for row in zip(*chunk.columns, strict=True)
        ]
    swallows = any(";" in line for row in rows for one in row for line in one.split("\n")[1:-1])

    assert swallows or rows == found


def test_many_rows_come_in_batches_and_count_on(read):
    """
    Over a row that has several lines, too.
    """
    plain = b"".join(b"%d;a\n" % one for one in range(1500))
    rows, _ = read(HEADER + plain + b'x;"a\nb"\n' + plain)

    assert 3001 == len(rows)
    assert [(1501, "1499", "a"), (1502, "x", "a\nb"), (1504, "0", "a")] == rows[1499:1502]


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("windows-1252", "windows-1252"),
        ("iso-8859-15", "iso-8859-15"),
    ],
)
def test_declared_encodings(read, encoding, written):
    """
    The mark that Excel puts before UTF-8 is no part of the first column.
    """
    content = "no;name\n1;Åsa\n".encode(written)

    assert [(2, "1", "Åsa")] == read(content, encoding=encoding)[0]


def test_bytes_that_are_no_letters_stop_nobody(read):
    """
    They come as signs that no text holds, so that their row is refused.
    """
    rows, _ = read(HEADER + "1;Åsa\n2;Bo\n".encode("iso-8859-1"))

    assert [(2, "1", "\udcc5sa"), (3, "2", "Bo")] == rows


@pytest.mark.parametrize(("name", "sign"), [("tab", "\t"), ("pipe", "|"), (",", ","), (";", ";")])
def test_delimiters(read, name, sign):
    """
    A tab may not stand in klarsyn.yaml, so it is named.
    """
    content = f"no{sign}name\n1{sign}a/b\n".encode()

    assert [(2, "1", "a/b")] == read(content, delimiter=name)[0]


def test_names_of_columns_are_nfc_without_blanks(read):
    """
    However a spreadsheet typed them; a column without a name is nobody's.
    """
    content = ' A\u030ar ;"no";\n1980;1;x\n'.encode()

    assert [(2, "1", "1980")] == read(content, wanted=["no", "År"])[0]


@pytest.mark.parametrize(
    ("content", "given", "told"),
    [
        (b"", {}, "it has no header"),
        (b"\n1;a\n", {}, "it has no header"),
        (b"no;no\n", {}, "two columns are called 'no'"),
        (b'"no;name\n', {}, "its first line is no header"),
        (codecs.BOM_UTF8 + HEADER, {"encoding": "iso-8859-1"}, "the mark of utf-8"),
        (codecs.BOM_UTF16_LE + HEADER, {}, "the mark of utf-16"),
        ("no;name\n".encode("utf-16-le"), {"encoding": "utf-16"}, "letters cannot be read"),
        (b"no;name\n" + b"a" * (2 << 20), {}, "line after line 0 is too long"),
    ],
)
def test_files_that_are_no_table(read, content, given, told):
    """
    Told at once, with what to do.
    """
    with pytest.raises(SourceUnread, match=told) as refusal:
        read(content, **given)

    assert refusal.value.remedy


def test_a_header_over_too_many_lines(read):
    """
    Somebody declared another delimiter, or it is no table.
    """
    with pytest.raises(SourceUnread, match="its first line is no header"):
        read(b'"' + b"x\n" * 200)


def test_a_folder_is_no_file(tmp_path):
    """
    Neither is what is not there.
    """
    with pytest.raises(SourceUnread, match="there is no such file"), opened_csv(tmp_path, form()):
        pass


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    """
    Root may read everything, so the refusal is played.
    """
    path = tmp_path / "people.csv"
    path.write_bytes(HEADER)

    def refused(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(path), "open", refused)
    with pytest.raises(SourceUnread, match="Permission denied"), opened_csv(path, form()):
        pass


def test_a_disk_that_fails_while_it_is_read(tmp_path):
    """
    What was read until then was given out.
    """

    class Failing(io.StringIO):
        def read(self, _=-1):
            raise OSError(errno.EIO, "Input/output error")

    lines = sourcecsv._Lines(Failing(), "people.csv")
    with pytest.raises(SourceUnread, match="Input/output error"):
        lines.block()
