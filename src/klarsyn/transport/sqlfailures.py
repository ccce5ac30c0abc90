"""
What a database's error means, by its code; its words may quote a row and are not repeated.
"""

from __future__ import annotations

import re

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    TimeoutError,  # noqa: A004  (of the pool)
)

from klarsyn.transport.words import Failure, Kind

_KINDS: dict[Kind, str] = {
    Kind.KEY: "28000 28P01 18456 18452",
    Kind.RIGHTS: """
        42501 25006 SQLITE_READONLY SQLITE_PERM SQLITE_AUTH
        229 230 262 297 300 3906
    """,
    Kind.THROTTLED: """
        40001 40P01 55P03 57014 53300 53400 SQLITE_BUSY SQLITE_LOCKED
        1205 1222 10928 10929 40501 49918 49919 49920
    """,
    Kind.DOWN: """
        57P01 57P02 57P03 57P05 25P03 SQLITE_IOERR SQLITE_CANTOPEN
        4060 40197 40613 20003 20004 20006 20009 20047
    """,
    Kind.REFUSED: "SQLITE_CONSTRAINT SQLITE_TOOBIG 515 547 2601 2627 2628 8152",
    Kind.ABSENT: "42P01 42703 3F000 3D000 207 208",
}
"""
SQLSTATE of PostgreSQL, names of SQLite's, and numbers of SQL Server's. That 4060 is a passing
failure holds for Azure SQL, where a database that was paused wakes up at the first knock.
"""
KINDS = {code: kind for kind, codes in _KINDS.items() for code in codes.split()}
_CLASSES = {"08": Kind.DOWN, "22": Kind.REFUSED, "23": Kind.REFUSED, "40": Kind.THROTTLED}
_DRIVER_WORDS = {"Serialization failure": "1205", "Connection timeout expired": "20003"}
"""Microsoft's own driver tells no numbers, but fixed words for each SQLSTATE."""
_CODE = re.compile(r"[0-9A-Z]{5}|SQLITE_[A-Z_]+|\d{1,6}")
_REFUSED_AT_THE_DOOR = re.compile(
    r"authentication|pg_hba|(role|database) .* does not exist|[Ll]ogin failed"
)


def failure(error: BaseException) -> Failure:
    """Return what an error of SQLAlchemy's or a driver's means."""
    if isinstance(error, TimeoutError):
        return Failure(Kind.THROTTLED, "pool")
    original = getattr(error, "orig", None) or error
    code = code_of(original)
    kind = KINDS.get(code) or KINDS.get("_".join(code.split("_")[:2]))
    if kind is None and code == getattr(original, "sqlstate", None):
        kind = _CLASSES.get(code[:2])
    if kind is None and isinstance(error, OperationalError | InterfaceError):
        at_the_door = _REFUSED_AT_THE_DOOR.search(str(original))
        kind = Kind.KEY if at_the_door else Kind.DOWN
    if kind is None and isinstance(error, DBAPIError) and error.connection_invalidated:
        kind = Kind.DOWN
    return Failure(kind or Kind.REFUSED, code or _name(error))


def code_of(original: object) -> str:
    """Return the database's own code for an error, or nothing."""
    number = next(iter(getattr(original, "args", ())), None)
    if isinstance(number, tuple):  # so pymssql tells that it could not connect
        number = next(iter(number), None)
    told = (
        getattr(original, "sqlstate", None),
        getattr(original, "sqlite_errorname", None),
        number if isinstance(number, int) else None,
        _DRIVER_WORDS.get(str(getattr(original, "driver_error", ""))),
    )
    return next((str(one) for one in told if one and _CODE.fullmatch(str(one))), "")


def _name(error: BaseException) -> str:
    """Return the kind of an error that has no code."""
    known = (IntegrityError, DataError, OperationalError, InterfaceError, DBAPIError)
    return next((one.__name__ for one in known if isinstance(error, one)), "driver")
