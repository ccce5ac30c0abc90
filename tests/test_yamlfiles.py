import os
import time
from datetime import date
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from klarsyn import yamlfiles
from klarsyn.register.company import Company
from klarsyn.register.facts import Country, Fact, Id, Text


class Row(Struct, frozen=True, kw_only=True):
    """A row of a list."""

    name: str
    points: Annotated[int, Meta(ge=1, le=10)] = 1


class Sheet(Struct, frozen=True, kw_only=True):
    """A small file with every sort of value."""

    format: Literal[1]
    name: str = ""
    version: str = ""
    country: Country = "DK"
    on: date | None = None
    is_open: bool = False
    kind: Literal["accounting", "helpdesk", "hosting"] = "hosting"
    rows: list[Row] = []
    some: Annotated[list[str], Meta(min_length=1)] | None = None
    by_id: dict[Id, str] = {}
    text: Text | None = None
    fact: Fact[int] | None = None


@pytest.fixture(params=["c", "pure"], autouse=True)
def parser(request, monkeypatch):
    """Both parsers: in C where it is installed, and in Python where it is not."""
    if request.param == "pure":
        monkeypatch.setattr("ruamel.yaml.main.CParser", None)
    return request.param


def read(text, into=Sheet, **more):
    """Read a text or bytes as a file called sheet.yaml."""
    content = text if isinstance(text, bytes) else text.encode()
    return yamlfiles.parse(content, into, shown="sheet.yaml", **more)


def value(text):
    """Return the value of a sheet, after its first line."""
    loaded = read(f"format: 1\n{text}\n")
    assert () == loaded.problems
    return loaded.value


def problems(text):
    """Return what is wrong with a text, as `line: what: remedy`."""
    loaded = read(text)
    assert loaded.value is None
    return [str(one).removeprefix("sheet.yaml:") for one in loaded.problems]


# What is read.


@pytest.mark.parametrize(
    ("line", "field", "expected"),
    [
        ("country: NO", "country", "NO"),
        ("version: 1.10", "version", "1.10"),
        ("version: 0x10", "version", "0x10"),
        ("version: 2026-11-22", "version", "2026-11-22"),
        ("name: yes", "name", "yes"),
        (r'name: "a\u00a0b"', "name", "a\u00a0b"),
        ("name: 1e3", "name", "1e3"),
        ("name: .inf", "name", ".inf"),
        ('name: "null"', "name", "null"),
        ("name: 12:30:45", "name", "12:30:45"),
        ("name: A\u030adstro\u0308m", "name", "Ådström"),
        ("is_open: true", "is_open", True),
        ("is_open: 'false'", "is_open", False),
        ("on: 2024-02-29", "on", date(2024, 2, 29)),
        ("by_id: {e-conomic: x, a.b: y}", "by_id", {"e-conomic": "x", "a.b": "y"}),
        ("text: {sv: Ö, nb: Ø}", "text", {"sv": "Ö", "nb": "Ø"}),
        ("rows: [{name: a, points: 10}]", "rows", [Row(name="a", points=10)]),
        ("fact: {value: 3, source: own}", "fact", Fact(value=3, source="own")),
        ("name: >-\n  two\n  lines", "name", "two lines"),
    ],
)
def test_scalar_is_read_by_the_type_of_its_place(line, field, expected):
    """Norway stays Norway, 1.10 stays a text, and a date is a date only where one is expected."""
    assert expected == getattr(value(line), field)


def test_lines_are_kept_by_path():
    """Each key and each row of a list is found again in the file."""
    loaded = read("format: 1\nrows:\n  - name: a\n    points: 2\n  - {name: b}\n")

    assert {
        "": 1, "format": 1, "rows": 2, "rows/0": 3, "rows/0/name": 3, "rows/0/points": 4,
        "rows/1": 5, "rows/1/name": 5,
    } == loaded.lines  # fmt: skip


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_habits_of_editors_change_nothing(ends, mark):
    """Lines that end as on Windows count alike; a byte order mark may stand at the beginning."""
    (told,) = problems(mark + ends.join(["format: 1", "name: a", "is_open: yes", ""]))

    assert "3: is_open is 'yes': write true or false" == told


