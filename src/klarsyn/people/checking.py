"""
What is wrong with `source:` of klarsyn.yaml, by the register and by the columns that there are.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from klarsyn.errors import Message, Problem, said
from klarsyn.people.mapping import named
from klarsyn.settings import FILE

if TYPE_CHECKING:
    from klarsyn.register import Register
    from klarsyn.register.company import DataElement
    from klarsyn.sourcesettings import SourceSettings

Lines = Mapping[str, int]
"""Of klarsyn.yaml, by path."""


def problems(source: SourceSettings, register: Register, lines: Lines) -> tuple[Problem, ...]:
    """Return what the register does not allow: unknown elements, secrets, groups of elements."""
    return tuple(
        problem(lines, f"source/columns/{element}", *told)
        for element in source.columns
        if (told := _element_mistake(element, register))
    )


def column_problems(
    names: Mapping[str, str], columns: Sequence[str], shown: str, lines: Lines
) -> tuple[Problem, ...]:
    """Return which columns are named in vain; `names` are by path below `source`."""
    return tuple(
        problem(lines, f"source/{path}", *_absent(name, columns, shown))
        for path, name in names.items()
        if name not in columns
    )


def table_names(source: SourceSettings, name: str) -> dict[str, str]:
    """Return every column that another table names, by path below `source`."""
    table = source.tables[name]
    found = {f"tables/{name}/key": table.key}
    return found | {f"tables/{name}/columns/{one}": column for one, column in table.columns.items()}


def source_names(source: SourceSettings) -> dict[str, str]:
    """Return every column that the source itself names, by path below `source`."""
    return named(source)


def unmapped(source: SourceSettings, register: Register) -> tuple[str, ...]:
    """Return the elements that some vendor is declared to be sent, and that have no column."""
    sent = {one.held.element for one in register.uses() if one.held.direction == "delivered"}
    return tuple(
        element
        for element, declared in register.elements.items()
        if element in sent and element not in source.columns and not declared.score
    )


def problem(lines: Lines, path: str, what: Message, remedy: Message) -> Problem:
    """Return a problem at a path of klarsyn.yaml, or at the nearest thing around it."""
    while path and path not in lines:
        path = path.rpartition("/")[0]
    return Problem(FILE, lines.get(path, 1), what, remedy)


def _element_mistake(element: str, register: Register) -> tuple[Message, Message] | None:
    declared = register.elements.get(element)
    if declared is None:
        what = said("the register has no element '{element}'", element=element)
        return what, _near(element, list(register.elements))
    return next(_refusals(element, declared), None)


def _refusals(element: str, declared: DataElement) -> Iterator[tuple[Message, Message]]:
    if declared.sensitivity == "secret":
        yield (
            said("'{element}' is a secret, and secrets are never read (R11)", element=element),
            said("leave the line out"),
        )
    if declared.group:
        yield (
            said("'{element}' is a group of elements", element=element),
            said("map each of its elements, by a name of its own in the register"),
        )


def _absent(name: str, columns: Sequence[str], shown: str) -> tuple[Message, Message]:
    return said("{file} has no column '{name}'", file=shown, name=name), _near(name, columns)


def _near(name: str, known: Sequence[str]) -> Message:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return said("did you mean '{near}'?", near=near[0])
    return said("known here: {names}", names=", ".join(known))
