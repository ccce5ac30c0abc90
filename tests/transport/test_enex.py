import base64
import re
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.errors import FileRefused
from klarsyn.transport.enex import enex_notes, read_notes
from klarsyn.transport.files import Place

PLACE = Place("notes.enex")
SECRET = "anna@example.org"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export4.dtd">
<en-export export-date="20261101T120000Z" application="Evernote" version="10.106.6">
"""


def export(*notes):
    """Return an export of notes given as XML."""
    return f"{HEAD}{''.join(notes)}</en-export>".encode()


def note(*parts, title="Ring", content="<div>Anna</div>"):
    """Return a note as the desktop program writes it."""
    enml = f"<![CDATA[<?xml version='1.0'?><en-note>{content}</en-note>]]>"
    return (
        f"<note>\n<title>{escape(title)}</title><content>{enml}</content>{''.join(parts)}</note>\n"
    )


def file(content, mime="text/plain", *rest, width=76):
    """Return a file in a note, its bytes in lines."""
    lines = re.sub(f"(.{{{width}}})", "\\1\n", base64.b64encode(content).decode())
    inside = f'<data encoding="base64">\n{lines}\n</data><mime>{mime}</mime>{"".join(rest)}'
    return f"<resource>{inside}</resource>"


def read(document, size=65536):
    """Return the notes of an export that comes in pieces of one size."""
    return list(
        read_notes((document[at : at + size] for at in range(0, len(document), size)), PLACE)
    )


FULL = export(
    note(
        "<created>20200131T120000Z</created><updated>20261101T080910Z</updated>",
        "<tag>kund</tag><tag>ra\u0308ka</tag>",
        "<note-attributes><author>Anna Berg</author><source>web.clip</source>",
        "<source-url>https://x.example/?a=1&amp;b=2</source-url><latitude>55.7</latitude>",
        '<place-name>Lund</place-name><application-data key="crm">42</application-data>',
        "</note-attributes>",
        "<task><title>Ring Anna</title><created>20200131T120000Z</created></task>",
        file(
            b"Anna Berg, 070-1740605",
            "text/plain",
            "<resource-attributes><file-name>anna.txt</file-name>",
            "<source-url>https://y.example/</source-url></resource-attributes>",
        ),
        title="Råd & dåd",
    ),
    note(title="Two", content="<b>broken"),
)


def test_note_is_read_with_all_that_it_holds():
    """
    Texts, instants, tags, attributes by the format's names, tasks and files.
    """
    one, two = read(FULL)

    assert ("Råd & dåd", "Anna", True) == (one.title, one.text, one.whole)
    assert datetime(2020, 1, 31, 12, tzinfo=UTC) == one.created
    assert datetime(2026, 11, 1, 8, 9, 10, tzinfo=UTC) == one.updated
    assert ("kund", "r\u00e4ka") == one.tags
    assert ("Ring Anna",) == one.tasks
    assert {
        "author": "Anna Berg",
        "source": "web.clip",
        "source-url": "https://x.example/?a=1&b=2",
        "latitude": "55.7",
        "place-name": "Lund",
        "application-data:crm": "42",
    } == one.attributes
    assert ("Two", "broken", False, None, None) == (
        *(two.title, two.text, two.whole),
        *(two.created, two.updated),
    )
    assert ((), {}, (), ()) == (two.tags, two.attributes, two.tasks, two.resources)
    assert (4, 8) == (one.line, two.line)


def test_text_file_in_a_note_is_read():
    """
    A text is taken out with its name, kind, size and source.
    """
    (resource,) = read(FULL)[0].resources

    assert ("anna.txt", "text/plain", 22) == (resource.name, resource.mime, resource.size)
    assert ("https://y.example/", "Anna Berg, 070-1740605") == (resource.source, resource.text)


@given(st.integers(1, 400))
def test_where_the_bytes_are_cut_makes_no_difference(size):
    """
    Any size of pieces gives the same notes.
    """
    assert read(FULL) == read(FULL, size)


@given(st.binary(min_size=0, max_size=300), st.sampled_from([1, 3, 76, 1000]))
def test_size_of_a_file_is_exact(content, width):
    """
    However base64 is broken into lines, the size is that of the file.
    """
    (one,) = read(export(note(file(content, "image/png", width=width))))

    assert (len(content), None) == (one.resources[0].size, one.resources[0].text)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("r\u00e4ka".encode(), "räka"),
        ("\ufeffra\u0308ka".encode(), "räka"),
        ("räka".encode("cp1252"), "räka"),
        (b"", None),
        (b"x" * (1 << 20), "x" * (1 << 20)),
        (b"x" * ((1 << 20) + 3), None),
    ],
    ids=["utf-8", "bom, nfd", "windows", "empty", "bound", "too long"],
)
def test_text_is_taken_out_up_to_a_bound(content, expected):
    """
    A text file of a megabyte is read, a longer one is only measured.
    """
    (one,) = read(export(note(file(content, "text/csv"))))

    assert (len(content), expected) == (one.resources[0].size, one.resources[0].text)


def test_damaged_text_file_is_none():
    """
    Base64 that is none has no text, and the note is still there.
    """
    (one,) = read(export(note("<resource><data>abcde</data><mime>text/plain</mime></resource>")))

    assert None is one.resources[0].text


def test_words_seen_in_a_picture_are_kept():
    """
    Evernote's text recognition names people too: the first guess of each word is kept.
    """
    words = '<item x="1"><t w="87">Anna</t><t w="3">Arina</t></item><item><t>B&amp;C</t></item>'
    recognition = f"<recognition><![CDATA[<reco>{words}<item/></reco>]]></recognition>"

    (one,) = read(export(note(file(b"png", "image/png", recognition))))

    assert "Anna B&C" == one.resources[0].seen


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("yesterday", None),
        ("00010101T000000+2359", None),
        ("20260131T120000", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("20260131T120000+0200", datetime(2026, 1, 31, 10, tzinfo=UTC)),
    ],
)
def test_instant_is_utc_or_none(written, expected):
    """
    An instant that cannot be read does not stop an export.
    """
    (one,) = read(export(note(f"<created>{written}</created>")))

    assert expected == one.created


def test_export_without_notes_has_none():
    """
    An empty notebook is an export too.
    """
    assert [] == read(export())


# What is refused


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "https://x.example/a.dtd"> %a;',
        "<!ELEMENT note ANY>",
    ],
)
def test_declarations_are_refused(subset):
    """
    Nothing that a document declares is expanded or fetched: it ends the reading.
    """
    document = f"<!DOCTYPE en-export [{subset}]><en-export>{note(content='&b;')}</en-export>"

    with pytest.raises(FileRefused, match=r"line 1, byte \d+|declares entities of its own"):
        read(document.encode())


def test_declarations_inside_a_note_are_refused():
    """
    A note's content is a document of its own, and no safer.
    """
    bomb = note().replace("<?xml version='1.0'?>", '<!DOCTYPE a [<!ENTITY x "y">]>')

    with pytest.raises(FileRefused, match=r"notes\.enex: line 4: it declares entities"):
        read(export(bomb))


@pytest.mark.parametrize("document", [b"<html/>", b"<note/>", b"<Zapfile/>"])
def test_other_xml_is_refused(document):
    """
    An export begins as one.
    """
    with pytest.raises(FileRefused, match="line 1, byte 0: it is not an export of Evernote"):
        read(document)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "no element found"),
        (FULL[:-20], "no element found|unclosed token"),
        (FULL.replace(b"</title>", b"</titel>", 1), "mismatched tag"),
        (FULL.replace(b"Anna", SECRET.encode() + b"\xff", 1), "not well-formed"),
        (FULL.replace(b"Anna", SECRET.encode() + b"\x00", 1), "not well-formed"),
    ],
)
def test_broken_xml_is_told_by_line_and_byte(document, reason):
    """
    The place is said, and nothing that stands there.
    """
    for size in (7, 65536):
        with pytest.raises(FileRefused) as refusal:
            read(document, size)
        said = rf"notes\.enex: line \d+, byte \d+: it is not whole XML \(({reason})"
        assert re.match(said, str(refusal.value))
        assert SECRET not in str(refusal.value)


def test_names_of_html_are_read_everywhere():
    """
    Other programs write &aring; in titles as if their document type had it.
    """
    document = export(note(title="X")).replace(b"X", b"R&aring;d &nosuch;")

    assert ["Råd &nosuch;"] == [one.title for one in read(document)]


def test_notes_before_a_mistake_are_handed_out():
    """
    A note comes as soon as it has ended.
    """
    notes = read_notes([FULL.replace(b"<title>Two", b"<title><<")], PLACE)

    assert "Råd & dåd" == next(notes).title
    with pytest.raises(FileRefused):
        list(notes)


def endless(start, part):
    """Return pieces that never end, and fail if a reader asks for 200 MB."""
    yield start
    for _ in range(3200):
        yield part * (65536 // len(part))
    pytest.fail("it was read on and on")


@pytest.mark.parametrize(
    ("start", "part", "what"),
    [
        ("<note><title>", b"x", "more than 16777216 characters"),
        ("<note>", b" ", "more than 16777216 characters"),
        ("<note><!--", b"x", "a tag without an end"),
        ('<note a="', b"x", "a tag without an end"),
        ("<note", b" ", "a tag without an end"),
        ("<note>", b"<tag/>", "more elements than"),
        ("", b"<tag/>", "more elements than"),
        ("<note>", b"<tag>", "more elements than"),
    ],
)
def test_what_never_ends_is_given_up(start, part, what):
    """
    Whatever could fill the memory is bounded.
    """
    with pytest.raises(FileRefused, match=what):
        list(read_notes(endless((HEAD + start).encode(), part), PLACE))


def test_many_names_are_refused():
    """
    Names are remembered by the parser, and an export has few.
    """
    names = "".join(f"<n{n}/>" for n in range(600))

    with pytest.raises(FileRefused, match="more elements than"):
        read(export(names))


def test_many_long_texts_of_one_note_are_refused():
    """
    Files in a note count too where their text is kept.
    """
    with pytest.raises(FileRefused, match="more than 16777216 characters"):
        read(export(note(*[file(b"x" * 1_000_000)] * 17)))


@given(st.data())
def test_damaged_export_is_read_or_refused(data):
    """
    Whatever is changed, the end is notes or FileRefused.
    """
    content = bytearray(FULL)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        size = data.draw(st.integers(0, 30))
        content[at : at + size] = data.draw(st.binary(max_size=5) | st.sampled_from([b"<", b"&"]))

    with suppress(FileRefused):
        read(bytes(content), 100)


@given(st.binary(max_size=100))
def test_random_bytes_are_refused(noise):
    """
    Noise is no export, alone and inside one.
    """
    with pytest.raises(FileRefused):
        read(noise)
    with suppress(FileRefused):
        read(export("<note>") + noise)


# Memory

READER = """
import re, sys
from pathlib import Path
from klarsyn.transport.enex import enex_notes
count = sum(1 for _ in enex_notes(Path(sys.argv[1])))
print(count, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_file(tmp_path):
    """
    An export of 60 MB, one file of 30 MB in it, is read in a process of less than 60 MB.
    """
    path = tmp_path / "large.enex"
    with path.open("wb") as out:
        out.write(HEAD.encode())
        for n in range(30):
            out.write(note(file(bytes(750_000), "image/png"), title=str(n)).encode())
        out.write(note(file(bytes(23_000_000), "video/mp4")).encode())
        out.write(b"</en-export>")

    ran = subprocess.run(
        [sys.executable, "-c", READER, str(path)], capture_output=True, text=True, check=True
    )

    count, kilobytes = map(int, ran.stdout.split())
    assert path.stat().st_size > 60_000_000
    assert 31 == count
    assert 60_000 > kilobytes


def test_file_is_read_from_disk(tmp_path):
    """
    A path is enough.
    """
    (tmp_path / "notes.enex").write_bytes(FULL)

    assert ["Råd & dåd", "Two"] == [one.title for one in enex_notes(tmp_path / "notes.enex")]
