"""
The catalogue of a database: tables, columns, keys, references, and what keeps copies of rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection as Held
from sqlalchemy import Select, TableClause, column, func, inspect, not_, select, table, types
from sqlalchemy.engine import Inspector
from sqlalchemy.engine.interfaces import ReflectedColumn

_KINDS: tuple[tuple[type[Any], str], ...] = (
    (types.String, "text"),
    (types.LargeBinary, "binary"),
    (types.Boolean, "truth"),
    (types.Integer, "number"),
    (types.Numeric, "number"),
    (types.DateTime, "time"),
    (types.Date, "time"),
    (types.Time, "time"),
    (types.Interval, "time"),
)
_BREAKING = re.compile(r"[.\[\]]")
"""What would end a name within a path, such as a register's map has."""
_COPY = re.compile(
    r"(?i)(?P<before>(?:history|hist|audit|archive|log)_)?(?P<base>.+?)"
    r"(?P<after>_?(?:history|hist|audit|archive|log|versions?|copy|old|backup))?"
)


class AsGiven(types.UserDefinedType[Any]):
    """A column whose values come and go as the driver has them: nothing is converted or cast."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return no name of a type: no table is made of it."""
        return ""

    def coerce_compared_value(self, op: Any, value: Any) -> AsGiven:  # noqa: ARG002  (its signature)
        """Compare with a value as it is."""
        return self


@dataclass(frozen=True, slots=True)
class Column:
    """A column, as far as it matters for personal data."""

    name: str
    kind: str
    """`text`, `number`, `truth`, `time`, `binary`, `other` (JSON, XML), or `withheld`: not read."""
    nullable: bool = True
    most: int = 0
    """How many characters it takes, 0 where there is no end."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: columns of a table that name a row of another."""

    table: str
    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]
    on_delete: str = ""
    indexed: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its columns go by labels: their names without the signs that paths are made of."""

    name: str
    schema: str | None
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    """The labels by which one row is told: its primary key, or a unique one without nulls."""
    ordered: bool = True
    """Whether rows can be read in the order of the key: SQLite lets primary keys be null."""
    unique: tuple[frozenset[str], ...] = ()
    references: tuple[Reference, ...] = ()
    copy_of: str = ""
    """The table whose earlier rows it keeps."""
    system_kept: bool = False
    """The database itself keeps it: nobody can delete from it."""
    kept_for: tuple[int, str] | None = None
    """For how long the database itself keeps rows there: a number, and days, weeks ..."""
    triggers: tuple[str, ...] = ()
    clause: TableClause = field(init=False, repr=False, compare=False)
    """The table as statements name it; in one statement it has to be the same one."""

    def __post_init__(self) -> None:
        """Make what statements are made of."""
        columns = [column(one.name, AsGiven()) for one in self.columns.values()]
        object.__setattr__(self, "clause", table(self.name, *columns, schema=self.schema))

    def of_kind(self, *kinds: str) -> list[str]:
        """Return the labels of columns of some kinds."""
        return [label for label, one in self.columns.items() if one.kind in kinds]

    @property
    def linking(self) -> frozenset[str]:
        """The labels of columns that only tell rows: keys and references that are numbers."""
        named = {*self.key, *(one for ref in self.references for one in ref.columns)}
        return frozenset(one for one in named if self.columns[one].kind == "number")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tables of a schema, by label."""

    tables: Mapping[str, Table]
    children: Mapping[str, tuple[Reference, ...]] = field(init=False)
    """The references to each table."""

    def __post_init__(self) -> None:
        """Turn the references round."""
        found: dict[str, list[Reference]] = {}
        for one in self.tables.values():
            for reference in one.references:
                found.setdefault(reference.to, []).append(reference)
        object.__setattr__(self, "children", {to: tuple(refs) for to, refs in found.items()})

    def copies(self, name: str) -> list[str]:
        """Return the tables that keep earlier rows of a table."""
        return [label for label, one in self.tables.items() if one.copy_of == name]


