import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.transport.bodies import AsItIs, Xml, decoded, unescaped, why_unread

LISTED = Xml(frozenset({"Blobs"}))


def test_xml_is_read_as_json_would_be():
    """
    Elements become texts, dicts and, where they are named, lists; attributes stand beside.
    """
    document = b"""\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>
    <Result Of="a"><Blobs>
      <Blob><Name Encoded="true">%C3%A5</Name><Size>3</Size></Blob>
      <Blob><Name> \xc3\xa5 &amp; b </Name><Tags /></Blob>
    </Blobs><Next /></Result>"""
    blobs = [
        {"Name": {"Encoded": "true", "content": "%C3%A5"}, "Size": "3"},
        {"Name": " å & b ", "Tags": ""},
    ]

    assert {"Of": "a", "Blobs": blobs, "Next": ""} == LISTED.decode(document)
    assert {"Blobs": []} == LISTED.decode(b"<R><Blobs>\n</Blobs></R>")


@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE a [<!ENTITY b "maja@example.org">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a />',
        b"<a>maja@example.org",
        b"<a>&maja;</a>",
        b"maja@example.org",
        b"\xff<a />",
        b"",
    ],
)
def test_what_is_no_xml_is_not_quoted(document):
    """
    Documents that declare a type, and broken ones, are refused without a word of theirs.
    """
    with pytest.raises(ValueError, match=r"^not XML$") as caught:
        LISTED.decode(document)

    assert None is caught.value.__cause__


def test_what_is_written_already_is_sent_as_it_is():
    """
    A document and a file are bytes that nobody touches.
    """
    assert b"<a/>" == LISTED.encode(b"<a/>")
    assert b"a" == AsItIs().encode(b"a") == AsItIs().decode(b"a")


@given(st.binary())
def test_text_can_be_written_again(content):
    """
    What is read of a file in an encoding is the same file when it is written in it.
    """
    text, encoding = decoded(content)

    assert encoding == "utf-16" or content == text.encode(encoding)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Åse".encode(), "utf-8"),
        ("Åse".encode("utf-8-sig"), "utf-8-sig"),
        ("Åse".encode("utf-16-le").join([b"\xff\xfe", b""]), "utf-16"),
        ("Åse".encode("utf-16-be").join([b"\xfe\xff", b""]), "utf-16"),
        ("Åse".encode("cp1252"), "cp1252"),
        (b"\xc5se\x81", "latin-1"),
    ],
)
def test_encoding_of_a_text(content, encoding):
    """
    Marks are believed, then UTF-8 is tried, then what Excel writes in the Nordic countries.
    """
    text, found = decoded(content)

    assert encoding == found
    assert text.startswith("Åse")


def test_escapes_are_undone():
    """
    JSON escapes what is not ASCII, also in pairs; XML names and numbers it.
    """
    assert "Åse 🜚 & Ørn" == unescaped(r"\u00c5se \ud83d\udf1a &amp; &#216;rn")
    assert "half �" == unescaped(r"half \ud83d")


def test_which_files_are_texts():
    """
    By type or by name, up to a bound.
    """
    plain = [("a", "text/plain"), ("a", "application/geo+JSON; charset=utf-8"), ("A.CSV", "")]

    assert [None] * 3 == [why_unread(name, kind, 1) for name, kind in plain]
    assert "not a plain text" == str(why_unread("a.csv.gz", "application/gzip", 1))
    assert "a text of more than 8 MiB" == str(why_unread("a.txt", "", (8 << 20) + 1))
