"""
Texts in six languages, from gettext catalogues.

English is the language of the source and needs no catalogue. Names for the extractor (babel.cfg):
`mark`, `text`, `plural:1,2` in Python; `_` and `ngettext` in templates.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from klarsyn.errors import Message, Quote
from klarsyn.language.cldr import joined, long_date, quoted

#: The languages of a published page, in the order of its language switch.
LANGUAGES = ("sv", "da", "nb", "en", "de", "fi")

#: Those whose texts a native speaker has read; the others are published with a note.
REVIEWED = ("sv", "da", "nb", "en")

_SOURCE_LANGUAGE = "en"
_DOMAIN = "klarsyn"
_LOCALES = Path(__file__).parent.parent / "locales"
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_NORWEGIAN = {"no": "nb", "nn": "nb"}


class MissingCatalogue(LookupError):
    """No compiled catalogue for the language. Nothing is shown in English in its place."""


class MissingTranslation(LookupError):
    """A text has no translation in a language that is published; no page is half in English."""


def mark(text: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return text


class Translator:
    """Texts in one language. Make one with `translator`."""

    def __init__(self, language: str, messages: gettext.NullTranslations) -> None:
        self.language = language
        #: For the i18n extension of jinja, which wants the standard library's own object.
        self.messages = messages
        self._plain: dict[str, str] = {}

    def template(self, msgid: str) -> str:
        """Translate, and leave the {names} standing for `filled`."""
        return self.messages.gettext(msgid) if msgid else ""

    def text(self, msgid: str, /, **facts: object) -> str:
        """
        Translate, then put the facts where their {names} stand.

        A fact is never read as a template: braces in its value stay braces. A name without a
        fact is a KeyError, so that no reader is shown a placeholder.
        """
        if facts:
            return filled(self.template(msgid), facts)
        known = self._plain.get(msgid)
        if known is None:
            known = self._plain[msgid] = filled(self.template(msgid), facts)
        return known

    def plural(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """Translate by the language's own rule for numbers; {n} is the number."""
        return filled(self.messages.ngettext(one, many, n), {"n": n, **facts})

    def say(self, message: Message) -> str:
        """Say a message; its facts are said in this language too."""
        return self.text(message.text, **{one: self.fact(f) for one, f in message.facts.items()})

    def fact(self, fact: object) -> str:
        """Say one fact of a message."""
        if isinstance(fact, Message):
            return self.say(fact)
        if isinstance(fact, dict):
            return str(fact.get(self.language) or fact.get("en") or next(iter(fact.values()), ""))
        if isinstance(fact, (list, tuple)):
            return joined([self.fact(one) for one in fact], self.language)
        if isinstance(fact, Quote):
            return quoted(fact.text, self.language)
        return long_date(fact, self.language) if isinstance(fact, date) else str(fact)


def translator(language: str, *, strict: bool = False) -> Translator:
    """
    The translator of a language, read once.

    A strict one raises MissingTranslation where the others fall back to English.
    """
    return _translator(language, _LOCALES, strict=strict)


def preferred(environ: Mapping[str, str]) -> str:
    """
    Which of the six languages this person reads, by KLARSYN_LANG and then POSIX's own order.

    The first variable that is set decides, as it does for every other command; an unknown
    language and the C locale mean English.
    """
    for name in ("KLARSYN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            spoken = re.split(r"[-_.@:]", value, maxsplit=1)[0].lower()
            spoken = _NORWEGIAN.get(spoken, spoken)
            return spoken if spoken in LANGUAGES else _SOURCE_LANGUAGE
    return _SOURCE_LANGUAGE


class _Refusing(gettext.NullTranslations):
    """Asked last, when the catalogue has no translation."""

    def gettext(self, message: str) -> str:
        raise MissingTranslation(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        del msgid2, n
        raise MissingTranslation(msgid1)


@cache
def _translator(language: str, locales: Path, *, strict: bool) -> Translator:
    if language not in LANGUAGES:
        raise MissingCatalogue(f"{language!r} is none of the languages {', '.join(LANGUAGES)}.")
    if language == _SOURCE_LANGUAGE:
        return Translator(language, gettext.NullTranslations())
    compiled = locales / language / "LC_MESSAGES" / f"{_DOMAIN}.mo"
    try:
        with compiled.open("rb") as file:
            messages = gettext.GNUTranslations(file)
    except FileNotFoundError:
        raise MissingCatalogue(
            f"The {language} catalogue is not compiled: there is no {compiled.name} in "
            f"locales/{language}/LC_MESSAGES. Run `just catalogues`."
        ) from None
    if strict:
        messages.add_fallback(_Refusing())
    return Translator(language, messages)


def filled(template: str, facts: Mapping[str, object]) -> str:
    """Put facts where their {names} stand in an already translated text."""
    return _PLACEHOLDER.sub(lambda found: str(facts[found[1]]), template)
