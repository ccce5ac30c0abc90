"""
The changes as JSON Feed 1.1, with each change's kind and ids in an extension object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.publication.feeds.items import Item
    from klarsyn.publication.pages.frame import Edition
    from klarsyn.publication.voice import Voice

PATH = "changes.json"
VERSION = "https://jsonfeed.org/version/1.1"


def feed(edition: Edition, items: Sequence[Item], address: str, voice: Voice) -> bytes:
    """Return the feed of a language."""
    company = edition.register.company
    where = {}
    if address:
        where = {
            "home_page_url": f"{address}{voice.language}/changes.html",
            "feed_url": f"{address}{voice.language}/{PATH}",
        }
    made = {
        "version": VERSION,
        "title": voice.own(company.title),
        **where,
        "description": voice.text(
            "What changed in this list, on which day, and from when it takes effect."
        ),
        "language": voice.language,
        "authors": [{"name": company.name}],
        "items": [_item(one, voice) for one in items],
    }
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"


def _item(item: Item, voice: Voice) -> dict[str, Any]:
    return {
        "id": item.id,
        **({"url": item.url} if item.url else {}),
        "title": item.title,
        "content_html": item.html,
        "date_published": item.instant,
        "language": voice.language,
        "_klarsyn": {
            "effective": item.day.effective,
            "changes": [
                {
                    "kind": one.kind,
                    "vendor": one.vendor or None,
                    "name": one.name,
                    "text": one.text,
                    "notice": one.notice.owed,
                    "effective": one.notice.effective,
                }
                for one in item.day.changes
            ],
        },
    }