# What is refused: the line, what is wrong, the remedy.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("format: 1\nname: a\nname: b\n", "3: the key 'name' stands here twice: keep one of them"),
        ("format: 1\nname: &x a\n", "2: an anchor (&) is not allowed: write the value out"),
        ("format: 1\nrows: &x []\n", "2: an anchor (&) is not allowed: write the value out"),
        ("format: 1\nname: *x\n", "2: an alias (*) is not allowed: write the value out"),
        ("format: 1\nname: !!str a\n", "2: a tag (!) is not allowed: leave it out"),
        ("format: 1\nname: !python/object a\n", "2: a tag (!) is not allowed: leave it out"),
        ("format: 1\nrows: !!set {}\n", "2: a tag (!) is not allowed: leave it out"),
        ("format: 1\n---\nformat: 1\n", "3: a second document begins: keep one a file"),
        ("", "1: the file is empty: begin with `format: 1`"),
        ("# nothing\n", "1: the file is empty: begin with `format: 1`"),
        ("format: 1\nname:\n", "2: name has no value: write one, or leave the line out"),
        ("format: 1\nname: ~\n", "2: name has no value: write one, or leave the line out"),
        ("format: 1\nname: null\n", "2: name has no value: write one, or leave the line out"),
        ("format: 1\nnmae: a\n", "2: the key 'nmae' is not known here: did you mean 'name'?"),
        ("format: 1\n[a]: b\n", "2: a key must be a single word: write it in one line"),
        ("format: 1\nis_open: yes\n", "2: is_open is 'yes': write true or false"),
        ("format: 1\nis_open: True\n", "2: is_open is 'True': write true or false"),
        ("format: 1\non: 2026-02-30\n", "2: on is '2026-02-30': write a date such as 2026-11-22"),
        ("format: 1\non: 25.01.2022\n", "2: on is '25.01.2022': write a date such as 2026-11-22"),
        ("format: 1\non: 20261122\n", "2: on is '20261122': write a date such as 2026-11-22"),
        ("format: 1\nrows: a\n", "2: rows is 'a': write a list"),
        ("format: 1\nrows: [a]\n", "2: rows[1] is 'a': write a mapping of keys"),
        ("format: 1\nname: [a]\n", "2: name is a list: write a text"),
        ("format: 1\nname: {a: b}\n", "2: name is a mapping of keys: write a text"),
        ("format: 1\nkind: helpdesc\n", "2: kind is 'helpdesc': did you mean 'helpdesk'?"),
        (
            "format: 1\nkind: zzz\n",
            "2: kind is 'zzz': write one of: accounting, helpdesk, hosting",
        ),
        ("format: 2\n", "1: format is '2': write one of: 1"),
        ("name: a\n", "1: the file lacks format: add it"),
        ("format: 1\nrows:\n  - points: 2\n", "3: rows[1] lacks name: add it"),
        ("format: 1\ncountry: UK\n", "2: 'UK' is no country: write the two letters of ISO 3166"),
        ("format: 1\ncountry: no\n", "2: country is 'no': write two capital letters"),
        ("format: 1\nby_id: {A B: x}\n", "2: by_id.A B is 'A B': write an id"),
        ("format: 1\ntext: {se: x}\n", "2: text.se is 'se': write one of: da, de, en"),
        ("format: 1\nsome: []\n", "2: some"),
        ("- a\n- b\n", "1: the file is a list: write a mapping of keys"),
        ("hello\n", "1: the file is 'hello': write a mapping of keys"),
        ("format: 1\nrows: [{name: a, points: x}]\n", "2: rows[1].points is 'x': write a whole"),
        ("format: 1\nrows: [{name: a, points: 1.5}]\n", "2: rows[1].points is '1.5': write"),
        ("format: 1\nrows: [{name: a, points: 11}]\n", "2: rows[1].points is '11': write"),
        ("format: 1\nrows: [{name: a, points: 0}]\n", "2: rows[1].points is '0': write"),
        (f"format: 1\nrows: [{{name: a, points: {'9' * 5_000}}}]\n", "2: rows[1].points is '999"),
        ("format: 1\nby_id: {²: x}\n", "2: by_id.² is '²': write an id"),
        ("format: 1\nfact: {}\n", "2: a fact needs either a value or not_yet_known_until"),
        (
            "format: 1\nfact: {value: 1, source: a, not_yet_known_until: 2027-01-01}\n",
            "2: a fact needs either a value or not_yet_known_until",
        ),
        ("format: 1\nfact:\n  value: 1\n", "2: the fact does not say where it comes from: add"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_its_remedy(text, expected):
    """One mistake, one line: where it stands, what is wrong, what to do."""
    (told,) = problems(text)

    assert told.startswith(expected)


@pytest.mark.parametrize(
    ("name", "remedy"), [("zzzz", "known here: format, name, version"), ("formt", "'format'")]
)
def test_unknown_key_is_told_with_what_is_known(name, remedy):
    """Where no key is near, all are named."""
    assert any(remedy in one for one in problems(f"format: 1\n{name}: 1\n"))


def test_misspelt_key_is_not_told_as_missing_too():
    """One mistake is told once."""
    assert ["1: the key 'formt' is not known here: did you mean 'format'?"] == problems(
        "formt: 1\n"
    )


def test_every_mistake_of_a_file_is_told_at_once():
    """One run tells all: no mistake hides the next."""
    told = problems("name: [x]\nis_open: yes\ncountry: Norway\nrows: [{}]\ncolour: red\n")

    assert ["1", "2", "3", "4", "5", "1"] == [one.split(":")[0] for one in told]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("format: 1\nrows: [{name: a}\nname: b\n", (2, 3, 4)),
        ("format: 1\nname: 'a\n", (2, 3)),
        ("format: 1\nname: a: b\n", (2,)),
        ("format: 1\n name: a\n", (1, 2)),
        ("format: 1\nname: @a\n", (2,)),
        ("%YAML 3.0\n---\nformat: 1\n", (1,)),
    ],
)
def test_what_is_no_yaml_is_told_near_its_line(text, line):
    """Open brackets, open quotes, wrong indentation: refused there or in the line after."""
    (told,) = problems(text)

    assert int(told.split(":")[0]) in line
    assert "this is not YAML" in told