def catalogue(held: Held, schema: str | None, copies: Mapping[str, str]) -> Catalogue:
    """Read the catalogue; `copies` names tables that keep earlier rows of others."""
    read = _Reading(inspect(held), schema)
    tables = {label: read.table(name, label) for name, label in read.labels.items()}
    kept = dict(_kept(held, schema))
    triggers: dict[str, list[str]] = {}
    for on, name in _triggers(held, schema):
        triggers.setdefault(on, []).append(name)
    for label, one in tables.items():
        base, kept_for = kept.get(one.name, ("", None))
        tables[label] = replace(
            one,
            copy_of=read.labels.get(base, "") or copies.get(label, "") or _copied(label, tables),
            system_kept=one.name in kept,
            kept_for=kept_for,
            triggers=tuple(sorted(triggers.get(one.name, ()))),
        )
    return Catalogue(tables)


def labels(names: Iterable[str]) -> dict[str, str]:
    """Return a label for each name: one that can stand in a path, no two alike."""
    found: dict[str, str] = {}
    for name in names:
        label = _BREAKING.sub("_", name)
        while label in found.values():
            label += "_"
        found[name] = label
    return found


class _Reading:
    """What an inspector tells of a schema, in one go."""

    def __init__(self, inspector: Inspector, schema: str | None) -> None:
        """Ask for everything: one question a kind, not one a table."""
        self.schema = schema
        names = sorted(inspector.get_table_names(schema))
        self.labels = labels(names)
        asked: dict[str, Any] = {"schema": schema, "filter_names": names}
        self.columns = _by_name(inspector.get_multi_columns(**asked))
        self.keys = _by_name(inspector.get_multi_pk_constraint(**asked))
        self.foreign = _by_name(inspector.get_multi_foreign_keys(**asked))
        self.unique = _by_name(inspector.get_multi_unique_constraints(**asked))
        if inspector.dialect.name == "sqlite":  # else a unique column of VARCHAR(99) is overlooked
            asked["include_auto_indexes"] = True
        self.indexes = _by_name(inspector.get_multi_indexes(**asked))

    def table(self, name: str, label: str) -> Table:
        """Return one table."""
        reflected: Sequence[ReflectedColumn] = self.columns.get(name, [])
        names = labels(one["name"] for one in reflected)
        columns = {names[one["name"]]: _column(one) for one in reflected}
        primary = [names[one] for one in (self.keys.get(name) or {}).get("constrained_columns", ())]
        unique = [
            [names[one] for one in columns_ if one in names]
            for columns_ in (
                *(one["column_names"] for one in self.unique.get(name, ())),
                *(one["column_names"] for one in self.indexes.get(name, ()) if _whole(one)),
            )
        ]
        whole = [one for one in unique if not any(columns[each].nullable for each in one)]
        key = primary or next(iter(whole), [])
        rowid = len(primary) == 1 and columns[primary[0]].kind == "number"
        return Table(
            name,
            self.schema,
            columns,
            tuple(key),
            rowid or not any(columns[one].nullable for one in key),
            tuple(frozenset(one) for one in (primary, *unique) if one),
            tuple(self._references(name, label, names, [primary, *unique])),
        )

    def _references(
        self, name: str, label: str, names: Mapping[str, str], keys: Sequence[Sequence[str]]
    ) -> Iterator[Reference]:
        for one in self.foreign.get(name, ()):
            to = one["referred_table"]
            if one["referred_schema"] not in {self.schema, None} or to not in self.labels:
                continue
            theirs = labels(each["name"] for each in self.columns.get(to, ()))
            own = tuple(names[each] for each in one["constrained_columns"])
            led = [list(each) for each in keys] + [
                [names.get(each or "", "") for each in index["column_names"]]
                for index in self.indexes.get(name, ())
            ]
            yield Reference(
                label,
                own,
                self.labels[to],
                tuple(theirs[each] for each in one["referred_columns"]),
                str(one.get("options", {}).get("ondelete") or "").upper(),
                any(set(each[: len(own)]) == set(own) for each in led),
            )


