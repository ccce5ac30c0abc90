"""
Files that were read before, by the hash of their bytes: reading them again costs no parsing.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    from klarsyn.errors import Problem

T = TypeVar("T")

FORMAT = "1"
DAYS = 60


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What a file holds: its value (None where there are problems), lines by path, and problems."""

    value: T | None
    lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@cache
def _decoder(into: Hashable) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(tuple[into, dict[str, int]])  # type: ignore[valid-type]  # at run time


def kept_at(folder: Path, content: bytes, into: type[Any]) -> Path:
    """Return where a file with this content is kept."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    return folder / f"{into.__name__.lower()}-{FORMAT}-{digest}"


def recall(kept: Path, into: type[T]) -> Loaded[T] | None:
    """Return what was kept; anything that does not fit today's model is as good as absent."""
    try:
        stored = kept.read_bytes()
        value, lines = _decoder(cast("Hashable", into)).decode(stored)
    except (OSError, ValueError, msgspec.MsgspecError):  # ValueError: broken UTF-8
        return None
    return Loaded(value, lines)


def remember(kept: Path, loaded: Loaded[Any]) -> None:
    """Keep what was read; a folder that cannot be written only costs time."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_name(f"{kept.name}.{os.getpid()}")
        beside.write_bytes(msgspec.msgpack.encode((loaded.value, dict(loaded.lines))))
        beside.replace(kept)
    except OSError:
        return


def forget_old(folder: Path) -> None:
    """Delete what was kept more than `DAYS` ago."""
    limit = time.time() - DAYS * 86_400
    for kept in folder.glob("*"):
        try:
            if kept.stat().st_mtime < limit:
                kept.unlink()
        except OSError:
            continue
