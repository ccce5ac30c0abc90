"""
The archive: the list as it was on each day on which it changed, at an address with the day in it.

A page of the archive is rendered once, from git, and from then on carried over byte for byte from
the last output: `archive.json` there holds the hash of each. So an old page keeps the words of the
version of Klarsyn that wrote it, and anybody can see that it was not touched since.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from markupsafe import Markup
from msgspec import Meta, Struct

from klarsyn.errors import ArchiveDamaged, said
from klarsyn.language import autonym
from klarsyn.publication import paperwork
from klarsyn.publication.pages.frame import templates
from klarsyn.publication.pages.vendorview import vendor_view
from klarsyn.publication.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from klarsyn.publication.pages.frame import Assets, Edition
    from klarsyn.register.history import Entry
    from klarsyn.register.register import Register

MANIFEST = "archive.json"

_Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
_Inside = Annotated[str, Meta(pattern=r"\A(?!\.)[\w-]+(?:[./][\w-]+)*\Z")]


class Archive(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """archive.json: every archived day with its files, and the SHA-256 of each."""

    format: Literal[1] = 1
    days: dict[date, dict[_Inside, _Hash]] = {}
    shared: dict[_Inside, _Hash] = {}
    """Files that pages of several days refer to."""

    @property
    def files(self) -> dict[str, str]:
        """All archived files and their hashes."""
        return {path: one for day in self.days.values() for path, one in day.items()} | self.shared


@dataclass(frozen=True, slots=True)
class Carried:
    """What the last output has of the archive, each file whole and unchanged."""

    archive: Archive = field(default_factory=Archive)
    files: Mapping[str, Path] = field(default_factory=dict)


def carried(out: Path) -> Carried:
    """
    Return the archive of the last output.

    Raises ArchiveDamaged where a file of it is missing or is not what was written.
    """
    manifest = out / MANIFEST
    if not manifest.is_file():
        return Carried()
    try:
        archive = msgspec.json.decode(manifest.read_bytes(), type=Archive)
    except msgspec.DecodeError:
        raise _damaged(MANIFEST) from None
    places = [(f"{day}/", files) for day, files in archive.days.items()]
    for place, inside in [*places, ("assets/", archive.shared)]:
        if not all(path.startswith(place) for path in inside):
            raise _damaged(MANIFEST)
    files = {path: out / path for path in archive.files}
    for path, expected in archive.files.items():
        if not files[path].is_file() or _hash(files[path].read_bytes()) != expected:
            raise _damaged(path)
    return Carried(archive, files)


def _damaged(path: str) -> ArchiveDamaged:
    return ArchiveDamaged(
        said("The archived file {file} is missing or was changed since it was written.", file=path),
        said(
            "Put the file back; or remove {file}, and what git has is rendered again.",
            file=MANIFEST,
        ),
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def days(edition: Edition) -> list[Entry]:
    """
    Return the entries that have a place in the archive, newest first.

    A day has one when it is over: until then another version of it may come.
    """
    return [one for one in edition.history.told if one.is_committed and one.day < edition.on]


def added(
    edition: Edition, before: Carried, assets: Assets, files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """
    Return the files that the archive lacks, and the manifest of all.

    `files` are the site's own, among them the style sheet and the icon that new pages refer to.
    """
    missing = [one for one in days(edition) if one.day not in before.archive.days]
    made: dict[str, bytes] = {}
    new: dict[date, dict[str, str]] = {}
    rows = _Rows()
    for entry in missing:
        pages = {path: page.encode() for path, page in _pages(entry, assets, rows)}
        new[entry.day] = {path: _hash(page) for path, page in pages.items()}
        made |= pages
    shared = dict(before.archive.shared)
    if missing:
        for name in (assets.stylesheet, assets.icon):
            shared[f"assets/{name}"] = _hash(files[f"assets/{name}"])
    merged = {**before.archive.days, **new}
    archive = Archive(days=dict(sorted(merged.items())), shared=dict(sorted(shared.items())))
    if archive.days:
        made[MANIFEST] = msgspec.json.format(msgspec.json.encode(archive), indent=1) + b"\n"
    return made


def _pages(entry: Entry, assets: Assets, rows: _Rows) -> Iterator[tuple[str, str]]:
    """Yield the pages of a day: the list in each language of that version, and the choice."""
    register, day = entry.register, entry.day.isoformat()
    company = register.company
    languages = [{"code": one, "name": autonym(one)} for one in company.languages]
    printed = company.printed
    from_page = printed is not None and printed.updated == entry.day
    facts = {"day": entry.day, "site": assets, "languages": languages}
    for language in company.languages:
        voice = Voice(language)
        yield (
            f"{day}/{language}/index.html",
            templates()
            .get_template("archive.html")
            .render(
                **facts,
                lang=language,
                voice=voice,
                _=voice.text,
                company=company.name,
                title=voice.own(company.title),
                introduction=voice.own(company.introduction),
                from_page=from_page,
                rows=rows.of(register, voice, entry.day),
                reviewed=language not in company.not_reviewed,
            ),
        )
    page = templates().get_template("archive_languages.html")
    yield (
        f"{day}/index.html",
        page.render(**facts, lang=company.languages[0], company=company.name, titles=company.title),
    )


class _Rows:
    """Vendors' rows as HTML; a vendor that stayed as it was from day to day is rendered once."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Markup] = {}
        self._kept: list[object] = []

    def of(self, register: Register, voice: Voice, on: date) -> Iterable[Markup]:
        """Yield the rows of a version of the register in one language, as of a day."""
        template = templates().get_template("archive_row.html")
        for one, vendor in register.vendors.items():
            parts = (vendor, register.elements, register.purposes, *register.scores.values())
            # Which grounds of transfer stand depends on the day; nothing else in a row does.
            told = voice.about(register.sources.get(f"vendors/{one}.yaml", {}))
            where = paperwork.where(register, one, told, on) if vendor.transfers else ()
            key = (one, *map(id, parts), voice.language, where)
            if key not in self._made:
                view = vendor_view(register, one, voice, on, [])
                html = template.render(vendor=view, _=voice.text)
                self._made[key] = Markup(html)  # noqa: S704  (rendered with escaping)
                self._kept.append(parts)  # an id is its own only as long as the object lives
            yield self._made[key]
