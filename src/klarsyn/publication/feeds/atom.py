"""
The changes as Atom (RFC 4287).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication.feeds.items import midnight, urn
from klarsyn.publication.pages.frame import templates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.publication.feeds.items import Item
    from klarsyn.publication.pages.frame import Edition
    from klarsyn.publication.voice import Voice

PATH = "changes.atom"


def feed(edition: Edition, items: Sequence[Item], address: str, voice: Voice) -> bytes:
    """Return the feed of a language."""
    register = edition.register
    page = templates().get_template("changes.atom")
    return page.render(
        lang=voice.language,
        id=urn(register, voice.language),
        title=voice.own(register.company.title),
        subtitle=voice.text(
            "What changed in this list, on which day, and from when it takes effect."
        ),
        company=register.company.name,
        updated=midnight(register, edition.updated),
        address=address,
        items=items,
    ).encode()
