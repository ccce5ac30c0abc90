"""
The build hook that compiles the message catalogues.

Git holds the .po files; programs read .mo files. This hook makes the second from the first for
every wheel, be it built from a checkout, from an sdist or as an editable install. The same
.po file always gives the same bytes, so two builds of one commit are equal.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALES = Path("src", "klarsyn", "locales")
#: Babel writes the moment of the build where a catalogue names none; this stands in its place.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def compiled(po: Path) -> bytes:
    """Return the .mo bytes of a .po file. Fuzzy entries stay out: nobody has confirmed them."""
    with po.open("rb") as text:
        catalogue = read_po(text, locale=po.parent.parent.name, abort_invalid=True)
    for message in list(catalogue):
        # Babel would put the English plural where a form is empty; a missing text stays missing.
        if isinstance(message.string, (list, tuple)) and not all(message.string):
            catalogue.delete(message.id)
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    mo = io.BytesIO()
    write_mo(mo, catalogue)
    return mo.getvalue()


def compile_catalogues(root: Path) -> list[Path]:
    """Compile every catalogue under `root` beside its .po file, and return what was written."""
    written = []
    for po in sorted((root / LOCALES).glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        mo.write_bytes(compiled(po))
        written.append(mo)
    return written


class Catalogues(BuildHookInterface[Any]):
    """Compiles the catalogues before a wheel is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        """Compile in place; the wheel's `artifacts` pattern picks the result up."""
        compile_catalogues(Path(self.root))
