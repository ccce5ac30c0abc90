"""
Evernote's search grammar, term by term.
"""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from klarsyn.testing.standins.evernote_search import (
    Indexed,
    Moment,
    query,
    searched_words,
    words,
)

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # a Thursday


def instant(month, day, hour=0):
    """Return an instant of 2026 in milliseconds."""
    return int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp()) * 1000


NOTE = Indexed(
    title=words("Ring Åse Brogaard"),
    texts=(words("Ring Åse Brogaard"), words("Mejla ase.b@example.com, 070-174 06 05"), ["kund"]),
    notebook="Att göra",
    tags=("Kund", "Offert 2026"),
    attributes={
        "created": (instant(10, 1),),
        "updated": (instant(11, 24, 12),),
        "source": ("mail.smtp",),
        "fileName": ("Åse.vcf",),
        "latitude": (55.0,),
    },
)


def finds(text, **changes):
    """Return whether a query finds the note."""
    return query(text, replace(Moment(NOW), **changes))(NOTE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ring",
        "BROGAARD åse",
        "brog",
        "brog*",
        "ase.b@example.com",
        "ase.b@exam",
        '"070 174 06"',
        '"RING   åse"',
        '"åse bro*"',
        "intitle:ring intitle:bro",
        'intitle:"åse brogaard"',
        'notebook:"att göra" ring',
        'ring notebook:"att göra"',
        "tag:kund",
        "tag:off*",
        'tag:"offert 2026" -tag:privat',
        "-potatis",
        "- ring",
        "any: potatis ring",
        'any: notebook:"att göra"',
        "source:mail.*",
        "fileName:åse.vcf",
        "fileName:*",
        "-reminderTime:*",
        "updated:day-2",
        "updated:week",
        "updated:month",
        "created:year",
        "created:month-1",
        "created:20261001",
        "-created:20261002",
        "updated:20261124T120000Z",
    ],
)
def test_found(text):
    """
    Terms in any order, all of which hold, or with any: one of them.
    """
    assert finds(text)


@pytest.mark.parametrize(
    "text",
    [
        "ogaard",
        "ring potatis",
        '"ring brogaard"',
        '"åse bro"',
        "vcf",
        "-ring",
        "intitle:mejla",
        'notebook:"att"',
        "any: potatis notebook:annan",
        "tag:off",
        "-tag:kund",
        "reminderTime:*",
        "source:mail",
        "wherever:ring",
        "updated:day-1",
        "created:month",
        "created:week-1",
        "created:20261002",
        "created:20269999",
        "created:soon",
        "...",
    ],
)
def test_not_found(text):
    """
    Not the middle of a word, not another order in a phrase, not an unknown label.
    """
    assert not finds(text)


def test_words_whole_as_the_vendors_page_has_them():
    """
    There a word finds itself only, unless it ends in *.
    """
    assert not finds("brog", prefixes=False)
    assert finds("brog* ring", prefixes=False)


def test_days_begin_where_the_searcher_is():
    """
    A date without Z is one of the filter's time zone.
    """
    zone = ZoneInfo("Europe/Stockholm")

    assert finds("updated:20261124T130000", zone=zone)
    assert not finds("updated:20261124T130000")


def test_words_that_were_looked_for():
    """
    Terms with labels are not among them.
    """
    assert ["ring", "åse brogaard"] == searched_words('ring intitle:x "åse brogaard"')
