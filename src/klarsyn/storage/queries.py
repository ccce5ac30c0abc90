"""
Queries by name: files of SQL, one text for SQLite and PostgreSQL alike.

Each begins with a line `-- name: what it does, in a sentence`, which may go on in more comment
lines, and ends where the next begins. Parameters are written `:name`; `(:names...)` stands for any
number of values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER: Final = Path(__file__).parent / "queries"
_HEADER = re.compile(r"^-- (?P<name>[a-z][a-z0-9_]*): (?P<says>.+(?:\n-- .+)*)$", re.MULTILINE)
#: What may hold a colon that starts no parameter comes first: strings, names, comments, casts.
_PIECE = re.compile(
    r"""(?P<kept> '(?:[^']|'')*' | "(?:[^"]|"")*" | ::)
      | (?P<comment> --[^\n]* | /\*.*?\*/)
      | (?<!\w):(?P<name>[a-z_][a-z0-9_]*)(?P<many>\.\.\.)?""",
    re.VERBOSE | re.DOTALL,
)
_READS = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)
_RETURNING = re.compile(r"\breturning\b", re.IGNORECASE)
#: So many values at a time: databases take more, and a statement of each size is prepared once.
SIZES: Final = (1, 8, 64, 500)


@dataclass(frozen=True)
class Query:
    """One SQL statement and its name."""

    name: str
    text: str
    """As written, with `:name` for parameters."""
    says: str = ""

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names that one value each is needed for."""
        found = _PIECE.finditer(self.text)
        return frozenset(one["name"] for one in found if one["name"] and not one["many"])

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The names of parameters as they stand in the text, each as often as it does."""
        return tuple(one["name"] for one in _PIECE.finditer(self.text) if one["name"])

    @cached_property
    def many(self) -> str:
        """The name that any number of values is given for; empty where there is none."""
        return next((found["name"] for found in _PIECE.finditer(self.text) if found["many"]), "")

    @cached_property
    def reads(self) -> bool:
        """Whether it only reads."""
        return bool(_READS.match(_PIECE.sub(" ", self.text)))

    @cached_property
    def returns(self) -> bool:
        """Whether rows come back."""
        return self.reads or bool(_RETURNING.search(_PIECE.sub(" ", self.text)))

    @cached_property
    def spread(self) -> Mapping[int, Query]:
        """By how many values it is for: the query for those."""
        found = {}
        for size in SIZES:
            names = ", ".join(f":{self.many}_{at}" for at in range(size))
            found[size] = Query(self.name, self.text.replace(f":{self.many}...", names), self.says)
        return found

    @cached_property
    def marked(self) -> str:
        """The text with `?` for parameters, whose values are given in their order."""
        return _PIECE.sub(lambda found: "?" if found["name"] else found[0], self.text)

    @cached_property
    def pyformat(self) -> str:
        """The text as psycopg reads it: `%(name)s` for parameters, `%%` for a percent sign."""
        return _PIECE.sub(_psycopg_piece, self.text.replace("%", "%%"))


def _psycopg_piece(found: re.Match[str]) -> str:
    if found["name"]:
        return f"%({found['name']})s"
    return " " if found["comment"] else found[0]


def read(text: str, file: str = "") -> Iterator[Query]:
    """Give the queries of a file's text; one that stands before any header is a mistake."""
    headers = list(_HEADER.finditer(text))
    begin = headers[0].start() if headers else len(text)
    if re.sub(r"--.*", "", text[:begin]).strip():
        raise ValueError(f"{file}: SQL without a name before the first header")
    ends = [header.start() for header in headers[1:]] + [len(text)]
    for header, end in zip(headers, ends, strict=True):
        body = text[header.end() : end].strip().removesuffix(";")
        yield Query(header["name"], body, header["says"].replace("\n--", ""))


@cache
def known(folder: Path = FOLDER) -> Mapping[str, Query]:
    """Return every query of a folder by its name; two of one name are a mistake."""
    found: dict[str, Query] = {}
    for file in sorted(folder.glob("*.sql")):
        for query in read(file.read_text(encoding="utf-8"), file.name):
            if query.name in found:
                raise ValueError(f"{file.name}: there are two queries called {query.name}")
            found[query.name] = query
    return found
