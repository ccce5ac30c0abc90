import json
import unicodedata
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.journal.entries import (
    Entry,
    Json,
    Row,
    canonical,
    decoded,
    instant,
    named,
    plain,
    worded,
)
from klarsyn.personal import Personal, Secret

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def _named(values):
    names = TEXT.map(lambda text: unicodedata.normalize("NFC", text))
    return st.dictionaries(names, values, max_size=3)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | _named(inner),
    max_leaves=8,
)


def entry(**changes):
    """Return an entry."""
    usual: dict[str, Any] = {
        "number": 1,
        "previous": "ab",
        "key": "a:b:c",
        "at": "2026-11-26T09:00:00.000000Z",
        "kind": "delivery.sent",
        "vendor": "",
        "by": "",
        "facts": {"b": 1, "a": "å"},
        "rows": 0,
        "rows_root": "cd",
    }
    return Entry(**(usual | changes))


def test_text_is_sorted_and_not_spaced():
    """
    One entry has one text.
    """
    text = (
        '{"at":"2026-11-26T09:00:00.000000Z","by":"","facts":{"a":"å","b":1},"format":1,'
        '"key":"a:b:c","kind":"delivery.sent","number":1,"previous":"ab","rows":0,'
        '"rows_root":"cd","vendor":""}'
    )

    assert text == entry().text().decode()
    assert entry() == decoded(text)


@given(_named(JSON))
def test_facts_have_one_text(facts):
    """
    Any JSON without fractions is kept, in NFC, and what is read back has the same text.
    """
    text = canonical(facts)

    assert text == canonical(json.loads(text))
    assert unicodedata.is_normalized("NFC", text.decode())


def test_facts_are_in_nfc():
    """
    Two ways to write one letter are one, in names as in texts.
    """
    assert {"å": ["å"]} == plain({"a\u030a": ("a\u030a",)})
    with pytest.raises(ValueError, match="one in NFC"):
        plain({"å": 1, "a\u030a": 2})


@pytest.mark.parametrize(
    "fact", [1.5, float("nan"), b"x", object(), {1, 2}, Personal("x"), Secret("x"), [Personal("x")]]
)
def test_what_is_no_json_is_refused(fact):
    """
    A wrapped value above all, and a fraction, which readers of JSON do not agree on.
    """
    with pytest.raises(TypeError, match="an entry holds no"):
        canonical({"it": fact})


@pytest.mark.parametrize("facts", [{Personal("x"): 1}, {1: 1}, [], Personal({})])
def test_facts_are_named_by_text(facts):
    """
    A wrapped value is no name either, and facts are a mapping.
    """
    with pytest.raises(TypeError):
        canonical(facts)


@pytest.mark.parametrize("fact", [2**53, -(2**53), "\ud800"])
def test_what_others_cannot_read_is_refused(fact):
    """
    A number that a reader would round, and half a character.
    """
    with pytest.raises(ValueError, match=r"greater|surrogates"):
        canonical({"it": fact})


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("key", ""),
        ("key", "a b"),
        ("key", "a\x00"),
        ("key", "x" * 301),
        ("key", "a\u030a"),
        ("kind", "Delivery sent"),
        ("kind", "delivery."),
        ("vendor", "a\nb"),
        ("by", "anna@rör.example"),
        ("by", "Anna Lindqvist"),
    ],
)
def test_word_out_of_place_is_refused(place, word):
    """
    Staff are pseudonyms, people random ids; what was given is not repeated.
    """
    with pytest.raises(ValueError, match=f"this is no {place}") as refused:
        worded(**{place: word})

    assert not word or word not in str(refused.value)


def test_usual_words_are_let_through():
    """
    As workflows, vendors and tasks are called.
    """
    worded(key="deliver:slack:7:sent", kind="delivery.sent", vendor="e-conomic", by="staff-7")
    worded(vendor="", by="")
    named("0123456789abcdef" * 2)


@pytest.mark.parametrize("word", ["", "Anna", "0" * 31, "0" * 33, "g" * 32, "0" * 32 + "\n"])
def test_person_is_named_by_a_subject_alone(word):
    """
    A name is refused, and not repeated.
    """
    with pytest.raises(ValueError, match="this is no subject") as refused:
        named(word)

    assert not word or word not in str(refused.value)


def test_instants_are_as_long_and_in_utc():
    """
    So that text sorts as time does, whatever zone it came from.
    """
    here = datetime(2026, 11, 26, 10, tzinfo=timezone(timedelta(hours=1)))

    assert "2026-11-26T09:00:00.000000Z" == instant(here)


def test_the_same_again_is_known():
    """
    When, after what and at which number are not part of what is said.
    """
    again = entry(number=9, previous="ef", at="2027-01-01T00:00:00.000000Z")

    assert entry().says_the_same(again)
    assert not entry().says_the_same(entry(facts={}))


def test_row_is_the_canonical_text_of_subject_and_facts():
    """
    Put together from the columns, and the same as if it were written at once.
    """
    facts: dict[str, Json] = {"z": 1, "a": ["å"]}
    subject = "0123456789abcdef" * 2
    row = Row(1, 0, subject, canonical(facts).decode())

    assert canonical({"subject": subject, "facts": facts}) == row.text()


def test_strange_text_is_no_entry():
    """
    An unknown key is not overlooked.
    """
    with pytest.raises(ValueError, match="unknown field"):
        decoded(entry().text().replace(b'"rows":0', b'"more":1,"rows":0'))
