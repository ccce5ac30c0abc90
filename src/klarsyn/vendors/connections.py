"""
A register's `connection` checked against the fact sheet, and opened.

Keys come from the environment: KLARSYN_<VENDOR>_<SETTING>, or the same with _FILE for a file that
holds it. They never stand in the register.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from klarsyn.errors import CallRefused, ConnectionInvalid, Message, Problem, UnknownName, said
from klarsyn.register.register import Place, Register
from klarsyn.transport.connection import Connection, Purpose, Surroundings
from klarsyn.transport.words import PLACE, Setting
from klarsyn.vendors import sheet
from klarsyn.vendors.elements import Element
from klarsyn.vendors.sheet import Record, Vendor


@dataclass(frozen=True)
class Bound:
    """A vendor of a register with its sheet: settings and map are in order, keys may be missing."""

    vendor_id: str
    vendor: Vendor
    """The sheet; its records know the company's own fields as elements, too."""
    settings: Mapping[str, Any] = field(repr=False)
    places: Mapping[str, tuple[str, str]]
    """Data element of the register -> record and element of the sheet."""
    unmapped: tuple[str, ...] = ()
    """Elements that are declared and have no place yet."""
    missing: tuple[Problem, ...] = ()
    """Keys that the environment lacks, and how to make them."""

    enabled: bool = False
    """Whether it may write; a connection is read-only until somebody has looked at it."""

    @property
    def digest(self) -> str:
        """What stands for sheet, settings and map: where one changes, it is enabled anew."""
        secret = {one.name for one in self.vendor.api.settings if one.secret}
        public = sorted((k, str(v)) for k, v in self.settings.items() if k not in secret)
        whole = repr((self.vendor.id, public, sorted(self.places.items())))
        return hashlib.sha256(whole.encode()).hexdigest()

    @property
    def complete(self) -> bool:
        """Whether every declared element has a place and every key is there."""
        return not self.unmapped and not self.missing

    def open(self, purpose: Purpose, around: Surroundings) -> Connection:
        """
        Open a connection.

        Raises ConnectionInvalid where a key is missing, CallRefused where it is to write and was
        never enabled.
        """
        if not purpose.reads_only and not self.enabled:
            message = said("{vendor}: the connection is read-only", vendor=self.vendor_id)
            remedy = said(
                "look at it, then run `klarsyn vendors enable {vendor}`", vendor=self.vendor_id
            )
            raise CallRefused(message, remedy)
        if self.missing:
            raise ConnectionInvalid(self.missing)
        return Connection(
            self.vendor_id, self.vendor.api, self.settings, purpose=purpose, around=around
        )


def bind(register: Register, vendor_id: str, environ: Mapping[str, str]) -> Bound:
    """
    Return a vendor's connection, checked.

    Raises ConnectionInvalid with every mistake as `file:line: what: remedy`, UnknownName where
    the register has no such vendor.
    """
    if vendor_id not in register.vendors:
        near = get_close_matches(vendor_id, register.vendors, 3, 0.5) or list(register.vendors)
        raise UnknownName(
            said("the register has no vendor '{name}'", name=vendor_id),
            said("there are {names}", names=near),
        )
    problems = list(problems_of(register, vendor_id))
    if problems:
        raise ConnectionInvalid(problems)
    return _bound(register, vendor_id, environ)


def problems_of(register: Register, vendor_id: str) -> Iterator[Problem]:
    """Yield the mistakes in a vendor's `connection`; needs no key and no network."""
    link = register.vendors[vendor_id].connection
    told = _Telling(register, vendor_id)
    try:
        vendor = sheet((link.sheet if link else None) or vendor_id)
    except UnknownName as unknown:
        yield told("sheet", unknown.message, unknown.remedy or said("name one of them"))
        return
    yield from _settings(told, vendor, link.settings if link else {})
    yield from _map(told, vendor, register, link.map if link else {})


