"""The picture of data flows in a real browser: what is read aloud tells the same as the lines."""

from __future__ import annotations

import re

import pytest

from klarsyn.publication import build, write
from scripts.site_checks.browser import opened_browser, window
from scripts.site_checks.outcome import NotRun
from scripts.site_checks.serving import served
from tests.publication.sites import edition, example, spoken

WIDTHS = (360, 1280)
WAYS = {
    "sent by us": "delivered",
    "written in by our staff": "entered-by-staff",
    "arising at the vendor": "generated-at-vendor",
    "kept there by ourselves": "held-by-us-at-the-host",
}
SENTENCE = re.compile(r"(\d+) data elements?, (.+?)( \(normally none\))?( \(not verified\))?: (.+)")
LINES = """groups => groups.map(group => {
  const [, way, style] = group.classList;
  return [group.dataset.from, group.dataset.to, way, style, Number(group.textContent)];
})"""
LETTERS = """texts => texts.map(text => {
  const size = parseFloat(getComputedStyle(text).fontSize);
  return size * text.ownerSVGElement.getScreenCTM().a;
})"""


@pytest.fixture(scope="module", params=["klarpris", "nordlys"])
def seen(request, tmp_path_factory):
    """Return names by id, and at each width the page's lines, its tree and its smallest letter."""
    site = tmp_path_factory.mktemp("site") / request.param
    write(build(edition(spoken(example(request.param), "en"))).files, site)
    ids = {vendor.name: one for one, vendor in example(request.param).vendors.items()}
    found = {}
    try:
        with served(site) as base, opened_browser() as browser:
            for width in WIDTHS:
                with window(browser, width) as page:
                    page.goto(f"{base}en/flows.html")
                    lines = page.locator("svg.picture g.flow").evaluate_all(LINES)
                    letters = page.locator("svg.picture text").evaluate_all(LETTERS)
                    session = page.context.new_cdp_session(page)
                    tree = session.send("Accessibility.getFullAXTree")["nodes"]
                    found[width] = (sorted(map(tuple, lines)), nodes(tree), min(letters))
    except NotRun as absent:
        pytest.skip(str(absent))
    return ids, found


def nodes(tree):
    """Return what is read aloud: role, name, description and words of each node, in order."""
    by_id = {one["nodeId"]: one for one in tree}
    return [
        (
            one.get("role", {}).get("value"),
            one.get("name", {}).get("value", ""),
            one.get("description", {}).get("value", ""),
            text(one, by_id),
        )
        for one in walk(tree[0], by_id)
        if not one["ignored"]
    ]


def walk(node, by_id):
    """Yield a node and all below it in the order of reading."""
    yield node
    for one in node.get("childIds", ()):
        if one in by_id:
            yield from walk(by_id[one], by_id)


def text(node, by_id):
    """Return the words at and below a node, as they are read."""
    return "".join(
        one["name"]["value"]
        for one in walk(node, by_id)
        if not one["ignored"] and one.get("role", {}).get("value") == "StaticText"
    )


def heard(tree, ids):
    """Return the flows that a listener hears: from, to, way, style and number."""
    found, target = [], ""
    for role, name, _, words in tree:
        if role == "link" and name in ids:
            target = ids[name]
        match = SENTENCE.fullmatch(" ".join(words.removeprefix("◦ ").split()))
        if role != "listitem" or not match:
            continue
        number, way, rarely, _, _ = match.groups()
        source = target if way == "arising at the vendor" else ""
        source = ids[way.removeprefix("passed on by ")] if way.startswith("passed") else source
        style = "incidental" if rarely else "listed"
        found.append((source, target, WAYS.get(way, "passed-on"), style, int(number)))
    return sorted(found)


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.parametrize("width", WIDTHS)
def test_listener_hears_every_line_of_the_picture(seen, width):
    """From the accessibility tree alone the same flows come out as from the drawn lines."""
    ids, found = seen
    lines, tree, _ = found[width]

    assert 10 < len(lines)
    assert lines == heard(tree, ids)


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.parametrize("width", WIDTHS)
def test_picture_is_one_image_with_name_and_description(seen, width):
    """The picture is one image, and the bare numbers and names inside it are not read."""
    _, found = seen
    images = [one for one in found[width][1] if one[0] == "image"]

    assert [("Picture of the data flows", "")] == [(name, words) for _, name, _, words in images]
    assert "Everything in it stands in words" in images[0][2]


@pytest.mark.slow
@pytest.mark.network
def test_letters_are_large_enough_on_a_phone(seen):
    """On a screen of 360 px no letter of the picture is smaller than 12 px."""
    _, found = seen

    assert found[360][2] >= 12
