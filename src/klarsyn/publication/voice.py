"""
One language's voice: facts, dates, countries and findings as a page says them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from markupsafe import Markup, escape

from klarsyn.errors import Message, Quote
from klarsyn.language import Translator, country_name, filled, joined, long_date, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from klarsyn.register.facts import Fact, Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact as printed: its words, and whether it is known, known but not verified, or unknown."""

    text: str
    state: Literal["known", "unverified", "unknown"]
    language_free: bool = False
    """Whether the words are a name or an address, the same in every language."""
    href: str = ""
    doubt: str = ""
    """What the page says of a fact that is not verified."""

    @property
    def html(self) -> Markup:
        """The fact with its marks: quiet where unknown, doubtful where not verified."""
        if self.state == "unknown":
            return _UNKNOWN.format(self.text)
        if self.href:
            words = _ADDRESS.format(self.href, shortened(self.href))
        elif self.language_free:
            words = _NAME.format(self.text)
        else:
            words = escape(self.text)
        return words + _DOUBT.format(self.doubt) if self.state == "unverified" else words


def shortened(address: str) -> str:
    """Return an address as a person reads it: without scheme and closing slash."""
    return address.removeprefix("https://").removesuffix("/")


def name(text: str) -> Markup:
    """Return a name as HTML: it is the same in every language."""
    return _NAME.format(text)


_UNKNOWN = Markup('<span class="unknown">{}</span>')
_ADDRESS = Markup('<a href="{}" rel="external" translate="no">{}</a>')
_NAME = Markup('<span translate="no">{}</span>')
_DOUBT = Markup(' <span class="unverified">{}</span>')


class Voice:
    """Says things in one language."""

    def __init__(self, language: str, sources: Mapping[str, Source] | None = None) -> None:
        """Speak `language`; `sources` are those of the file whose facts are shown."""
        self.language = language
        self.translator: Translator = translator(language, strict=True)
        self.sources = sources or {}

    def about(self, sources: Mapping[str, Source]) -> Voice:
        """Return the same voice for the facts of another file."""
        return Voice(self.language, sources)

    def text(self, msgid: str, /, **facts: object) -> str:
        """Return a sentence of the program's own."""
        return self.translator.text(msgid, **facts)

    def plural(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """Return a sentence with a number in it."""
        return self.translator.plural(one, many, n, **facts)

    def marked(self, msgid: str, /, **facts: Markup) -> Markup:
        """Return a sentence of the program's own as HTML, with facts that are HTML already."""
        template = str(escape(self.translator.template(msgid)))
        return Markup(filled(template, facts))  # noqa: S704  (template and facts are escaped)

    def message(self, message: Message) -> Markup:
        """Return a finding's sentence as HTML; quotations in it keep their own language."""
        template = str(escape(self.translator.template(message.text)))
        facts = {name: self._markup(fact) for name, fact in message.facts.items()}
        return Markup(filled(template, facts))  # noqa: S704  (template and facts are escaped)

    def _markup(self, fact: object) -> Markup:
        if isinstance(fact, Quote):
            return Markup('<q lang="{}" translate="no">{}</q>').format(fact.language, fact.text)
        if isinstance(fact, (list, tuple)):
            return Markup(joined([self._markup(one) for one in fact], self.language))  # noqa: S704
        if isinstance(fact, Message):
            return self.message(fact)
        return escape(self.translator.fact(fact))

    def day(self, day: date) -> str:
        """Return a date in words."""
        return long_date(day, self.language)

    def countries(self, codes: list[str] | str) -> str:
        """Return the names of countries, joined."""
        wanted = [codes] if isinstance(codes, str) else codes
        return self.list([country_name(code, self.language) for code in wanted])

    def list(self, items: list[str]) -> str:
        """Return items joined by commas and the language's "and"."""
        return joined(items, self.language)

    def period(self, period: str) -> str:
        """Return a period of ISO 8601 in words."""
        say = {
            "Y": lambda n: self.plural("{n} year", "{n} years", n),
            "M": lambda n: self.plural("{n} month", "{n} months", n),
            "W": lambda n: self.plural("{n} week", "{n} weeks", n),
            "D": lambda n: self.plural("{n} day", "{n} days", n),
        }
        steps = re.findall(r"(\d+)([YMWD])", period)
        return self.list([say[unit](int(n)) for n, unit in steps])

    def fact(
        self, fact: Fact[T] | None, say: Callable[[T], str] | None = None, *, name: bool = False
    ) -> Shown:
        """
        Return a fact as printed.

        `say` turns its value into words; `name` marks what is the same in every language.
        """
        if fact is None or fact.value is None:
            until = fact.not_yet_known_until if fact else None
            if until is None:
                return Shown(self.text("not yet known"), "unknown")
            return Shown(
                self.text("not yet known (to be known by {day})", day=self.day(until)), "unknown"
            )
        words = say(fact.value) if say else str(fact.value)
        source = self.sources.get(fact.source or "")
        state: Literal["known", "unverified"] = (
            "known" if source and source.verified else "unverified"
        )
        href = words if words.startswith("https://") else ""
        return Shown(words, state, name, href, self.text("not verified"))

    def own(self, text: Mapping[Any, str]) -> str:
        """Return the register's own text in this language."""
        return text[self.language]
