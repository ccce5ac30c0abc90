from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from klarsyn.errors import Message, Problem, said
from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.clock import START
from klarsyn.transport.connection import Surroundings
from klarsyn.transport.words import GET
from klarsyn.vendors import sheet
from klarsyn.vendors.connections import Bound
from klarsyn.vendors.doctor import Diagnosis, diagnose
from tests.transport.desk import KEY, Desk, api

pytestmark = pytest.mark.network


def bound(known=None, **changes):
    """Return a connection to the desk whose probe says something."""
    probe = (lambda _: known) if known is not None else None
    vendor = replace(sheet("mailchimp"), api=api(ping=GET("/people")), probe=probe)
    return Bound("desk", vendor, {"key": KEY}, {}, **changes)


def looked(one, *troubles):
    """Return the verdict on a connection, and what was told."""
    with Desk(clock=StillClock()) as desk:
        for trouble in troubles:
            desk.faults.add(trouble, times=99)
        found = diagnose(one, Surroundings(clock=desk.clock, detour=desk.url, patience=1))
        sent = len(desk.sent)
    told = [(check.verdict, str(check.what)) for check in found.checks]
    return found.verdict, told, sent


def test_sound_connection():
    """
    A key that the vendor takes is sound; one call that reads was made.
    """
    assert ("sound", [("sound", "the vendor answers and the key is valid")], 1) == looked(bound())


def test_missing_key_makes_no_call():
    """
    Without a key it is unconnected, and nobody is asked.
    """
    problem = Problem("f", 1, said("K is not set"), said("make it"))
    verdict, told, sent = looked(bound(missing=(problem,), unmapped=("person.name",)))

    assert ("unconnected", 0) == (verdict, sent)
    assert [
        ("warning", "no place is named for person.name"),
        ("unconnected", "K is not set"),
    ] == told


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(Trouble.EXPIRED_KEY, "key is wrong or has expired"), (Trouble.DOWN, "cannot be reached")],
)
def test_broken_connection(trouble, words):
    """
    A refused key, or a vendor that is down, is broken, with what to do.
    """
    verdict, told, _ = looked(bound(), trouble)

    assert "broken" == verdict
    assert words in told[0][1]


@pytest.mark.parametrize(
    ("until", "verdict"),
    [
        (START.date() + timedelta(days=29), "warning"),
        (START.date() + timedelta(days=30), "sound"),
        (datetime(2027, 1, 1, tzinfo=UTC), "sound"),
        (START, "warning"),
        ("soon", "sound"),
    ],
)
def test_key_that_ends(until, verdict):
    """
    A key that ends within thirty days is worth a word.
    """
    found, told, _ = looked(bound({"until": until}))

    assert verdict == found
    assert isinstance(until, str) or any("the key is valid until" in what for _, what in told)


def test_what_the_vendor_says_of_the_key():
    """
    Missing and given rights, advice, role and plan are told.
    """
    known = {
        "lacking": {"b", "a"},
        "scopes": ["r"],
        "advice": [said("rotate it")],
        "role": "admin",
        "plan": 5,
    }
    verdict, told, _ = looked(bound(known))

    assert "warning" == verdict
    assert [
        ("warning", "the key lacks a, b"),
        ("warning", "rotate it"),
        ("sound", "the key has r"),
        ("sound", "role: admin"),
        ("sound", "plan: 5"),
    ] == told[1:]


def test_without_a_ping():
    """
    A vendor without a harmless call is believed until it is read.
    """
    one = bound()
    assert 0 == looked(replace(one, vendor=replace(one.vendor, api=api())))[2]


def test_worst_counts():
    """
    Broken before unconnected before a warning; nothing found is sound.
    """
    found, worst = Diagnosis("desk"), []
    for verdict in ("sound", "warning", "unconnected", "broken", "sound"):
        worst.append(found.verdict)
        found.tell(verdict, Message("x"))
    assert ["sound", "sound", "warning", "unconnected", "broken"] == worst
