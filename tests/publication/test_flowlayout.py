import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klarsyn.publication.flowgraph import graph
from klarsyn.publication.flowlayout import BOX_END, SIZE, WIDTH, drawing, thickness, wrapped
from klarsyn.publication.holdings import holdings
from tests.publication.sites import DAY, example
from tests.strategies import declared_registers

NAMES = st.text(st.sampled_from("abcdWM "), min_size=1, max_size=60).map(str.strip).filter(bool)


def drawn(whole, name="A vendor with a name that is rather long, Inc.", place="Germany"):
    """Return the picture of a register whose vendors are all called the same."""
    found = graph(whole, holdings(whole), DAY)
    names = dict.fromkeys(found.flows, (name, place))
    return found, drawing(found, "Nordlys", ["In the EEA"] * len(found.groups), names)


@settings(max_examples=25)
@given(declared_registers(), NAMES)
def test_nothing_leaves_the_picture_and_no_boxes_overlap(whole, name):
    """
    Every box, line and word is inside, and boxes stand below each other.
    """
    _, picture = drawn(whole, name)
    inside = [(box.y, box.y + box.height) for box in picture.boxes]

    assert all(before[1] < after[0] for before, after in pairwise(inside))
    assert all(box.x >= 0 and box.x + box.width <= WIDTH for box in picture.boxes)
    assert max(end for _, end in inside) <= picture.height
    for way in picture.ways:
        numbers = [float(one) for one in re.findall(r"[\d.]+", " ".join((way.path, *way.marks)))]
        assert max(numbers) <= max(picture.height, WIDTH)
        assert 0 < way.count.y < picture.height
    for line in picture.words:
        assert 0 < line.y <= picture.height
        assert line.x + len(line.text) * SIZE * 0.5 <= WIDTH


@settings(max_examples=25)
@given(declared_registers())
def test_every_flow_is_drawn_once(whole):
    """
    What the graph has, the picture has, with the same number of data elements.
    """
    found, picture = drawn(whole)
    flows = [flow for flows in found.flows.values() for flow in flows]

    assert sorted(map(repr, flows)) == sorted(repr(way.flow) for way in picture.ways)
    assert all(str(len(way.flow.elements)) == way.count.text for way in picture.ways)


def test_letters_are_large_enough_on_a_phone():
    """
    On a screen of 360 px the picture has 320 px: at least 12 px for a letter; on 320 px too.
    """
    assert SIZE * (360 - 40) / WIDTH >= 12
    assert SIZE * (320 - 40) / WIDTH >= 12


@given(NAMES)
def test_wrapped_lines_keep_every_word(text):
    """
    A name is broken into lines, and nothing of it is lost.
    """
    lines = wrapped(text, BOX_END - 120)

    assert text.replace(" ", "") == "".join(lines).replace(" ", "")
    assert all(len(line) <= 20 for line in lines)


@pytest.mark.parametrize(("count", "expected"), [(1, 2.6), (4, 4.0), (100, 8.0)])
def test_thickness_grows_and_has_an_end(count, expected):
    """
    More data elements, a thicker line; never so thick that lines touch.
    """
    assert expected == thickness(count)


def test_picture_is_the_same_every_time():
    """
    The same register gives the same positions.
    """
    assert drawn(example("nordlys"))[1] == drawn(example("nordlys"))[1]


def test_what_is_passed_on_runs_on_the_right():
    """
    Nordlys: two lines from Relaygrove, beside the boxes and not through them.
    """
    ways = [one for one in drawn(example("nordlys"))[1].ways if one.flow.way == "passed-on"]

    assert 2 == len(ways)
    assert all(one.path.startswith(f"M{BOX_END} ") for one in ways)