@pytest.mark.parametrize("text", ["\tname: a", "rows:\n\t- name: a", "name:\ta", "name: a\t# b"])
def test_tab_is_refused(text):
    """A tab looks like spaces and is none; parsers disagree on where it may stand."""
    (told,) = problems(f"format: 1\n{text}\n")

    assert told.startswith(("1: ", "2: ", "3: "))


@pytest.mark.parametrize("bracket", ["[", "{", "{a: ", "- ", "? ", "[{a: "])
@pytest.mark.parametrize("times", [21, 1_000, 100_000])
def test_deep_nesting_is_refused(bracket, times):
    """A hundred thousand brackets end in a sentence, not in a full stack."""
    (told,) = problems("format: 1\nrows:\n  " + bracket * times)

    assert told.startswith(("3: the nesting is too deep", "3: this is not YAML"))


def test_nesting_of_the_model_is_not_too_deep():
    """What the register needs is far from the limit."""
    nested = "[" * 19 + "]" * 19
    told = problems(f"format: 1\nname: {nested}\n")

    assert ["2: name is a list: write a text"] == told


def test_large_file_is_refused():
    """More than a mebibyte is no register; a mebibyte is read."""
    full = b"format: 1\n#".ljust(yamlfiles.LARGEST_FILE, b"x")

    assert Sheet(format=1) == read(full).value
    (problem,) = read(full + b"x").problems
    assert "larger than 1048576 bytes" in str(problem.what)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"format: 1\nname: \xe5\n", 2),
        (b"format: 1\n\n\n# \xff\n", 4),
        ("format: 1\n".encode("utf-16"), 1),
        (b"format: 1\nname: a\xc3", 2),
    ],
)
def test_text_has_to_be_utf_8(content, line):
    """The line of the first byte that is not is told."""
    (problem,) = read(content).problems

    assert (line, "the text is not UTF-8") == (problem.line, str(problem.what))


# Controls, line separators, marks without width, marks of direction, overrides, tags.
INVISIBLE = "\x00\x1b\x7f\x85\u2028\u2029\u200b\u2060\ufeff\u061c\u200e\u200f\u202e\u2066\U000e0041"


@pytest.mark.parametrize("character", INVISIBLE, ids=lambda one: f"U+{ord(one):04X}")
def test_invisible_character_is_refused(character):
    """What a reader of a diff cannot see may not change what is published."""
    (told,) = problems(f"format: 1\nname: a{character}b\n")

    assert told.startswith(f"2: the invisible character U+{ord(character):04X}")


