import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from klarsyn.register.changes.identity import BEFORE, Renames, folded, renamed, renames
from klarsyn.register.changes.tree import ORDER
from klarsyn.register.facts import Fact
from tests.register import builders
from tests.register.builders import ELEMENTS, PURPOSES, VENDOR, edited

GAP: Fact[str] = Fact()


def fact(value):
    """Return a fact, or the gap."""
    return Fact(value=value, source="own") if value else GAP


def vendor(name, entity=None, registration=None):
    """Return a vendor by what tells who it is."""
    made = builders.register().vendors["postdesk"]
    return replace(
        made,
        name=name,
        entity=replace(made.entity, name=fact(entity), registration=fact(registration)),
    )


def paired(old, new):
    """Return which vendors of an old version are which of a new one."""
    register = builders.register()
    return dict(
        renames(
            dataclasses.replace(register, vendors=old), dataclasses.replace(register, vendors=new)
        ).vendors
    )


# Vendors


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (("Postdesk",), ("Postdesk",), True),
        (("Postdesk",), ("POSTDESK!",), True),
        (("Postdesk",), ("Helpwell",), False),
        (("Postdesk", "Postdesk ApS"), ("Helpwell", "Postdesk ApS"), True),
        (("Postdesk", "Postdesk ApS"), ("Helpwell", "postdesk aps."), True),
        (("Postdesk", "A", "1"), ("Helpwell", "B", "1"), True),
        (("Postdesk", "A", "CVR 1"), ("Helpwell", "B", "cvr-1"), True),
        (("Postdesk", "A", "1"), ("Helpwell", "A", "2"), False),
        (("Postdesk", "A", "1"), ("Helpwell", "A"), True),
        (("Postdesk", "A"), ("Helpwell", "B"), False),
    ],
)
def test_vendor_under_another_id_is_the_same_by_entity_or_name(before, after, same):
    """
    By the registration number where both know it, else by the entity's name; or by its own name.
    """
    found = paired({"old": vendor(*before)}, {"new": vendor(*after)})

    assert ({"old": "new"} if same else {}) == found


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (("Postdesk",), ("Postdesk Nordic",), True),
        (("Postdesk Nordic",), ("Postdesk",), True),
        (("Postdesk",), ("Postdsek",), True),
        (("Postdesk",), ("Helpwell",), False),
        (("Postdesk", "A", "1"), ("Postdesk", "B", "2"), True),
        (("Postdesk", "A", "1"), ("Helpwell", "B", "2"), False),
        (("Postdesk", "A", "1"), ("Helpwell", "B", "1"), True),
        (("Postdesk", "A"), ("Helpwell",), False),
        (("abcd",), ("abcx",), True),  # three quarters
        (("abcd",), ("abyx",), False),
    ],
)
def test_file_holds_another_vendor_where_nothing_is_alike(before, after, same):
    """
    Neither the entity nor anything like the name: then the file was taken over.
    """
    found = paired({"one": vendor(*before)}, {"one": vendor(*after)})

    assert ({} if same else {"one": "one" + BEFORE}) == found


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_likeness_of_names_has_no_direction(one, other):
    """
    A change and the way back are judged alike.
    """
    there = paired({"a": vendor(one)}, {"a": vendor(other)})
    back = paired({"a": vendor(other)}, {"a": vendor(one)})

    assert there == back


def test_vendors_that_change_files_are_each_still_themselves():
    """
    Two files exchanged are two renamings, and nothing of substance.
    """
    one, other = vendor("Postdesk", "A"), vendor("Helpwell", "B")

    assert {"a": "b", "b": "a"} == paired({"a": one, "b": other}, {"a": other, "b": one})


def test_name_is_looked_at_before_the_entity():
    """
    Of two products of one firm each stays what it is called.
    """
    one, other = vendor("Mail", "Firm"), vendor("Chat", "Firm")

    assert {"a": "y", "b": "x"} == paired({"a": one, "b": other}, {"x": other, "y": one})


def test_vendor_is_paired_once():
    """
    One of two that look the same is the same; the other one went.
    """
    assert {"a": "x"} == paired({"a": vendor("Mail"), "b": vendor("Mail")}, {"x": vendor("Mail")})


# Elements and purposes