@dataclass(frozen=True)
class _Telling:
    """Makes problems that stand in a vendor's file."""

    register: Register
    vendor_id: str

    def __call__(self, path: str, what: Message, remedy: Message) -> Problem:
        file = f"vendors/{self.vendor_id}.yaml"
        line = self.register.line(Place(file, f"connection/{path}".rstrip("/")))
        return Problem(str(self.register.folder / file), line, what, remedy)


def _settings(told: _Telling, vendor: Vendor, given: Mapping[str, str]) -> Iterator[Problem]:
    known = {one.name: one for one in vendor.api.settings}
    for name, value in given.items():
        path, setting = f"settings/{name}", known.get(name)
        if setting is None:
            what = said("{vendor} has no setting '{name}'", vendor=vendor.name, name=name)
            yield told(path, what, _near(name, [k for k, one in known.items() if not one.secret]))
        elif setting.secret:
            what = said("the key '{name}' stands in the register", name=name)
            remedy = said(
                "make a new one, since this is in git now, and put it into {variable}",
                variable=variable(told.vendor_id, name),
            )
            yield told(path, what, remedy)
        elif not _fits(setting, value):
            what = said("'{name}' cannot be '{value}'", name=name, value=value)
            yield told(path, what, said("it is {what}", what=setting.what))
    for name, setting in known.items():
        if setting.required and not setting.secret and not setting.default and name not in given:
            what = said("{vendor} needs the setting '{name}'", vendor=vendor.name, name=name)
            yield told("settings", what, said("it is {what}", what=setting.what))


def _fits(setting: Setting, value: str) -> bool:
    if setting.choices and value not in setting.choices:
        return False
    values = value.split() if setting.many else [value]
    return bool(value.strip()) and all(
        re.fullmatch(setting.form, one) is not None for one in values if setting.form
    )


def _map(
    told: _Telling, vendor: Vendor, register: Register, given: Mapping[str, str]
) -> Iterator[Problem]:
    declared = declared_elements(register, told.vendor_id)
    taken: dict[str, str] = {}
    for element, place in given.items():
        path = f"map/{element}"
        if element not in declared:
            what = said("'{element}' is not declared for this vendor", element=element)
            yield told(path, what, _near(element, sorted(declared)))
        if place in taken:
            what = said("'{first}' has the place {place}, too", first=taken[place], place=place)
            yield told(path, what, said("one place holds one data element"))
        taken[place] = element
        record, _, name = place.partition(".")
        records = {one.name: one for one in vendor.records}
        if vendor.catalogue and record not in records:
            if not name:
                what = said("'{place}' names no place", place=place)
                yield told(path, what, said("write record and field: customers.email"))
        elif record not in records:
            what = said("{vendor} has no record '{record}'", vendor=vendor.name, record=record)
            yield told(path, what, _near(record, list(records)))
        elif not records[record].admits(name):
            what = said("{record} has no place '{name}'", record=record, name=name)
            yield told(path, what, _near(name, places_of(records[record])))


def places_of(record: Record) -> list[str]:
    """Return the places that a company's elements may have in a record."""
    return [*(one.name for one in record.elements), *record.open_fields]


def declared_elements(register: Register, vendor_id: str) -> set[str]:
    """Return the data elements that a vendor may have, whatever the purpose."""
    return {
        element
        for processing in register.vendors[vendor_id].processing
        for held in processing.elements
        for element in (held.element, *held.includes)
    }


def placed_elements(register: Register, vendor_id: str) -> set[str]:
    """
    Return the data elements of which it should be known where they are kept.

    Not those that are only written in at times (they can be anywhere), parts of another, groups,
    and secrets, which nobody reads.
    """
    return {
        held.element
        for processing in register.vendors[vendor_id].processing
        if processing.declaration == "listed"
        for held in processing.elements
        if not register.elements[held.element].group
        and register.elements[held.element].sensitivity != "secret"
    }


