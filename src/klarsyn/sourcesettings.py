"""
`source:` of klarsyn.yaml: where the company's own people stand, and which column is which element.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from klarsyn.errors import Message, said
from klarsyn.language import mark

_PASSWORD = re.compile(r"\A[^:]+://[^/?#]*:[^/?#]*@")
_DATE_PARTS = frozenset({"%d", "%m", "%Y"})

Name = Annotated[
    str,
    Meta(
        pattern=r"\A[a-z0-9]+(?:[._-][a-z0-9]+)*\Z",
        extra={"description": mark("a name: small letters, digits, and . _ - between them")},
    ),
]


def _date_mistake(text: str) -> tuple[Message, Message] | None:
    parts = re.findall(r"%.?", text)
    if len(parts) == len(_DATE_PARTS) and set(parts) == _DATE_PARTS:
        return None
    return (
        said("'{text}' does not say how day, month and year are written", text=text[:40]),
        said("write each once: {parts}, as in {example}", parts="%d %m %Y", example="%d.%m.%Y"),
    )


def _address_mistake(text: str) -> tuple[Message, Message] | None:
    # What is wrong is told without the address.
    if _PASSWORD.match(text):
        return (
            said("the address of the source holds a password"),
            said("put it into the variable {name}", name="KLARSYN_SOURCE_PASSWORD"),
        )
    return None


class SourceForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a CSV file is written. Nothing of it is guessed."""

    delimiter: Literal[",", ";", "tab", "pipe"]
    """What parts the columns; a tab or a pipe by its name."""
    encoding: Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15"]
    """How letters are written; the mark that begins many files (BOM) is passed over."""
    decimal: Literal[",", "."]
    """What stands before the decimals of a number; nothing may part its thousands."""
    date: Annotated[str, Meta(extra={"check": _date_mistake})]
    """How dates are written, such as `%d.%m.%Y`."""


class SourceSql(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A database of the company's, which is only read."""

    address: Annotated[str, Meta(extra={"check": _address_mistake})]
    """
    `postgresql://USER@HOST/DATABASE`, `mssql+pymssql://USER@HOST/DATABASE` or `sqlite:///FILE`
    beside this file. The password stands in KLARSYN_SOURCE_PASSWORD.
    """
    table: str | None = None
    """One table or view, read in the order of its key."""
    query: str | None = None
    """Or a question in SQL; say `order by` in it, so that rows have the same numbers each time."""

    @staticmethod
    def mistake(found: dict[str, Any]) -> tuple[Message, Message] | None:
        """Refuse both, or neither, of table and query."""
        return _one_of(found, ("table", "query"))


class SourceTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows about people beside the people themselves, such as their orders; scores read them."""

    csv: str | None = None
    """A file beside this one; `form` says how it is written."""
    sql: SourceSql | None = None
    """A database, in the place of a file."""
    parquet: str | None = None
    """A Parquet file beside this one; needs the extra `bulk`."""
    form: SourceForm | None = None
    """Of the CSV file."""
    key: str
    """The column with the key of the person."""
    columns: Annotated[dict[Name, str], Meta(min_length=1)]
    """Mapping from a name to the column; `on` is a date, `amount` a number, others are texts."""
    types: dict[str, Literal["date", "number", "text"]] = {}
    """Of a name that is something else."""

    @staticmethod
    def mistake(found: dict[str, Any]) -> tuple[Message, Message] | None:
        """Refuse what has no place, two places, no form, or a type of nothing."""
        if strange := sorted(set(found.get("types", ())) - set(found["columns"])):
            return (
                said("'{name}' has a type and no column", name=strange[0]),
                said("add it under `columns`, or leave its type out"),
            )
        return place_mistake(found)

    @property
    def place(self) -> Place:
        """Where its rows stand."""
        return Place(self.csv, self.sql, self.parquet, self.form)


class SourceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The company's own people, each once, and what their columns mean."""

    csv: str | None = None
    """A file beside this one; `form` says how it is written."""
    sql: SourceSql | None = None
    """A database, in the place of a file."""
    parquet: str | None = None
    """A Parquet file beside this one; needs the extra `bulk`."""
    form: SourceForm | None = None
    """Of the CSV file."""
    key: str
    """The column with the company's own key of the person."""
    customer: str | None = None
    """The column with the customer whose contract counts (customers.yaml); else the key."""
    country: str
    """The column with the country of ISO 3166, or one for all, such as DK."""
    sole_trader: str | None = None
    """A column of yes and no: whether the firm is the person (R90)."""
    columns: Annotated[dict[Name, str], Meta(min_length=1)]
    """Mapping from a data element of the register to the column that holds it."""
    populations: dict[Name, dict[str, list[str]]] = {}
    """
    Mapping from a name to the columns that decide, each with the values that it may have; `{}` is
    everybody.
    """
    opted_out: Name | None = None
    """
    The population of those who want no marketing any more, by their own word to you: they are
    stopped at every vendor of that kind, and not removed there for leaving its population.
    """
    tables: dict[Name, SourceTable] = {}
    """Other tables about the same people, by names of your own."""

    @staticmethod
    def mistake(found: dict[str, Any]) -> tuple[Message, Message] | None:
        """Refuse what has no place, two places, or no form; and opt-outs of no population."""
        out = found.get("opted_out")
        if out and out not in found.get("populations", ()):
            return (
                said("there is no population '{name}'", name=out),
                said("define it under `populations`"),
            )
        return place_mistake(found)

    @property
    def place(self) -> Place:
        """Where its rows stand."""
        return Place(self.csv, self.sql, self.parquet, self.form)


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows stand: exactly one of the first three, and the form of a CSV file."""

    csv: str | None = None
    sql: SourceSql | None = None
    parquet: str | None = None
    form: SourceForm | None = None

    @property
    def shown(self) -> str:
        """What messages call it: a file's name, or a table's."""
        return self.csv or self.parquet or (self.sql and self.sql.table) or "query"


def place_mistake(found: dict[str, Any]) -> tuple[Message, Message] | None:
    """Return what is wrong with the place of rows, and what to do about it."""
    if told := _one_of(found, ("csv", "sql", "parquet")):
        return told
    if ("csv" in found) == ("form" in found):
        return None
    form = "{delimiter: ';', encoding: utf-8, decimal: ',', date: '%d.%m.%Y'}"
    if "csv" in found:
        return (
            said("nothing says how {file} is written", file=found["csv"]),
            said("add `form: {example}`", example=form),
        )
    return said("`form` is of CSV files only"), said("leave it out")


def _one_of(found: dict[str, Any], names: tuple[str, ...]) -> tuple[Message, Message] | None:
    given = [one for one in names if one in found]
    if len(given) == 1:
        return None
    return (
        said("{count} of {names} are given", count=len(given), names=", ".join(names)),
        said("give exactly one"),
    )
