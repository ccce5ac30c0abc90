"""
The picture of data flows as positions: what stands where, in units of a narrow screen.

The company stands on top, a trunk runs down from it, and every vendor has a box beside the trunk
with one line for each way in which data get there. What vendors pass on runs in lanes on the
right. Nothing here knows a language or a colour: words are handed in, classes handed out.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from klarsyn.publication.flowgraph import Flow, Graph

WIDTH = 320  # units: the width of a phone's screen without its margins
SIZE = 15  # of the letters, so that they are 12 px and more even where a screen has 256 px to give
LINE = 19  # from one line of text to the next
LETTER = 0.58  # of the size: the width of a common letter, a little generous
BOLD = 0.67  # the same for names and titles; measured: up to 0.65 in long Danish and German words
TRUNK = 9
TITLE = 23  # where groups' titles begin
BOX = 104  # where vendors' boxes begin
BOX_END = 290
INSIDE = 9  # from a box's edge to its text
ROW = 24  # from one way to the next
GAP = 14  # from one box to the next
LANES = (300, 306, 312)
HEAD = 9  # the length of an arrow's head


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text: where it stands and what kind it is."""

    x: float
    y: float
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """A vendor's box, or the company's."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Way:
    """One flow as drawn: a path, an end, a number, and how thick it is."""

    flow: Flow
    path: str
    marks: tuple[str, ...]
    """Filled shapes at its ends, as the points of polygons."""
    ring: tuple[float, float] | None
    """Where data arise: the middle of a circle."""
    thickness: float
    count: Words

    @property
    def kind(self) -> str:
        """The classes of its look."""
        return f"flow {self.flow.kind}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture."""

    height: float
    trunk: tuple[float, float]
    """From where to where it runs."""
    boxes: tuple[Box, ...]
    words: tuple[Words, ...]
    ways: tuple[Way, ...]


def drawing(
    graph: Graph, company: str, titles: Sequence[str], names: Mapping[str, tuple[str, str]]
) -> Drawing:
    """
    Return the picture of a graph.

    `titles` are those of its groups in order; `names` gives each vendor's name and second line.
    """
    boxes: list[Box] = []
    words: list[Words] = []
    y = _company(company, boxes, words)
    top, places = y, {}
    for title, (_, vendors) in zip(titles, graph.groups, strict=True):
        y = _title(title, y + GAP, words)
        for one in vendors:
            places[one] = y + GAP / 2
            y = _vendor(names[one], _own(graph.flows[one]), places[one], boxes, words)
    ways = [*_ways(graph, places), *_passed(graph, places)]
    last = max(places.values(), default=y)
    return Drawing(y + GAP, (top, last + ROW / 2), tuple(boxes), tuple(words), tuple(ways))


def _own(flows: Sequence[Flow]) -> list[Flow]:
    return [one for one in flows if one.way != "passed-on"]


def wrapped(text: str, width: float, letter: float = BOLD) -> list[str]:
    """Return a text in lines that are no wider than so many units; long words are broken."""
    return textwrap.wrap(text, max(4, math.floor(width / (SIZE * letter)))) or [""]


def _company(company: str, boxes: list[Box], words: list[Words]) -> float:
    lines = wrapped(company, WIDTH - 2 * INSIDE - 2)
    height = len(lines) * LINE + INSIDE
    boxes.append(Box(1, 1, WIDTH - 2, height, "company"))
    words += [Words(INSIDE + 1, 1 + LINE * (n + 1), line, "name") for n, line in enumerate(lines)]
    return height + 1


def _title(title: str, y: float, words: list[Words]) -> float:
    lines = wrapped(title, WIDTH - TITLE)
    words += [Words(TITLE, y + LINE * (n + 0.8), line, "group") for n, line in enumerate(lines)]
    return y + len(lines) * LINE


def _vendor(
    name: tuple[str, str], flows: Sequence[Flow], y: float, boxes: list[Box], words: list[Words]
) -> float:
    """Put a vendor's box at a height and return where it ends."""
    room = BOX_END - BOX - 2 * INSIDE
    lines = [(line, "name") for line in wrapped(name[0], room)]
    lines += [(line, "place") for line in wrapped(name[1], room, LETTER)] if name[1] else []
    height = max(len(lines) * LINE + INSIDE, len(flows) * ROW)
    boxes.append(Box(BOX, y, BOX_END - BOX, height, "vendor"))
    words += [
        Words(BOX + INSIDE, y + LINE * (n + 0.9), line, kind)
        for n, (line, kind) in enumerate(lines)
    ]
    return y + height


def thickness(count: int) -> float:
    """Return how thick a line for so many elements is: it grows ever more slowly, up to 8."""
    return min(8.0, round(1.2 + 1.4 * math.sqrt(count), 1))


def _ways(graph: Graph, places: Mapping[str, float]) -> Iterator[Way]:
    for one, top in places.items():
        for number, flow in enumerate(_own(graph.flows[one])):
            y = top + ROW * (number + 0.5)
            yield _way(flow, y)


def _way(flow: Flow, y: float) -> Way:
    thick = thickness(len(flow.elements))
    count = Words(TRUNK + 34, y - 4 - thick / 2, str(len(flow.elements)), "count")
    start, ring = TRUNK, None
    marks: tuple[str, ...] = (_arrow(BOX, y, 1),)
    if flow.way == "generated-at-vendor":
        start, ring = BOX - 40, (BOX - 46, y)
        count = Words(BOX - 68, y + 5, count.text, "count")
    elif flow.way == "entered-by-staff":
        marks = (_diamond(TRUNK + 16, y), *marks)
    elif flow.way == "held-by-us-at-the-host":
        marks = (_square(BOX - HEAD / 2, y),)
    path = f"M{start} {y:g}H{BOX - HEAD + 2}"
    return Way(flow, path, marks, ring, thick, count)


def _passed(graph: Graph, places: Mapping[str, float]) -> Iterator[Way]:
    """Yield what vendors pass on, each in the next lane, each a little lower at its target."""
    lanes = cycle(LANES)
    for one, top in places.items():
        passed = [flow for flow in graph.flows[one] if flow.way == "passed-on"]
        for number, flow in enumerate(passed):
            lane, begin = next(lanes), places[flow.source] + ROW * 0.75
            end = top + ROW * 0.5 + 12 * number
            path = f"M{BOX_END} {begin:g}H{lane}V{end:g}H{BOX_END + HEAD - 2}"
            mark = _arrow(BOX_END, end, -1)
            count = Words(BOX_END - INSIDE - 4, end + 5, str(len(flow.elements)), "count end")
            yield Way(flow, path, (mark,), None, thickness(1), count)


def _arrow(x: float, y: float, way: int) -> str:
    """Return an arrow's head with its point at x; `way` is 1 to the right, -1 to the left."""
    back = x - way * HEAD
    return f"{x:g},{y:g} {back:g},{y - 6:g} {back:g},{y + 6:g}"


def _square(x: float, y: float) -> str:
    return f"{x - 5:g},{y - 5:g} {x + 5:g},{y - 5:g} {x + 5:g},{y + 5:g} {x - 5:g},{y + 5:g}"


def _diamond(x: float, y: float) -> str:
    return f"{x:g},{y - 7:g} {x + 7:g},{y:g} {x:g},{y + 7:g} {x - 7:g},{y:g}"
