"""
The processing as the annexes describe it: whose data, which, how sensitive, how often, how long.

Each function returns the lines of one field, purpose by purpose (SCC 2021/914 annex I.B, 2021/915
annex II, GDPR Art. 30(1)(b)-(f); R71, R72, R74).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from klarsyn.publication import words
from klarsyn.publication.papers.document import Line, line, shown, together
from klarsyn.register.facts import known
from klarsyn.rules.statutes import STATUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from klarsyn.publication.papers.commission import Commission, Row
    from klarsyn.publication.papers.document import Lines
    from klarsyn.register.vendor import Held

SENSITIVE = frozenset(words.SENSITIVITIES)


def by_purpose(
    order: Commission, rows: Sequence[Row], say: Callable[[Row], Sequence[Line]]
) -> Lines:
    """Return what is said of each row; its purpose stands before it where rows differ."""
    told = [(row, tuple(say(row))) for row in rows]
    if len({lines for _, lines in told}) == 1:
        return told[0][1]
    several = len({row.processing.purpose for row in rows}) > 1
    found = [_headed(order, row, one) if several else one for row, lines in told for one in lines]
    return tuple(dict.fromkeys(found))


def _headed(order: Commission, row: Row, one: Line) -> Line:
    purpose = purpose_label(order, row)
    headed = order.own.text("{label}: {what}", label=purpose, what=one.text)
    return replace(one, text=headed, is_name=False)


def purpose_label(order: Commission, row: Row) -> str:
    """Return a row's purpose in words."""
    return order.own.own(order.register.purposes[row.processing.purpose].label)


def purposes(order: Commission, rows: Sequence[Row]) -> Lines:
    """Return the purposes, each with its explanation where it has one."""
    found: dict[Line, None] = {}
    for row in rows:
        purpose = order.register.purposes[row.processing.purpose]
        text = order.own.own(purpose.label)
        if purpose.explanation:
            what = order.own.own(purpose.explanation)
            text = order.own.text("{label}: {what}", label=text, what=what)
        found.setdefault(line(text))
    return tuple(found)


def data_subjects(order: Commission, rows: Sequence[Row]) -> Lines:
    """Return the categories of data subjects."""

    def say(row: Row) -> Sequence[Line]:
        fact = order.register.purposes[row.processing.purpose].data_subjects
        return [shown(order.of_purposes.fact(fact, lambda ids: _people(order, ids)))]

    return by_purpose(order, rows, say)


def _people(order: Commission, ids: Sequence[str]) -> str:
    labels = [order.own.own(order.register.data_subjects[one].label) for one in ids]
    return order.own.list(labels)


def data(order: Commission, rows: Sequence[Row]) -> Lines:
    """Return the categories of personal data; of a secret, only the form in which it is held."""
    together: dict[str, list[Row]] = {}
    for row in rows:
        together.setdefault(row.processing.purpose, []).append(row)
    firsts = [some[0] for some in together.values()]
    return by_purpose(order, firsts, lambda row: _held(order, together[row.processing.purpose]))


def _held(order: Commission, rows: Sequence[Row]) -> list[Line]:
    """Return what all vendors of one purpose have together."""
    voice, elements = order.own, order.register.elements
    listed: dict[str, None] = {}
    written: dict[str, None] = {}
    secrets = []
    for row in rows:
        labels = listed if row.processing.declaration == "listed" else written
        for held in row.processing.elements:
            if elements[held.element].sensitivity == "secret":
                secrets.append(_secret(order, row, held))
            else:
                labels.setdefault(element_label(order, held))
    told = [line(voice.list(list(listed)))] if listed else []
    if written := {one: None for one in written if one not in listed}:
        text = voice.text(
            "normally none, but they can be written in: {data}", data=voice.list(list(written))
        )
        told.append(line(text))
    return [*told, *secrets] or [_none(order, rows)]


def _none(order: Commission, rows: Sequence[Row]) -> Line:
    """R12: "none" is a claim, and is marked as long as nothing proves it."""
    text = order.own.text("no personal data")
    if all(one.processing.evidence for one in rows):
        return line(text)
    return Line(text, "unverified", order.own.text("a claim not yet proved"))


def element_label(order: Commission, held: Held) -> str:
    """Return a data element in words; a group says what it includes."""
    elements, voice = order.register.elements, order.own
    label = voice.own(elements[held.element].label)
    if held.includes:
        parts = voice.list([voice.own(elements[one].label) for one in held.includes])
        return f"{label} ({parts})"
    return label


def _secret(order: Commission, row: Row, held: Held) -> Line:
    """R11: a secret is never printed as data that are shared, only how it is held."""
    voice = order.of_vendor(row.vendor_id)
    label = voice.own(order.register.elements[held.element].label)
    form = shown(voice.fact(held.form, voice.own))
    if form.state == "unknown":
        text = voice.text(
            "{element}: never shared; in which form it is held is not yet known", element=label
        )
    else:
        text = voice.text("{element}: never shared; held as {form}", element=label, form=form.text)
    return together(text, form)