@pytest.mark.parametrize(
    "escape",
    [r"\ud800", r"\U00110000", r"\UFFFFFFFF", r"\uZZZZ", r"\0", r"\x1b", r"\r", r"\x9b", r"\uffff"],
)
def test_escape_of_no_character_is_refused(escape):
    """Half a character, or a control, could never be written to a page or a terminal."""
    (told,) = problems(f'format: 1\nname: "a{escape}b"\n')

    assert told.startswith(("1: ", "2: "))


# From disk.


def test_file_is_read_from_disk(tmp_path):
    """The file's name in problems is the one it is shown by."""
    (tmp_path / "a.yaml").write_text("format: 2\n")
    (problem,) = yamlfiles.load(tmp_path / "a.yaml", Sheet, shown="register/a.yaml").problems

    assert "register/a.yaml:1: format is '2': write one of: 1" == str(problem)


def test_unreadable_file_is_a_problem(tmp_path):
    """A missing file ends in a sentence too."""
    (problem,) = yamlfiles.load(tmp_path / "nowhere.yaml", Sheet, shown="nowhere.yaml").problems

    assert str(problem).startswith("nowhere.yaml:1: the file cannot be read (No such file")


# The cache.


def test_same_value_and_lines_come_from_the_cache(tmp_path):
    """What was read before is the same, with its lines."""
    text = "format: 1\non: 2026-11-22\nfact: {not_yet_known_until: 2027-01-01}\n"
    first, again = (read(text, cache_folder=tmp_path) for _ in range(2))

    assert 1 == len(list(tmp_path.iterdir()))
    assert (first.value, dict(first.lines)) == (again.value, dict(again.lines))


def test_cache_is_really_used(tmp_path):
    """What lies there for these bytes is what is returned."""
    read("format: 1\nname: a\n", cache_folder=tmp_path)
    read("format: 1\nname: b\n", cache_folder=tmp_path)
    one, other = sorted(tmp_path.iterdir())
    swapped = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(swapped)

    assert "b" == read("format: 1\nname: a\n", cache_folder=tmp_path).value.name


def test_changed_bytes_are_read_again(tmp_path):
    """One byte makes another file."""
    read("format: 1\nname: a\n", cache_folder=tmp_path)

    assert "b" == read("format: 1\nname: b\n", cache_folder=tmp_path).value.name


def test_file_with_mistakes_is_not_kept(tmp_path):
    """A mistake is told every time, under the name the file is shown by."""
    first, again = (read("format: 2\n", cache_folder=tmp_path) for _ in range(2))

    assert first.problems == again.problems
    assert [] == list(tmp_path.iterdir())


@given(st.binary(max_size=60), st.integers(0, 80))
def test_corrupt_cache_is_as_good_as_none(tmp_path_factory, noise, at):
    """A damaged entry is read past, and the file is parsed."""
    folder = tmp_path_factory.mktemp("cache")
    expected = read("format: 1\nname: abc\n", cache_folder=folder).value
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:at] + b"\xc1" + noise)

    assert expected == read("format: 1\nname: abc\n", cache_folder=folder).value


def test_cached_file_of_another_type_is_not_mistaken(tmp_path):
    """The same bytes read as another file's type are checked anew."""
    read("format: 1\n", cache_folder=tmp_path)

    assert read("format: 1\n", Company, cache_folder=tmp_path).value is None


def test_folder_that_cannot_be_written_is_harmless(tmp_path):
    """Without a cache it only takes longer. Here a file stands where the folder should be."""
    (tmp_path / "cache").write_text("in the way")

    assert Sheet(format=1) == read("format: 1\n", cache_folder=tmp_path / "cache").value


def test_old_entries_are_forgotten(tmp_path):
    """What nobody read for two months goes; what is young stays; no folder is no harm."""
    yamlfiles.forget_old(tmp_path / "nowhere")
    old, young = tmp_path / "old", tmp_path / "young"
    for path, days in ((old, 61), (young, 59)):
        path.write_bytes(b"")
        then = time.time() - days * 86_400
        os.utime(path, (then, then))
    (tmp_path / "folder").mkdir()
    os.utime(tmp_path / "folder", (0, 0))
    yamlfiles.forget_old(tmp_path)

    assert ["folder", "young"] == sorted(path.name for path in tmp_path.iterdir())
