"""
The matrix: every vendor, every data element that any of them may have, and how it gets there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from klarsyn.publication import words
from klarsyn.publication.pages.frame import Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from klarsyn.publication.holdings import Holding
    from klarsyn.publication.pages.frame import About, Edition
    from klarsyn.publication.pages.vendorview import VendorView
    from klarsyn.publication.voice import Voice

PATH = "matrix.html"

_EMPTY = Markup("<td></td>")
_CELL = Markup('<td class="{}"><span>{}</span></td>')

#: The class of a cell, by what is in it.
_SIGNS = {
    "delivered": "sent",
    "entered-by-staff": "written",
    "generated-at-vendor": "arises",
    "held-by-us-at-the-host": "kept",
    "incidental": "maybe",
}


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A data element: its head, and how many vendors may have it."""

    id: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class RowView:
    """A vendor, how many data elements it may have, and a cell for each column."""

    vendor: VendorView
    count: int
    cells: Markup


def link(edition: Edition, voice: Voice) -> Link | None:
    """There is a matrix where any vendor may have anything."""
    return Link(PATH, voice.text("Matrix")) if edition.holdings.every else None


def pages(about: About) -> Iterator[tuple[str, str]]:
    """Yield the matrix, if there is one."""
    holdings = about.edition.holdings
    if not holdings.every:
        return
    columns = _columns(about)
    told = _told(about.voice)
    rows = [
        _row(vendor, holdings.by_vendor.get(one, ()), columns, told)
        for one, vendor in about.vendors.items()
    ]
    yield about.render(
        "matrix.html",
        PATH,
        columns=columns,
        rows=rows,
        legend=_legend(holdings.every, told),
        secrets=[
            (about.vendors[held.vendor_id], held.number, held.element) for held in holdings.secrets
        ],
    )


def _columns(about: About) -> list[ColumnView]:
    """Return the elements that any vendor may have, in the order of the register."""
    by_element = about.edition.holdings.by_element
    return [
        ColumnView(
            one, about.voice.own(element.label), len({held.vendor_id for held in by_element[one]})
        )
        for one, element in about.edition.register.elements.items()
        if one in by_element
    ]


def _told(voice: Voice) -> dict[str, str]:
    """Return what each kind of cell says."""
    directions = {one: voice.text(said) for one, said in words.DIRECTIONS.items()}
    return {**directions, "incidental": voice.text(words.INCIDENTAL)}


def _row(
    vendor: VendorView,
    held: Sequence[Holding],
    columns: Sequence[ColumnView],
    told: Mapping[str, str],
) -> RowView:
    kinds: dict[str, dict[str, None]] = defaultdict(dict)
    for one in held:
        kinds[one.element][kind(one)] = None
    cells = [_cell(kinds[one.id], told) if one.id in kinds else _EMPTY for one in columns]
    return RowView(vendor, len(kinds), Markup("").join(cells))


def kind(held: Holding) -> str:
    """Return what a holding counts as: incidental, or the way in which it gets there."""
    return "incidental" if held.declaration == "incidental" else held.direction


def _cell(kinds: Mapping[str, None], told: Mapping[str, str]) -> Markup:
    """Return a cell with the sign of its first kind and the words of all; the listed first."""
    order = [one for one in _SIGNS if one in kinds]
    return _CELL.format(_SIGNS[order[0]], "; ".join(told[one] for one in order))


def _legend(every: Sequence[Holding], told: Mapping[str, str]) -> list[tuple[str, str]]:
    found = {kind(one) for one in every}
    return [(sign, told[one]) for one, sign in _SIGNS.items() if one in found]