def _near(name: str, known: list[str]) -> Message:
    return said("there are {names}", names=get_close_matches(name, known, 3, 0.4) or known)


# Binding


def _bound(register: Register, vendor_id: str, environ: Mapping[str, str]) -> Bound:
    link = register.vendors[vendor_id].connection
    vendor = sheet((link.sheet if link else None) or vendor_id)
    given = dict(link.settings) if link else {}
    settings: dict[str, Any] = {}
    missing = []
    for one in vendor.api.settings:
        value = key(vendor_id, one.name, environ) if one.secret else given.get(one.name)
        if one.name == "source" and not value:  # the register knows whether data come from there
            value = str(_is_source(register, vendor_id)).lower()
        value = value or one.default
        if value:
            settings[one.name] = value.split() if one.many else value
        elif one.secret and one.required and not _instead(vendor_id, one, environ):
            missing.append(_missing_key(_Telling(register, vendor_id), one))
    places = {
        element: (record, name)
        for element, place in (link.map.items() if link else ())
        for record, _, name in [place.partition(".")]
    }
    return Bound(
        vendor_id,
        with_own_fields(vendor, places.values(), _categories(register, places)),
        settings,
        places,
        tuple(sorted(placed_elements(register, vendor_id) - set(places))),
        tuple(missing),
    )


def _is_source(register: Register, vendor_id: str) -> bool:
    return any(one.is_source for one in register.vendors[vendor_id].processing)


def _categories(
    register: Register, places: Mapping[str, tuple[str, str]]
) -> Mapping[tuple[str, str], str]:
    """Return the data category of each mapped place, by the element that it holds."""
    return {
        place: terms[0]
        for element, place in places.items()
        if (terms := register.elements[element].fideslang.terms)
    }


def with_own_fields(
    vendor: Vendor,
    places: Iterable[tuple[str, str]],
    means: Mapping[tuple[str, str], str] | None = None,
) -> Vendor:
    """Return a sheet whose records know the mapped open fields as elements of their own."""
    wanted: dict[str, list[Element]] = {}
    for place in places:
        element = Element(place[1], means=(means or {}).get(place, ""))
        wanted.setdefault(place[0], []).append(element)
    records = []
    for record in vendor.records:
        known = {one.name for one in record.elements}
        own = [one for one in wanted.get(record.name, ()) if one.name not in known]
        records.append(replace(record, elements=(*record.elements, *own)) if own else record)
    made = {name: tuple(own) for name, own in wanted.items()} if vendor.catalogue else {}
    return replace(vendor, records=tuple(records), own=made)


# Keys


def variable(vendor_id: str, setting: str) -> str:
    """Return the name of the environment variable that holds a key."""
    return re.sub(r"\W", "_", f"KLARSYN_{vendor_id}_{setting}").upper()


def _instead(vendor_id: str, setting: Setting, environ: Mapping[str, str]) -> bool:
    """Return whether another key is there that does in place of this one."""
    return any(key(vendor_id, one, environ) for one in setting.instead.split())


def key(vendor_id: str, setting: str, environ: Mapping[str, str]) -> str:
    """Return a key from the environment, or from the file that it names; or nothing."""
    name = variable(vendor_id, setting)
    if value := environ.get(name, "").strip():
        return value
    file = environ.get(f"{name}_FILE", "").strip()
    if file and Path(file).is_file():
        return Path(file).read_text(encoding="utf-8").strip()
    return ""


def _missing_key(told: _Telling, setting: Setting) -> Problem:
    name = variable(told.vendor_id, setting.name)
    link = told.register.vendors[told.vendor_id].connection
    given = link.settings if link else {}
    page = PLACE.sub(lambda place: given.get(place[1], place[0]), setting.made_at)
    remedy = said(
        "make it on {page}; it needs {rights}",
        page=page or said("the vendor's site"),
        rights=setting.rights or said("no more than reading"),
    )
    return told("", said("{variable} is not set: {what}", variable=name, what=setting.what), remedy)
