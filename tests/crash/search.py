"""
Looks for values in whatever was written, in every way in which they could have been written.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import sqlite3
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BASE64 = "base64"
"""The one way that is written in lines of a fixed length."""
DEEPEST = 3
"""Archives in archives are opened so far."""
_GZIP, _ZIP = b"\x1f\x8b\x08", b"PK\x03\x04"


def forms(value: str) -> dict[str, set[bytes]]:
    """Return how a value may stand in a file: name of the encoding -> what to look for."""
    found: dict[str, set[bytes]] = {}
    for written in {value, value.lower(), value.upper(), value.title()}:
        clear = written.encode()
        ways = {
            "UTF-8": [clear],
            "UTF-16": [written.encode("utf-16-le"), written.encode("utf-16-be")],
            "Latin-1": [written.encode("latin-1")],
            "percent": [quote(written, safe="").encode(), quote(written, safe="").lower().encode()],
            "every byte percent": [_each(clear, "%{:02X}"), _each(clear, "%{:02x}")],
            "JSON": [
                json.dumps(written)[1:-1].encode(),
                json.dumps(written)[1:-1].upper().encode(),
            ],
            "hex": [clear.hex().encode(), clear.hex().upper().encode()],
            BASE64: [*_base64(clear), *_base64(written.encode("utf-16-le"))],
        }
        for way, looked_for in ways.items():
            # Digits look the same in many ways; each is looked for once.
            new = set(looked_for).difference(*found.values())
            found.setdefault(way, set()).update(new)
    return found


def _each(clear: bytes, form: str) -> bytes:
    return "".join(form.format(one) for one in clear).encode()


def _base64(clear: bytes) -> Iterator[bytes]:
    """Yield what is certain of a value in base64, wherever in the text it begins."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            encoded = encode(bytes(before) + clear)
            first = -(-before * 4 // 3)
            last = (before + len(clear)) * 4 // 3
            yield encoded[first:last]


class Search:
    """Values that must not be found, and where they were."""

    def __init__(self, values: Iterable[str]) -> None:
        """Prepare every form of each value; short ones would be found by chance."""
        self._wanted = {value: forms(value) for value in values}
        assert all(len(value) > 8 for value in self._wanted)
        self.files = self.bytes = 0

    def folder(self, folder: Path, *, but: Iterable[Path] = ()) -> list[str]:
        """Return what was found in the files of a folder and of those below."""
        left = tuple(but)
        return [
            hit
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not any(path.is_relative_to(one) for one in left)
            for hit in self.content(path.read_bytes(), str(path.relative_to(folder)))
        ]

    def content(self, content: bytes, where: str, depth: int = 0) -> list[str]:
        """Return what was found in bytes and in the archives within them."""
        self.files += 1
        self.bytes += len(content)
        joined = content.translate(None, b"\r\n\t ")
        hits = [
            f"{where}: {value} ({way})"
            for value, ways in self._wanted.items()
            for way, looked_for in ways.items()
            if any(one in content or (way == BASE64 and one in joined) for one in looked_for)
        ]
        if depth < DEEPEST:
            for number, inner in enumerate(_unpacked(content)):
                hits += self.content(inner, f"{where}[{number}]", depth + 1)
        return hits

    def sqlite(self, file: Path) -> list[str]:
        """Return what was found in the cells of a database; pages may cut a value in two."""
        connection = sqlite3.connect(file)
        tables = connection.execute("select name from sqlite_schema where type = 'table'")
        hits = [
            hit
            for (table,) in tables.fetchall()
            for row in connection.execute(f'select * from "{table}"')  # noqa: S608  (its own name)
            for hit in self._cells(row, f"{file.name} {table}")
        ]
        connection.close()
        return hits

    def postgresql(self, address: str) -> list[str]:
        """Return what was found in the cells of every table of a server's database."""
        named = (
            "select schemaname, tablename from pg_tables where schemaname <> 'information_schema'"
        )
        hits: list[str] = []
        with psycopg.connect(address) as connection:
            for schema, table in connection.execute(named).fetchall():
                chosen = sql.SQL("select * from {}").format(sql.Identifier(schema, table))
                for row in connection.execute(chosen):
                    hits += self._cells(row, f"{schema}.{table}")
        return hits

    def _cells(self, row: Iterable[object], where: str) -> list[str]:
        cells = (one if isinstance(one, bytes) else str(one).encode() for one in row)
        return self.content(b"\n".join(cells), where)


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the content of every gzip and zip member, wherever it begins."""
    for at in _places(content, _GZIP):
        try:
            yield zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content[at:])
        except zlib.error:
            continue
    for at in _places(content, _ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(content[at:])) as archive:
                for name in archive.namelist():
                    yield name.encode() + b"\n" + archive.read(name)
        # Bytes that only look like the beginning of one; as they are, they are searched anyway.
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError):
            continue
        return  # the directory at the end names all members


def _places(content: bytes, mark: bytes) -> Iterator[int]:
    at = content.find(mark)
    while at >= 0:
        yield at
        at = content.find(mark, at + 1)


def planted(value: str) -> dict[str, bytes]:
    """Return a value as a careless program may write it, by what a search has to see through."""
    clear = f"before {value} after".encode()
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("note.txt", clear)
    return {
        "clear": clear,
        "upper case": clear.decode().upper().encode(),
        "UTF-16 little": clear.decode().encode("utf-16-le"),
        "UTF-16 big": clear.decode().encode("utf-16-be"),
        "Latin-1": clear.decode().encode("latin-1"),
        "percent": quote(clear.decode(), safe="").encode(),
        "JSON": json.dumps({"note": clear.decode()}).encode(),
        "hex": clear.hex().encode(),
        "base64": base64.b64encode(clear),
        "base64, one on": base64.b64encode(b"x" + clear),
        "base64, two on": base64.urlsafe_b64encode(b"xx" + clear),
        "base64 in lines": base64.encodebytes(b"x" * 40 + clear),
        "base64 of UTF-16": base64.b64encode(clear.decode().encode("utf-16-le")),
        "gzip": b"before" + gzip.compress(clear),
        "zip": b"before" + inside.getvalue(),
        "base64 in gzip": gzip.compress(base64.b64encode(clear)),
        "gzip in zip": _zipped(gzip.compress(clear)),
    }


def _zipped(content: bytes) -> bytes:
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        archive.writestr("inner.gz", content)
    return inside.getvalue()
