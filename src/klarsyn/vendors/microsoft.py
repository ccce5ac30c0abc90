"""
Microsoft as a host: the company's own database, on Azure SQL, PostgreSQL or SQLite.

From Microsoft's documents, SQLAlchemy's and PostgreSQL's, read on 2026-11-22. On PostgreSQL and
SQLite all was tried; statements for SQL Server were compiled and never run.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection as Held

from klarsyn.errors import said
from klarsyn.transport.sql import database
from klarsyn.vendors.rowerasure import erasure, erasure_of_any
from klarsyn.vendors.sheet import (
    Api,
    Assumption,
    Connection,
    Depth,
    Element,
    Grade,
    HowFar,
    Job,
    NoAuth,
    Record,
    Residue,
    Setting,
    Vendor,
)
from klarsyn.vendors.tables import Own, Tables, receiving, records, tables

ANOTHER_PLACE = said("is this a copy for reading only? name the database itself")

api = Api(
    base="",
    hosts=(),
    auth=NoAuth(),
    protocol="sql",
    settings=(
        Setting(
            "database_url",
            said("the address of the database, with user and password"),
            secret=True,
            made_at="https://portal.azure.com/",
            rights=said("to audit db_datareader; to rectify and erase db_datawriter, too"),
        ),
        Setting("schema", said("the schema, where it is not the user's own"), required=False),
        Setting("tables", said("the tables to look at"), many=True, required=False),
        Setting(
            "person_table", said("the tables of which a row is a person"), many=True, required=False
        ),
        Setting(
            "kept_by_law",
            said("tables whose rows are made anonymous instead of deleted: bookkeeping"),
            many=True,
            required=False,
        ),
        Setting(
            "anonymise",
            said("columns to empty there beside the mapped ones: orders.delivery_address"),
            many=True,
            required=False,
            form=r"[^.\s]+\.[^.\s]+",
        ),
        Setting(
            "copies",
            said("tables that keep earlier rows of others: customers_history:customers"),
            many=True,
            required=False,
            form=r"[^:\s]+:[^:\s]+",
        ),
        Setting(
            "match_column",
            said("the column by which a person is known again in a delivery"),
            required=False,
        ),
        Setting(
            "source",
            said("whether the data come from there; nothing is then delivered to it"),
            required=False,
            choices=("true", "false"),
        ),
        Setting(
            "backup_days",
            said("for how many days backups go back to any point in time, 1 to 35"),
            required=False,
            default="7",
            form=r"[1-9]|[12]\d|3[0-5]",
        ),
    ),
    hints={
        "25006": ANOTHER_PLACE,
        "3906": ANOTHER_PLACE,
        "SQLITE_READONLY": ANOTHER_PLACE,
        "40613": said("a database that was paused takes a minute to wake up"),
        "4060": said("a database that was paused takes a minute to wake up"),
        "229": said("the user needs db_datareader, and db_datawriter to change anything"),
        "42501": said("the user needs to read the tables, and to change them for anything else"),
    },
    reference="https://learn.microsoft.com/azure/azure-sql/database/",
    read_on="2026-11-22",
    seconds=120,
)

# Quirks


def out_of_backups(on: date, known: Mapping[str, Any]) -> date:
    """Return the day on which backups for a point in time no longer hold what is deleted today."""
    return on + timedelta(days=int(known.get("backup_days") or 7))


LEFT = (
    Residue(said("backups for a point in time"), out_of_backups),
    Residue(said("long-term backups, up to ten years where they are set up")),
    Residue(said("exports (bacpac), replicas, and what change tracking or CDC has copied")),
)


def forget(own: Mapping[str, tuple[Element, ...]], read: Tables, name: str) -> Job:
    """Return how a row of a table is erased: in one transaction, and what then is left of it."""
    return erasure(own, read, name, LEFT)


# Records


def catalogue(connection: Connection, own: Mapping[str, tuple[Element, ...]]) -> tuple[Record, ...]:
    """Return a record for each table: they exist only once the connection is read."""
    return records(connection, own, forget)


def mapped(own: Own) -> tuple[Record, ...]:
    """Return the tables that take deliveries, as far as the company's map knows them."""
    return receiving(own, lambda one: erasure_of_any(one, LEFT))


def columns(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield every column that could hold something of a person."""
    for name, table in tables(connection, {}).catalogue.tables.items():
        for label, one in table.columns.items():
            if label not in table.linking and one.kind not in {"binary", "withheld"}:
                yield f"{name}.{label}", one.name


def probe(connection: Connection) -> Mapping[str, object]:
    """Return which database it is, and the references that make an erasure slow."""

    def version(held: Held) -> str:
        numbers = held.dialect.server_version_info or ()
        return ".".join(map(str, numbers))

    db = database(connection)
    advice = [
        said(
            "{table}: no index on {columns}: erasing is slow", table=name, columns=list(one.columns)
        )
        for name, table in tables(connection, {}).catalogue.tables.items()
        for one in table.references
        if not one.indexed
    ]
    return {"plan": f"{db.dialect} {db.read('version', version)}", "advice": advice}


microsoft = Vendor(
    id="microsoft",
    name="Microsoft (SQL)",
    api=api,
    records=(),
    catalogue=catalogue,
    receives=mapped,
    read=HowFar(Depth.FULL, said("every table by its key, page by page; passwords are not read")),
    find=HowFar(
        Depth.FULL,
        said("mapped columns by equality, all other texts by looking through them; whatever case"),
    ),
    rectify=HowFar(Depth.FULL, said("only a row that still holds what was read")),
    erase=HowFar(
        Depth.FULL,
        said("with all rows that hang on it; what the law keeps is made anonymous"),
    ),
    deliver=HowFar(Depth.FULL, said("mapped columns only, and never to the source")),
    unseen=(
        said("tables of other schemas, views, and tables that the user may not read"),
        said("pictures and files in columns of bytes, and columns of passwords"),
        said("backups, exports, audit logs in Blob storage, and Query Store"),
    ),
    assumptions=(
        Assumption(said("nothing was run on SQL Server: statements for it were only compiled")),
        Assumption(said("MERGE needs HOLDLOCK, else two at once both insert")),
        Assumption(said("backups for a point in time go back 1 to 35 days, 7 unless changed")),
        Assumption(said("long-term backups are kept for up to ten years")),
        Assumption(said("a ledger table takes no deletion: an erasure there is refused")),
        Assumption(said("errors 40197, 40501, 40613, 49918 to 49920, 4060, 10928, 10929 pass")),
        Assumption(
            said("Query Store and the plan cache keep values that a driver writes into SQL")
        ),
        Assumption(said("pymssql writes values into the text of a statement"), Grade.THIRD),
        Assumption(said("a copy for reading (ApplicationIntent=ReadOnly) refuses writes")),
        Assumption(said("a history table keeps rows until HISTORY_RETENTION_PERIOD"), Grade.DOCS),
    ),
    fields=columns,
    probe=probe,
)
