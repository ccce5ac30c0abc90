"""
Changes as `klarsyn diff` and `klarsyn history` print them: text, Markdown, JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from klarsyn.publication.changelog import ChangeView, by_vendor, change_view, day_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from klarsyn.publication.voice import Voice
    from klarsyn.register.history import Entry


def as_text(entries: Sequence[Entry], voice: Voice, *, editorial: bool) -> str:
    """Return the changes day by day, each on a line under its vendor, with what is owed."""
    return "\n".join(
        line for entry in entries for line in _lines(entry, voice, editorial=editorial)
    )


def _lines(entry: Entry, voice: Voice, *, editorial: bool) -> Iterator[str]:
    day = day_view(entry, voice)
    yield voice.day(entry.day)
    if day.is_first:
        yield f"  {_on_one_line(day.summary)}"
    rest = voice.text("Register")
    for name, views in by_vendor(_views(entry, voice, editorial=editorial)):
        yield f"  {_on_one_line(name) or rest}"
        yield from (f"    [{one.tag(voice)}] {_on_one_line(one.text)}" for one in views)
    if day.notice:
        yield f"  {day.notice}"
    if not entry.is_committed:
        yield "  " + voice.text("Not committed yet.")
    yield ""


def _on_one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text.strip())


def as_markdown(entries: Sequence[Entry], voice: Voice, *, editorial: bool) -> str:
    """Return the changes as Markdown, such as for a change request."""
    return "\n".join(
        line for entry in entries for line in _markdown(entry, voice, editorial=editorial)
    )


def _markdown(entry: Entry, voice: Voice, *, editorial: bool) -> Iterator[str]:
    day = day_view(entry, voice)
    yield f"## {voice.day(entry.day)}\n"
    if day.is_first:
        yield f"{escaped(day.summary)}\n"
    rest = voice.text("Register")
    for name, views in by_vendor(_views(entry, voice, editorial=editorial)):
        yield f"**{escaped(name or rest)}**\n"
        yield from (f"- *{one.tag(voice)}*: {escaped(one.text)}" for one in views)
        yield ""
    if day.notice:
        yield f"{day.notice}\n"


def escaped(text: str) -> str:
    """Return a text as Markdown that shows it letter for letter, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>&#|~])", r"\\\1", _on_one_line(text))


def as_json(entries: Sequence[Entry], voice: Voice, *, editorial: bool) -> str:
    """Return the changes as JSON: ids and values as they stand in the register, and the words."""
    days = [
        {
            "day": entry.day,
            "committed": entry.is_committed,
            "first": entry.difference is None,
            "changes": list(_rows(entry, voice, editorial=editorial)),
        }
        for entry in entries
    ]
    return msgspec.json.format(msgspec.json.encode({"days": days}), indent=1).decode()


def _rows(entry: Entry, voice: Voice, *, editorial: bool) -> Iterator[dict[str, Any]]:
    difference = entry.difference
    for change in difference.changes if difference else ():
        if change.kind == "editorial" and not editorial:
            continue
        view = change_view(change, difference, entry.day, voice)  # type: ignore[arg-type]
        yield {
            "kind": change.kind,
            "vendor": change.vendor or None,
            "name": change.name or None,
            "aspect": change.aspect,
            "subject": change.subject or None,
            "before": change.before,
            "after": change.after,
            "first_told": change.first_told,
            "notice": view.notice.owed,
            "last_day_to_object": view.notice.last_day_to_object,
            "effective": view.notice.effective,
            "text": view.text,
        }


def _views(entry: Entry, voice: Voice, *, editorial: bool) -> list[ChangeView]:
    difference = entry.difference
    if difference is None:
        return []
    return [
        change_view(one, difference, entry.day, voice)
        for one in difference.changes
        if editorial or one.kind != "editorial"
    ]
