"""
Changes of the register in words: what pages, feeds and the command line say of each.

A change says what is so now and what was so before; nothing is taken from a commit's message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from klarsyn.publication.changewords import KINDS, sentence
from klarsyn.register.changes.notice import Notice, must_agree_first, notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from klarsyn.publication.voice import Voice
    from klarsyn.register.changes import Change, Difference
    from klarsyn.register.history import Entry


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change in words."""

    kind: str
    kind_text: str
    vendor: str
    """The vendor's id, and empty where it has no page of its own now."""
    name: str
    text: str
    notice: Notice
    first_told: bool

    def tag(self, voice: Voice) -> str:
        """Return the kind in words, and whether it is only now known."""
        now_known = voice.text("now known")
        return f"{self.kind_text}, {now_known}" if self.first_told else self.kind_text


@dataclass(frozen=True, slots=True)
class DayView:
    """The changes of one day in words, with what is owed for them."""

    day: date
    summary: str
    changes: tuple[ChangeView, ...]
    known: tuple[ChangeView, ...]
    """Facts that became known, which is no change of what a vendor does."""
    known_summary: str
    notice: str
    effective: date | None
    is_first: bool

    @property
    def by_vendor(self) -> list[tuple[str, list[ChangeView]]]:
        """The changes under each vendor's name, in the order of names."""
        return by_vendor(self.changes)

    @property
    def known_by_vendor(self) -> list[tuple[str, list[ChangeView]]]:
        """The facts that became known under each vendor's name, in the order of names."""
        return by_vendor(self.known)


def day_view(entry: Entry, voice: Voice) -> DayView:
    """Return a day of the history in words; what is editorial is left out."""
    if entry.difference is None:
        return _first(entry, voice)
    difference = entry.difference
    views = [change_view(one, difference, entry.day, voice) for one in difference.substance]
    real, known = list[ChangeView](), list[ChangeView]()
    for view, one in zip(views, difference.substance, strict=True):
        (known if _is_known_now(one) else real).append(view)
    known_summary = _known_summary(known, voice) if known else ""
    days = [view.notice.effective for view in real if view.notice.owed != "none"]
    return DayView(
        day=entry.day,
        summary=_summary(real, voice) if real else known_summary,
        changes=tuple(real),
        known=tuple(known),
        known_summary=known_summary,
        notice=_notice(real, difference, voice),
        effective=_latest(days),
        is_first=False,
    )


def _latest(days: Sequence[date | None]) -> date | None:
    """Return the last of some days, and None where one of them is not known."""
    known = [one for one in days if one]
    return max(known) if known and len(known) == len(days) else None


def _is_known_now(change: Change) -> bool:
    """Tell whether a fact of a vendor that stayed is told for the first time."""
    return change.first_told and change.aspect != "vendor"


def _first(entry: Entry, voice: Voice) -> DayView:
    names = [one.name for one in entry.register.vendors.values()]
    count = voice.plural(
        "The list begins with {n} vendor.", "The list begins with {n} vendors.", len(names)
    )
    return DayView(entry.day, f"{count} {voice.list(names)}.", (), (), "", "", None, is_first=True)


def _known_summary(known: list[ChangeView], voice: Voice) -> str:
    count = len({one.name for one in known})
    return voice.plural(
        "Facts about {n} vendor became known.", "Facts about {n} vendors became known.", count
    )


def _summary(real: list[ChangeView], voice: Voice) -> str:
    """Return one sentence: which vendors changed, and how."""
    by_name: dict[str, list[str]] = {}
    for one in real:
        kinds = by_name.setdefault(one.name, [])
        if one.kind_text not in kinds:
            kinds.append(one.kind_text)
    return "; ".join(f"{name}: {voice.list(kinds)}" for name, kinds in by_name.items()) + "."


def _notice(real: list[ChangeView], difference: Difference, voice: Voice) -> str:
    """Return what customers are owed for the changes of a day, in a sentence or two."""
    prior = [one.notice for one in real if one.notice.owed == "prior"]
    if not prior:
        return ""
    last, effective = prior[0].last_day_to_object, prior[0].effective
    if last is None or effective is None:
        return voice.text(
            "Customers are told beforehand and may object. The notice period is not yet known."
        )
    said = voice.text(
        "Customers may object until {last}. The change takes effect on {day} at the earliest.",
        last=voice.day(last),
        day=voice.day(effective),
    )
    if count := must_agree_first(difference.new):
        said += " " + voice.plural(
            "For {n} customer it needs a specific prior authorisation.",
            "For {n} customers it needs a specific prior authorisation.",
            count,
        )
    return said


def change_view(
    change: Change, difference: Difference, announced: date, voice: Voice
) -> ChangeView:
    """Return one change in words."""
    return ChangeView(
        kind=change.kind,
        kind_text=voice.text(KINDS[change.kind]),
        vendor=change.vendor if change.vendor in difference.new.vendors else "",
        name=change.name,
        text=sentence(change, difference, voice),
        notice=notice(change, difference, announced),
        first_told=change.first_told,
    )


def by_vendor(views: Iterable[ChangeView]) -> list[tuple[str, list[ChangeView]]]:
    """Return changes under each vendor's name, in the order of names; what has none comes last."""
    named: dict[str, list[ChangeView]] = {}
    for one in views:
        named.setdefault(one.name, []).append(one)
    return sorted(named.items(), key=lambda pair: (not pair[0], pair[0].casefold()))
