"""
Publish a register: read its history, build the site, put it in its place.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING

from klarsyn.errors import PageError, Problem, said
from klarsyn.publication import archive
from klarsyn.publication.output import write
from klarsyn.publication.pages.frame import Edition
from klarsyn.publication.site import Site, build
from klarsyn.register.examination import examine
from klarsyn.register.history import history
from klarsyn.register.register import Place

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from klarsyn.register.register import Register

LARGEST_LOGO = 50_000  # bytes

# What could run or load something from inside an SVG that pages show as a picture.
_ACTIVE = re.compile(
    rb"<script|<foreignObject|<!ENTITY|<\?xml-stylesheet|javascript:|\son\w+\s*=|@import"
    rb"|href\s*=\s*[\"'](?!#|data:image/)|url\(\s*[\"']?(?!#)",
    re.IGNORECASE,
)


def publish(register: Register, out: Path, on: date, *, cache: Path | None = None) -> Site:
    """
    Build the site of a register as of a day, and make `out` hold exactly that.

    Raises PageError where a page would be false or unreadable, OutputRefused where `out` is not
    ours to replace; in both cases what is published stays as it was.
    """
    edition = Edition(
        register=register,
        findings=examine(register, on).open,
        on=on,
        history=history(register, on, cache=cache),
        version=version("klarsyn"),
    )
    site = build(edition, _logo(register), archive.carried(out))
    write(site.files, out, site.carried)
    return site


def _logo(register: Register) -> bytes | None:
    """Return the logo's bytes; it must be a plain SVG inside the register's folder."""
    name = register.company.look.logo
    if name is None:
        return None
    path = (register.folder / name).resolve()
    inside = path.is_relative_to(register.folder.resolve()) and path.suffix == ".svg"
    content = path.read_bytes() if inside and path.is_file() else b""
    if b"<svg" not in content or len(content) > LARGEST_LOGO or _ACTIVE.search(content):
        what = said("the logo '{file}' is no plain SVG beside company.yaml", file=name)
        place = Place("company.yaml", "look/logo")
        remedy = said("put one there, without scripts, below {size} bytes", size=LARGEST_LOGO)
        raise PageError(
            [Problem(f"{register.folder.name}/{place.file}", register.line(place), what, remedy)]
        )
    return content
