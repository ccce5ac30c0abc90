"""
The few questions of `klarsyn init`, each with a sensible answer proposed.
"""

from __future__ import annotations

import os
import re
import zoneinfo
from typing import TYPE_CHECKING, get_args

import click

from klarsyn.language import COUNTRIES
from klarsyn.register.drafts.draftcompany import Answers, languages_of, timezone_of
from klarsyn.register.facts import Language

if TYPE_CHECKING:
    from collections.abc import Callable

    from klarsyn.language import Translator


def ask(given: Answers, voice: Translator) -> Answers:
    """Ask for what was not given; whoever breaks off leaves nothing behind."""
    name = given.name or click.prompt(voice.text("Company name"))
    country = given.country or click.prompt(
        voice.text("Country of the main establishment, two letters"),
        default=_country_here(),
        value_proc=_one_of(COUNTRIES, str.upper, voice),
    )
    languages = given.languages or click.prompt(
        voice.text("Languages of the page, with commas"),
        default=",".join(languages_of(country)),
        value_proc=_languages(voice),
    )
    email = given.email or click.prompt(voice.text("Contact e-mail, or nothing"), default="")
    timezone = given.timezone or click.prompt(
        voice.text("Time zone"),
        default=timezone_of(country, languages[0]),
        value_proc=_one_of(zoneinfo.available_timezones(), str, voice),
    )
    vendors = given.vendors or tuple(
        re.split(r"\s*,\s*", click.prompt(voice.text("First vendors, with commas")).strip(" ,"))
    )
    return Answers(name, country, languages, vendors, email.strip() or None, timezone)


def _country_here() -> str | None:
    """Return the country of the locale, as in da_DK."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if found := re.match(r"[a-z]{2}_([A-Z]{2})", os.environ.get(name, "")):
            return found[1] if found[1] in COUNTRIES else None
    return None


def _one_of(
    known: frozenset[str] | set[str], spelt: Callable[[str], str], voice: Translator
) -> Callable[[str], str]:
    def read(text: str) -> str:
        one = spelt(text.strip())
        if one in known:
            return one
        raise click.BadParameter(voice.text("'{text}' is not known", text=text))

    return read


def _languages(voice: Translator) -> Callable[[str], tuple[Language, ...]]:
    known = get_args(Language)

    def read(text: str) -> tuple[Language, ...]:
        found = tuple(dict.fromkeys(re.findall(r"[a-z]+", text.lower())))
        if found and set(found) <= set(known):
            return found
        choices = ", ".join(known)
        raise click.BadParameter(voice.text("choose among {choices}", choices=choices))

    return read