def _by_name(found: Mapping[tuple[str | None, str], Any]) -> dict[str, Any]:
    return {name: value for (_, name), value in found.items()}


def _whole(index: Mapping[str, Any]) -> bool:
    """Return whether an index makes its columns unique, in every row and as they stand."""
    partial = any(key.endswith("_where") for key in index.get("dialect_options", {}))
    return bool(index["unique"]) and not partial and None not in index["column_names"]


def _column(reflected: ReflectedColumn) -> Column:
    kind = reflected["type"]
    name = next((name for type_, name in _KINDS if isinstance(kind, type_)), "other")
    return Column(
        reflected["name"], name, reflected["nullable"], int(getattr(kind, "length", None) or 0)
    )


# What keeps copies


def _copied(label: str, tables: Mapping[str, Table]) -> str:
    """Return the table that a table seems to keep earlier rows of, by its name and columns."""
    match = _COPY.fullmatch(label)
    base = match["base"] if match and (match["before"] or match["after"]) else ""
    if base not in tables or base == label:
        return ""
    own, others = set(tables[label].columns), tables[base]
    alike = len(own & set(others.columns)) * 2 >= len(others.columns)
    return base if alike and others.key and own.issuperset(others.key) else ""


def _triggers(held: Held, schema: str | None) -> list[tuple[str, str]]:
    """Return table and name of every trigger: it may write copies anywhere."""
    return [(str(row[0]), str(row[1])) for row in held.execute(triggers(held.dialect.name, schema))]


def triggers(dialect: str, schema: str | None) -> Select[Any]:
    """Return the question for table and name of every trigger."""
    if dialect == "sqlite":
        master = table("sqlite_master", column("type"), column("tbl_name"), column("name"))
        return select(master.c.tbl_name, master.c.name).where(master.c.type == "trigger")
    if dialect == "mssql":
        made = table("triggers", column("name"), column("parent_id"), schema="sys")
        on = _system_tables()
        return select(on.c.name, made.c.name).where(made.c.parent_id == on.c.object_id)
    made = table(
        "pg_trigger", column("tgrelid"), column("tgname"), column("tgisinternal", types.Boolean())
    )
    on = table("pg_class", column("oid"), column("relname"), column("relnamespace"))
    space = table("pg_namespace", column("oid"), column("nspname"))
    return select(on.c.relname, made.c.tgname).where(
        made.c.tgrelid == on.c.oid,
        not_(made.c.tgisinternal),
        on.c.relnamespace == space.c.oid,
        space.c.nspname == (schema or func.current_schema()),
    )


def _kept(
    held: Held, schema: str | None
) -> Iterator[tuple[str, tuple[str, tuple[int, str] | None]]]:
    """Yield the history tables of SQL Server's, each with its table and for how long it keeps."""
    if held.dialect.name != "mssql":
        return
    units = {3: "days", 4: "weeks", 5: "months", 6: "years"}
    for name, base, period, unit in held.execute(temporal(schema)):
        yield str(name), (str(base), (int(period), units[unit]) if unit in units else None)


def temporal(schema: str | None) -> Select[Any]:
    """Return the question for history tables, what they are of, and for how long they keep."""
    base, history = _system_tables().alias("base"), _system_tables().alias("history")
    found = select(
        history.c.name,
        base.c.name,
        base.c.history_retention_period,
        base.c.history_retention_period_unit,
    ).where(base.c.history_table_id == history.c.object_id)
    if not schema:
        return found
    schemas = table("schemas", column("schema_id"), column("name"), schema="sys")
    return found.where(history.c.schema_id == schemas.c.schema_id, schemas.c.name == schema)


def _system_tables() -> TableClause:
    names = "name object_id schema_id temporal_type history_table_id history_retention_period"
    names += " history_retention_period_unit"
    return table("tables", *map(column, names.split()), schema="sys")
