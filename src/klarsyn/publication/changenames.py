"""
The names of things in a change log, from whichever of two versions has them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from klarsyn.publication.voice import Voice
    from klarsyn.register.changes import Difference


class Names:
    """Names what a change is about, in one language."""

    def __init__(self, difference: Difference, voice: Voice) -> None:
        self.difference, self.voice = difference, voice
        self.text = voice.text

    def own(self, text: Mapping[Any, str]) -> str:
        """Return a text of the register; an old version may lack the language."""
        return text.get(self.voice.language) or next(iter(text.values()))

    def element(self, one: str) -> str:
        """Return a data element's label."""
        return self.labelled("elements", one)

    def elements(self, ids: Iterable[str]) -> str:
        """Return the labels of data elements, joined."""
        return self.voice.list([self.element(one) for one in ids])

    def purpose(self, one: str) -> str:
        """Return a purpose's label."""
        return self.labelled("purposes", one.partition("#")[0])

    def data_subjects(self, ids: Iterable[str]) -> str:
        """Return the labels of categories of people, joined."""
        return self.voice.list([self.labelled("data_subjects", one) for one in ids])

    def countries(self, codes: str | Iterable[str]) -> str:
        """Return the names of countries, joined."""
        return self.voice.countries(codes if isinstance(codes, str) else list(codes))

    def labelled(self, table: str, one: str) -> str:
        """Return the label of an entry of a table of the register, or its id where none has it."""
        for version in (self.difference.new, self.difference.old):
            if found := getattr(version, table).get(one):
                return self.own(found.label)
        return one

    def definition(self, one: str, element: str) -> str:
        """Return the text of a definition from the score card of an element."""
        for version in (self.difference.new, self.difference.old):
            meant = version.elements.get(element)
            card = version.scores.get(meant.score or "") if meant else None
            if card and (found := card.definitions.get(one)):
                return self.own(found.text)
        return one

    def day(self, written: str) -> str:
        """Return a date that is written as in the files, in words."""
        return self.voice.day(date.fromisoformat(written))
