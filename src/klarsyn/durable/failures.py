"""
What is kept of an error: the stable id and the message of ours, of any other class and place.

The words of others may repeat a value of a person; ours never do, so they can be stored and said.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from klarsyn import stored
from klarsyn.errors import KlarsynError, Message, WorkFailed, said

R = TypeVar("R")


def kept(do: Callable[[], R]) -> R:
    """Do something; whatever it raises is raised as what is kept of it."""
    try:
        return do()
    except Exception as error:  # noqa: BLE001  (of whatever it is, only what may be stored is kept)
        raise failure_of(error) from None


def failure_of(error: BaseException) -> WorkFailed:
    """Return an error as it is kept; one that is kept already stays as it is."""
    if isinstance(error, WorkFailed):
        return error
    if isinstance(error, KlarsynError) and _storable(error):
        after = getattr(error, "after", None)
        return WorkFailed(error.message, error.remedy, cause=error.id, after=after)
    kind, place = type(error).__name__, _place(error)
    return WorkFailed(said("{kind} was raised at {place}.", kind=kind, place=place), cause=kind)


def misplaced(run: str) -> WorkFailed:
    """Return what is wrong where a checkpoint is no longer where it was written."""
    return WorkFailed(said("A checkpoint of {id} belongs to other work.", id=run))


def to_plain(failure: WorkFailed) -> dict[str, Any]:
    """Return a failure as JSON knows it."""
    return {
        "cause": failure.cause,
        "message": stored.to_json(failure.message),
        "remedy": stored.to_json(failure.remedy) if failure.remedy else None,
        "after": failure.after,
    }


def from_plain(plain: dict[str, Any]) -> WorkFailed:
    """Return the failure that `to_plain` wrote."""
    remedy = stored.from_json(plain["remedy"]) if plain["remedy"] else None
    message = stored.from_json(plain["message"])
    return WorkFailed(message, remedy, cause=plain["cause"], after=plain["after"])


def _storable(error: KlarsynError) -> bool:
    """Return whether every fact of its messages may be stored; a person's value may not."""
    try:
        _written(error.message)
        _written(error.remedy)
    except (TypeError, ValueError):
        return False
    return True


def _written(message: Message | None) -> None:
    if message:
        stored.to_json(message)


def _place(error: BaseException) -> str:
    """Return the module and the line where an error was raised; `?` where it never was."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not frames:
        return "?"
    module = str(frames[-1].f_globals.get("__name__", "?"))
    return f"{module}:{traceback.extract_tb(error.__traceback__)[-1].lineno}"
