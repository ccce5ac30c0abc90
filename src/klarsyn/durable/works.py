"""
Work: functions whose steps are recorded, so that they survive whatever ends the process.

After a crash the function runs again from its beginning, and each step that had returned gives
what it gave then. So between steps a function may do nothing but compute, the same each time:
time, randomness and the world belong into steps. Results are JSON and references, never values
of people.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast

import msgspec

from klarsyn.durable.failures import kept
from klarsyn.errors import UnknownName, said

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
"""What is recorded: arguments of a piece of work, results of steps."""

A = TypeVar("A")
J = TypeVar("J", bound=Json)

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")


def as_json(value: Json) -> Any:
    """
    Return a value as it will be read back: tuples as lists, without what JSON does not know.

    TypeError for anything else, a `Personal` above all.
    """
    return msgspec.json.decode(msgspec.json.encode(value))


class Run(Generic[A]):
    """One piece of work under way: its id, what it works with, and its steps."""

    def __init__(
        self,
        run_id: str,
        around: A,
        record: Callable[[str, Callable[[], Json]], Any] = lambda _, do: do(),
    ) -> None:
        """Record each step by `record`; without it steps simply run, as a test may want."""
        self.id = run_id
        """Who has the id can look at the work; it starts the keys of the journal."""
        self.around = around
        """What the engine was opened with: storage, clock, keys, register, connections."""
        self._record = record

    def step(self, name: str, do: Callable[[], J]) -> J:
        """
        Do something at least once, and return what it returned, recorded from then on.

        The name stands in clear where steps are recorded. An error is recorded too and raised as
        WorkFailed, now and whenever the work runs again: catch what can be tried anew inside.
        """

        def told() -> Json:
            return kept(lambda: cast("Json", as_json(do())))

        return cast("J", self._record(name, told))


@dataclass(frozen=True, slots=True)
class Work(Generic[A]):
    """A kind of work: a name, a version, and the function that does it."""

    name: str
    version: int
    do: Callable[..., Json]
    schedule: str = ""
    """The name that `schedules` in klarsyn.yaml has for it, if it can be scheduled."""

    @property
    def full_name(self) -> str:
        """The name that is recorded: `disclosure.deliver/1`."""
        return f"{self.name}/{self.version}"

    def checked(self, arguments: Mapping[str, Json]) -> dict[str, Json]:
        """Return the arguments as they will be read back; TypeError where the function differs."""
        inspect.signature(self.do).bind(None, **arguments)
        return cast("dict[str, Json]", as_json(arguments))


def work(
    name: str, version: int, *, schedule: str = ""
) -> Callable[[Callable[..., Json]], Work[Any]]:
    """
    Make a function that takes a `Run` and named arguments a kind of work.

    A function that runs its steps in another order, or others, gets a new version; the old one
    stays until none of its runs is unfinished. Work with a schedule takes no arguments.
    """
    if not _NAME.fullmatch(name) or version < 1:
        raise ValueError(f"{name}/{version} is no name of work: dotted words and a number from 1")
    return lambda do: Work(name, version, do, schedule)


class Works(Generic[A]):
    """All kinds of work that an engine knows."""

    def __init__(self, works: Iterable[Work[A]]) -> None:
        """Take each once; two of one name and version are a mistake."""
        self._by_name: dict[str, Work[A]] = {}
        for one in sorted(works, key=lambda one: one.version):
            if one.full_name in self._by_name:
                raise ValueError(f"there are two kinds of work called {one.full_name}")
            # By its bare name the newest is found, since it comes last.
            self._by_name |= {one.full_name: one, one.name: one}

    def __iter__(self) -> Iterator[Work[A]]:
        """Give each version of each kind."""
        return iter([one for name, one in self._by_name.items() if name == one.full_name])

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Work[A]:
        """Return the newest version of a name, or the one that it ends in; UnknownName else."""
        if name not in self._by_name:
            raise UnknownName(said("There is no work called {name}.", name=name))
        return self._by_name[name]

    def scheduled(self) -> dict[str, Work[A]]:
        """Return what can be scheduled, by the name that klarsyn.yaml has for it."""
        return {one.schedule: one for one in self._by_name.values() if one.schedule}