def sensitive(order: Commission, rows: Sequence[Row]) -> Lines:
    """Return the sensitive data and what restricts their use; "none" where there are none."""
    found = [
        one
        for row in rows
        for held in row.processing.elements
        for one in _sensitive_element(order, held)
    ]
    if not found:
        found = [line(order.own.text("None."))]
    return tuple(dict.fromkeys([*found, *_restrictions(order, rows)]))


def _sensitive_element(order: Commission, held: Held) -> list[Line]:
    element, voice = order.register.elements[held.element], order.of_elements
    if element.sensitivity not in SENSITIVE:
        return []
    kind = voice.text(words.SENSITIVITIES[element.sensitivity])
    told = [line(voice.text("{label}: {what}", label=voice.own(element.label), what=kind))]
    if element.sensitivity == "national-id-if-sole-trader":
        treated = voice.fact(
            element.sole_traders, lambda one: voice.text(words.SOLE_TRADERS_ON_PAPER[one])
        )
        told.append(shown(treated))
    return told


def _restrictions(order: Commission, rows: Sequence[Row]) -> Lines:
    def say(row: Row) -> Sequence[Line]:
        rule = row.processing.rule
        return [shown(order.of_vendor(row.vendor_id).fact(rule, order.own.own))] if rule else []

    return by_purpose(order, rows, say)


def frequency(order: Commission, rows: Sequence[Row]) -> Lines:
    """Return how often data are transferred."""

    def say(row: Row) -> Sequence[Line]:
        voice = order.of_vendor(row.vendor_id)
        fact = row.processing.frequency
        return [shown(voice.fact(fact, lambda one: voice.text(words.FREQUENCIES[one])))]

    return by_purpose(order, rows, say)


def nature(order: Commission, rows: Sequence[Row]) -> Lines:
    """Return what is done with the data: as declared for the purpose, else the service."""
    return by_purpose(order, rows, lambda row: [_nature(order, row)])


def _nature(order: Commission, row: Row) -> Line:
    voice, service = order.of_vendor(row.vendor_id), row.vendor.service
    if row.processing.nature is None and service:
        return line(voice.own(service))
    return shown(voice.fact(row.processing.nature, voice.own))


def described(order: Commission, row: Row) -> Line:
    """Return purpose and nature in one line: a list of sub-processors' description (R70)."""
    told = _headed(order, row, _nature(order, row))
    return together(
        told.text, told, shown(order.of_vendor(row.vendor_id).fact(row.processing.role))
    )


def retention(order: Commission, rows: Sequence[Row]) -> Lines:
    """Return how long data are kept, or by which criterion; and the statute that demands it."""
    return by_purpose(order, rows, lambda row: [_retention(order, row)])


def _retention(order: Commission, row: Row) -> Line:
    voice, kept = order.of_vendor(row.vendor_id), row.processing.retention
    if row.processing.declaration == "none" and not (kept.period or kept.criterion):
        return line(voice.text("nothing is kept"))
    fact = (
        voice.fact(kept.criterion, voice.own)
        if known(kept.criterion)
        else voice.fact(kept.period, voice.period)
    )
    told = shown(fact)
    statute = STATUTES.get(kept.statute or "")
    return replace(told, text=f"{told.text} ({statute.source})") if statute else told


def subject_and_duration(order: Commission, vendor_id: str) -> Lines:
    """Return subject matter and duration of what a vendor does (SCC 2021/914 annex I.B)."""
    one, voice = order.register.vendors[vendor_id], order.of_vendor(vendor_id)
    service = line(voice.own(one.service)) if one.service else shown(voice.fact(None))
    return (
        labelled(order, voice.text("Subject matter"), service),
        labelled(order, voice.text("Duration"), duration(order, vendor_id)),
    )


def duration(order: Commission, vendor_id: str) -> Line:
    """Return since when a vendor is used, and until when."""
    one, voice = order.register.vendors[vendor_id], order.of_vendor(vendor_id)
    since = shown(voice.fact(one.start, voice.day))
    if since.state == "unknown":
        return since
    if known(one.end):
        until = shown(voice.fact(one.end, voice.day))
        text = voice.text("from {start} to {end}", start=since.text, end=until.text)
        return together(text, since, until)
    return together(voice.text("from {start} until the agreement ends", start=since.text), since)


def labelled(order: Commission, label: str, one: Line) -> Line:
    """Return a line with a word before it that says what it is about."""
    text = order.own.text("{label}: {what}", label=label, what=one.text)
    return replace(one, text=text, is_name=False)
