"""
The sentences of the change log: one for each aspect that can change.

A sentence says what is so now and what was so before. The vendor's name stands in front of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klarsyn.language import mark
from klarsyn.publication import words
from klarsyn.publication.changenames import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from klarsyn.publication.voice import Voice
    from klarsyn.register.changes import Change, Difference
    from klarsyn.register.vendor import Vendor

KINDS = {
    "added": mark("added"),
    "removed": mark("removed"),
    "replaced": mark("replaced"),
    "purpose": mark("purpose"),
    "data": mark("data"),
    "country": mark("country"),
    "entity": mark("legal entity"),
    "mechanism": mark("ground of transfer"),
    "editorial": mark("editorial"),
}

ASPECTS = {
    "entity": mark("Legal entity"),
    "entity-country": mark("Country of the entity"),
    "storage-country": mark("Country of storage"),
    "access-country": mark("Country of access"),
    "applies-to": mark("Applies to"),
    "chain-country": mark("Country of a sub-processor"),
    "chain-task": mark("What a sub-processor does"),
    "device-access": mark("Stores or reads on the visitor's device"),
    "definition-text": mark("Definition"),
    "role": mark("Role"),
    "access": mark("Has access"),
    "storage": mark("Stores"),
    "nature": mark("What is done"),
    "frequency": mark("Frequency"),
    "retention": mark("Kept for"),
    "legal-basis": mark("Legal basis"),
    "kind-of-purpose": mark("Kind of purpose"),
    "data-subjects": mark("Data subjects"),
    "declaration": mark("Declaration"),
    "direction": mark("How it gets there"),
    "definition": mark("Definition"),
    "form": mark("Form"),
}

DECLARATIONS = {
    "listed": mark("personal data are listed"),
    "incidental": mark("normally none, but they can be written in"),
    "none": mark("no personal data"),
}

FREQUENCIES = {
    "one-off": mark("once"),
    "occasional": mark("at times"),
    "continuous": mark("continuously"),
}

PURPOSE_KINDS = {
    "service": mark("service"),
    "marketing": mark("marketing"),
    "analytics": mark("analytics"),
    "sales": mark("sales"),
    "internal": mark("internal work"),
}

SENSITIVITIES = {
    "ordinary": mark("ordinary personal data"),
    "special-category": mark("special category of personal data"),
    "criminal": mark("data on criminal convictions and offences"),
    "national-id": mark("national identity number"),
    "national-id-if-sole-trader": mark(
        "national identity number in the case of a Swedish sole trader"
    ),
    "secret": mark("secret"),
}

OWNER = {
    "name": mark("Legal entity"),
    "registration": mark("Registration"),
    "group": mark("Group"),
}

MODULES = {"c2c": "1", "c2p": "2", "p2p": "3", "p2c": "4"}
"""The modules of SCC 2021/914 by the roles of exporter and importer."""

TABLES: dict[str, Mapping[Any, str]] = {
    "role": words.ROLES,
    "access": words.YES_NO,
    "device-access": words.YES_NO,
    "storage": words.YES_NO,
    "frequency": FREQUENCIES,
    "legal-basis": words.BASES_IN_LAW,
    "kind-of-purpose": PURPOSE_KINDS,
    "declaration": DECLARATIONS,
    "direction": words.DIRECTIONS,
}


def sentence(change: Change, difference: Difference, voice: Voice) -> str:
    """Return what a change says, without the vendor's name in front of it."""
    say = _Sentences(change, difference, voice)
    made: Callable[[], str] = getattr(say, f"of_{change.aspect.replace('-', '_')}", say.of_value)
    return made()