def both(file, find, *changes):
    """Return the renames between the small register and one with a text replaced throughout."""
    files = {name: text.replace(*find) for name, text in edited(*changes).items()}
    return renames(builders.register(), builders.load(files))


def test_element_with_the_same_label_and_meaning_is_the_same():
    """
    Wherever its id stands.
    """
    assert {"person.email": "contact.email"} == both(
        ELEMENTS, ("person.email", "contact.email")
    ).elements


@pytest.mark.parametrize(
    "change",
    [
        builders.swap(
            ELEMENTS,
            "{en: E-mail address}\n    about: person",
            "{en: E-mail address}\n    about: company",
        ),
        builders.swap(ELEMENTS, "{en: E-mail address}", "{en: Address for letters}"),
        builders.after(ELEMENTS, "label: {en: E-mail address}", "    sensitivity: national-id\n"),
    ],
    ids=["whose", "label", "sensitivity"],
)
def test_element_with_another_meaning_or_label_is_another(change):
    """
    A new id with a new label, or about somebody else, is a new element.
    """
    assert {} == both(ELEMENTS, ("person.email", "contact.email"), change).elements


def test_purpose_with_the_same_label_and_basis_is_the_same():
    """
    And with another legal basis it is another.
    """
    register = builders.register()
    named = [
        builders.swap(PURPOSES, "  support:\n", "  helpdesk:\n"),
        builders.swap(VENDOR, "purpose: support", "purpose: helpdesk"),
    ]
    basis = builders.swap(PURPOSES, "6-1-b-contract", "6-1-a-consent")

    assert {"support": "helpdesk"} == renames(register, builders.register(*named)).purposes
    assert {} == renames(register, builders.register(*named, basis)).purposes


def test_nothing_renamed_is_nothing():
    """
    Renames are false where every id is as it was.
    """
    assert not renames(builders.register(), builders.register())
    assert Renames(elements={"a": "b"})


# The old version under its new ids


def test_ids_are_replaced_wherever_they_stand():
    """
    As keys, in entries, in orders, in groups, at conduits, at score cards; a number stays.
    """
    held = {"element": "a", "includes": ["b", "c"]}
    old: dict[str, Any] = {
        "elements.yaml": {"elements": {"a": 1, "b": 2}},
        "purposes.yaml": {"purposes": {"p": 1}, "data_subjects": {}},
        "scores/s.yaml": {"elements": ["b", "c"]},
        "company.yaml": {"name": "a"},
        "vendors/v.yaml": {
            "name": "v",
            "processing": {
                "p": {
                    "purpose": "p",
                    "conduit_for": {"value": ["v", "w"], "source": "own"},
                    "elements": {"a": held, ORDER: ["a"]},
                },
                "p#2": {"purpose": "p"},
                ORDER: ["p", "p#2"],
            },
        },
    }
    pairs = Renames(vendors={"v": "V"}, elements={"a": "A", "b": "B"}, purposes={"p": "P"})
    vendor_now = {
        "name": "v",
        "processing": {
            "P": {
                "purpose": "P",
                "conduit_for": {"value": ["V", "w"], "source": "own"},
                "elements": {"A": {"element": "A", "includes": ["B", "c"]}, ORDER: ["A"]},
            },
            "P#2": {"purpose": "P"},
            ORDER: ["P", "P#2"],
        },
    }

    assert {
        "elements.yaml": {"elements": {"A": 1, "B": 2}},
        "purposes.yaml": {"purposes": {"P": 1}, "data_subjects": {}},
        "scores/s.yaml": {"elements": ["B", "c"]},
        "company.yaml": {"name": "a"},
        "vendors/V.yaml": vendor_now,
    } == renamed(old, pairs)


def test_score_card_named_like_a_vendor_keeps_its_name():
    """
    Only vendors' files take another name.
    """
    files: dict[str, Any] = {"scores/v.yaml": {"elements": []}, VENDOR: {"processing": {ORDER: []}}}

    assert {"scores/v.yaml", VENDOR} == set(renamed(files, Renames(vendors={"v": "w"})))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Granit Data B.V.", "granitdatabv"),
        ("STRASSE", "straße".casefold()),
        ("–", ""),
        ("Å 1", "å1"),
    ],
)
def test_letters_and_digits_are_what_counts(text, expected):
    """
    In small letters, of every alphabet.
    """
    assert expected == folded(text)
