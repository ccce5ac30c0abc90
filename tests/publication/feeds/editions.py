"""
Editions with a history made in memory: days, and the register as it was on each.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from klarsyn.publication import Edition
from klarsyn.register.changes import diff
from klarsyn.register.history import Entry, History
from tests.publication.sites import VERSION
from tests.register.builders import COMPANY, VENDOR, Edit, add, line, register
from tests.register.repositories import ANOTHER_VENDOR

if TYPE_CHECKING:
    from klarsyn.register import Register

FIRST, SECOND, THIRD = date(2026, 1, 10), date(2026, 2, 20), date(2026, 7, 1)
ADDRESS = "https://fjordkraft.example/subprocessors/"
PROCESSOR = line(COMPANY, "acts_as: ", "acts_as: {value: [processor], source: own}")
MOVED = line(VENDOR, "storage: {value: [", "storage: {value: [US], source: own}")

HOSTILE = "<b>&\"'amp; ]]> </title>"


def edition(*steps: tuple[date, Register]) -> Edition:
    """Return an edition whose history has these days."""
    entries: list[Entry] = []
    for day, now in steps:
        before = entries[-1].register if entries else None
        entries.append(Entry(day, now, diff(before, now, day) if before else None))
    last = entries[-1]
    return Edition(last.register, [], last.day, History(tuple(entries)), VERSION)


def small(*edits: Edit) -> Edition:
    """Return an edition of three days: the beginning, a new vendor, and another country."""
    return edition(
        (FIRST, register(PROCESSOR, *edits)),
        (SECOND, register(PROCESSOR, *edits, ANOTHER_VENDOR)),
        (THIRD, register(PROCESSOR, *edits, ANOTHER_VENDOR, MOVED)),
    )


def hostile() -> Edition:
    """Return an edition in which a name, a title and a text hold signs of markup."""
    quoted = HOSTILE.replace('"', '\\"')
    third = ANOTHER_VENDOR(dict.fromkeys([VENDOR], ""))["vendors/third.yaml"]
    named = add("vendors/third.yaml", third.replace("name: Third\n", f'name: "{quoted}"\n'))
    title = line(COMPANY, "title: ", f'title: {{en: "{quoted}"}}')
    company = line(COMPANY, "name: Fjordkraft", f'name: "{quoted}"')
    return edition((FIRST, register(title, company)), (SECOND, register(title, company, named)))