class _Sentences(Names):
    """The sentences of one change: `of_<aspect>`, or `of_value` for a value that is another."""

    def __init__(self, change: Change, difference: Difference, voice: Voice) -> None:
        super().__init__(difference, voice)
        self.change = change

    def of_wording(self) -> str:
        return self.text("Wording, order or sources, without another meaning")

    # A vendor came, went, or took a place.

    def of_vendor(self) -> str:
        if self.change.kind == "removed":
            return self.text("No longer a vendor")
        if self.change.first_told:
            return self.text("Listed now; no longer used")
        vendor = self.difference.new.vendors[self.change.vendor]
        head = (
            self.text("Replaces {vendor}", vendor=self.change.before)
            if self.change.kind == "replaced"
            else self.text("New vendor")
        )
        return "; ".join([head, *self._facts_of(vendor)])

    def _facts_of(self, vendor: Vendor) -> Iterable[str]:
        """Purposes, data, entity and country of a vendor, as a notice has to tell them (R52)."""
        purposes = [self.purpose(one.purpose) for one in vendor.processing]
        yield self.text("purpose: {purposes}", purposes=self.voice.list(purposes))
        elements = [held.element for one in vendor.processing for held in one.elements]
        if elements:
            yield self._data(dict.fromkeys(elements))
        if name := vendor.entity.name.value:
            yield self.text("legal entity: {name}", name=name)
        if country := vendor.entity.country.value:
            yield self.text("country: {countries}", countries=self.voice.countries(country))

    def _definition(self, one: str) -> str:
        return self.definition(one, self.change.subject.partition(" ")[2])

    def _data(self, elements: Iterable[str]) -> str:
        return self.text("data: {elements}", elements=self.elements(elements))

    def of_ended(self) -> str:
        if self.change.after:
            return self.text("No longer used since {day}", day=self.day(self.change.after))
        return self.text("No longer used")

    def of_back(self) -> str:
        vendor = self.difference.new.vendors[self.change.vendor]
        return "; ".join([self.text("In use again"), *self._facts_of(vendor)])

    def of_ends(self) -> str:
        return self.text("In use until {day}", day=self.day(self.change.after))

    def of_stays(self) -> str:
        return self.text("Stays in use; it was to end on {day}", day=self.day(self.change.before))

    def of_chain(self) -> str:
        code = self.change.after or self.change.before
        facts = {"name": self.change.subject, "country": self.voice.countries(code)}
        if self.change.kind == "added":
            return self.text("New sub-processor of this vendor: {name} ({country})", **facts)
        return self.text("No longer a sub-processor of this vendor: {name} ({country})", **facts)

    # Data that a vendor may have.

    def of_gained(self) -> str:
        return self.text(
            "May now have, for {purpose}: {elements}",
            purpose=self.purpose(self.change.subject),
            elements=self.elements(self.change.after),
        )

    def of_lost(self) -> str:
        return self.text(
            "May no longer have, for {purpose}: {elements}",
            purpose=self.purpose(self.change.subject),
            elements=self.elements(self.change.before),
        )

    def of_purpose(self) -> str:
        purpose = self.purpose(self.change.subject)
        return self._with(
            self.text("Another purpose: {purpose}", purpose=purpose), self.change.after
        )

    def of_purpose_lost(self) -> str:
        purpose = self.purpose(self.change.subject)
        return self._with(
            self.text("No longer for: {purpose}", purpose=purpose), self.change.before
        )

    def _with(self, sentence: str, elements: Iterable[str]) -> str:
        held = list(elements)
        return f"{sentence}; {self._data(held)}" if held else sentence

    def of_declaration(self) -> str:
        """The declaration, with the data that came or went with it."""
        told = []
        for declared, elements in (self.change.before, self.change.after):
            word = self.text(DECLARATIONS[declared])
            told.append(f"{word}: {self.elements(elements)}" if elements else word)
        return self._replaced(self._label(), told[1], told[0])

    def of_entity(self) -> str:
        """Name, number and group of the legal entity, as far as they changed together."""
        parts = []
        for (name, before), (_, after) in zip(self.change.before, self.change.after, strict=True):
            parts.append(self._changed(self.text(OWNER[name]), before, after))
        return "; ".join(parts)

    def of_definition_text(self) -> str:
        element = self.element(self.change.subject)
        label = self.text("{what} ({owner})", what=self.text("Definition"), owner=element)
        return self._replaced(label, self.own(self.change.after), self.own(self.change.before))

    def of_meaning(self) -> str:
        """Whose an element is, where it comes from, how sensitive it is."""
        element = self.element(self.change.subject)
        before, after = (
            self.voice.list(list(filter(None, (self._meant(*pair) for pair in values))))
            for values in (self.change.before, self.change.after)
        )
        if not before or not after or before == after:
            return self.text("{element} has another meaning", element=element)
        return self.text("{what}: {now} (before: {before})", what=element, now=after, before=before)

    def _meant(self, name: str, value: Any) -> str:
        tables: dict[str, Mapping[Any, str]] = {
            "about": words.ABOUT,
            "origin": words.ORIGINS,
            "sensitivity": SENSITIVITIES,
        }
        default = "ordinary" if name == "sensitivity" else None
        word = tables.get(name, {}).get(value or default)
        return self.text(word) if word else ""

    # Grounds of transfer.

    def of_grounds(self) -> str:
        return self.text(
            "Ground of transfer, {country}: {now} (before: {before})",
            country=self.voice.countries(self.change.subject),
            now=self._grounds(self.change.after),
            before=self._grounds(self.change.before),
        )

    def _grounds(self, grounds: Iterable[Iterable[tuple[str, str]]]) -> str:
        told = [self._ground(dict(one)) for one in grounds]
        return self.voice.list(told) if told else self.text("none")

    def _ground(self, ground: Mapping[str, str]) -> str:
        mechanism = words.MECHANISMS[ground["mechanism"]]
        parts = [self.text(mechanism)]
        if module := ground.get("module"):
            parts.append(self.text("module {module}", module=MODULES[module]))
        parts += [ground[name] for name in ("entity", "scope") if name in ground]
        if fallback := ground.get("fallback"):
            other = self.text(words.MECHANISMS[fallback])
            parts.append(self.text("otherwise {mechanism}", mechanism=other))
        if since := ground.get("since"):
            parts.append(self.text("from {day}", day=self.day(since)))
        if until := ground.get("until"):
            parts.append(self.text("until {day}", day=self.day(until)))
        head, *rest = parts
        return f"{head} ({', '.join(rest)})" if rest else head

    # A value that is another one now.

    def of_value(self) -> str:
        return self._changed(self._label(), self.change.before, self.change.after)

    def _changed(self, label: str, before: Any, after: Any) -> str:
        if before is None:
            return self.text("{what}: {now}", what=label, now=self._said(after))
        if after is None and self.change.first_told:
            return self.text(
                "{what}: no longer known (before: {before})", what=label, before=self._said(before)
            )
        return self._replaced(label, self._said(after), self._said(before))

    def _replaced(self, label: str, now: str, before: str) -> str:
        return self.text("{what}: {now} (before: {before})", what=label, now=now, before=before)

    def _label(self) -> str:
        """Return what a value is about, with whose or for what it is where there are several."""
        label = self.text(ASPECTS[self.change.aspect])
        if not self.change.subject:
            return label
        if self.change.aspect.startswith("chain-"):
            owner = self.change.subject
        else:
            purpose, _, element = self.change.subject.partition(" ")
            names = [self.element(element)] if element else []
            owner = ", ".join([*names, self.purpose(purpose)])
        return self.text("{what} ({owner})", what=label, owner=owner)

    def _said(self, value: Any) -> str:
        if value is None or value == ():
            return self.text("none")
        aspect = self.change.aspect
        says: dict[str, Callable[[Any], str]] = {
            "entity-country": self.countries,
            "storage-country": self.countries,
            "access-country": self.countries,
            "chain-country": self.countries,
            "retention": self._retention,
            "data-subjects": self.data_subjects,
            "definition": self._definition,
        }
        if say := says.get(aspect) or (self.own if isinstance(value, dict) else None):
            return say(value)
        table = TABLES.get(aspect, {})
        return self.text(table[value]) if value in table else str(value)

    def _retention(self, kept: Mapping[str, Any]) -> str:
        told = []
        if criterion := kept.get("criterion"):
            told.append(self.own(criterion))
        if period := kept.get("period"):
            told.append(self.voice.period(period))
        if statute := kept.get("statute"):
            told.append(self.text("by statute: {statute}", statute=statute))
        return "; ".join(told)
