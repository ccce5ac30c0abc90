"""
The hand-made notes are what their README.md says, whatever a recogniser makes of them.
"""

import json
import re
from collections import Counter
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest
from stdnum import iban, luhn
from stdnum.dk import cpr, cvr
from stdnum.eu import vat
from stdnum.gb import vat as gb_vat
from stdnum.no import fodselsnummer, kontonr, mva
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr as se_orgnr
from stdnum.se import personnummer

NOTES = Path(__file__).with_name("notes")
README = (NOTES / "README.md").read_text(encoding="utf-8")
FILES = {
    language: [
        json.loads(line)
        for line in (NOTES / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for language in ("sv", "da", "nb", "en")
}
EVERY = [note for notes in FILES.values() for note in notes]
#: Label -> how many spans of it the set has at least.
LEAST = {
    "PERSON": 120,
    "ORG": 60,
    "EMAIL": 50,
    "PHONE": 50,
    "ADDRESS": 25,
    "ORGNR": 25,
    "NATID": 25,
    "SECRET": 25,
    "IP": 25,
    "BANK": 25,
    "VAT": 25,
}
EXAMPLE = re.compile(r"@([\w-]+\.)*(example|example\.(com|org|net))$")
#: Digits of a payment card: no account of a bank in the set is as long.
CARD_LENGTHS = {15, 16}
NORWEGIAN_ACCOUNT = re.compile(r"\d{4}[ .]?\d{2}[ .]?\d{5}")
GIRO = re.compile(r"\d{3,7}-\d{1,4}")
#: (id of the note, NATID) where the check digit is wrong on purpose: a list in the README.
WITHOUT_CHECK_DIGIT = re.findall(r"^- ([a-z]{2}-\d{2}): `([^`]+)`$", README, flags=re.MULTILINE)


def spans(label):
    """
    Return each span of a label as (id of its note, what it covers).
    """
    return [
        (note["id"], note["text"][span["start"] : span["end"]])
        for note in EVERY
        for span in note["spans"]
        if label == span["label"]
    ]


def digits(value):
    """
    Return the value without what groups its digits.
    """
    return re.sub(r"\D", "", value)


def is_swedish(value):
    """
    A samordningsnummer has 60 added to the day, which stdnum does not know.
    """
    number = digits(value)[-10:]
    coordination = luhn.is_valid(number) and int(number[4:6]) in range(61, 92)
    return personnummer.is_valid(value) or coordination


def is_danish(value):
    """
    The check digit is still right in most numbers; stdnum looks at the date alone.
    """
    return cpr.is_valid(value) and 0 == cpr.checksum(digits(value))


def is_norwegian(value):
    """
    Test numbers have 40 or 80 added to the month, of which stdnum knows 40.
    """
    number = digits(value)
    return (
        11 == len(number)
        and int(number[2:4]) % 40 in range(1, 13)
        and number[9] == fodselsnummer.calc_check_digit1(number)
        and number[10] == fodselsnummer.calc_check_digit2(number)
    )


def is_vat(value):
    """
    Norway is not in the union, and has a module of its own.
    """
    number = re.sub(r"\s", "", value)
    if number.startswith("GB"):
        return gb_vat.is_valid(number)
    return mva.is_valid(number) if number.endswith("MVA") else vat.is_valid(number)


def is_payment(value):
    """
    An IBAN, a card, a Norwegian account, bankgiro and plusgiro have check digits; the rest not.
    """
    number = digits(value)
    if value[:2].isalpha():
        return iban.is_valid(value)
    if NORWEGIAN_ACCOUNT.fullmatch(value):
        return kontonr.is_valid(number)
    if len(number) in CARD_LENGTHS or GIRO.fullmatch(value):
        return luhn.is_valid(number)
    return True


@pytest.mark.parametrize("language", FILES)
def test_file_has_75_notes_of_its_language(language):
    """
    Four languages weigh the same; about 15 of the Norwegian notes are in nynorsk.
    """
    languages = Counter(note["lang"] for note in FILES[language])

    assert 75 == len(FILES[language])
    assert {"nb": 60, "nn": 15} == languages if "nb" == language else {language: 75} == languages


def test_note_has_its_fields_and_an_id_of_its_own():
    """
    The form is the one of the development sets, and the kind beside it.
    """
    assert 300 == len({note["id"] for note in EVERY})
    assert {("id", "lang", "kind", "text", "spans")} == {tuple(note) for note in EVERY}
    assert [] == [
        note["id"] for lang, notes in FILES.items() for note in notes if lang != note["id"][:2]
    ]


@pytest.mark.parametrize("language", FILES)
def test_kinds_are_about_a_quarter_each(language):
    """
    A ticket, what sales wrote down, a reminder and a chat read differently.
    """
    kinds = Counter(note["kind"] for note in FILES[language])

    assert {"support", "crm", "reminder", "chat"} == set(kinds)
    assert min(kinds.values()) >= 15


def test_texts_are_between_five_and_150_words():
    """
    Short ones too: a chat message is often one line.
    """
    assert [] == [n["id"] for n in EVERY if len(n["text"].split()) not in range(5, 151)]


def test_no_text_comes_twice():
    """
    Each note is a situation of its own.
    """
    assert len(EVERY) == len({note["text"] for note in EVERY})


@pytest.mark.parametrize("language", FILES)
def test_about_a_third_has_nothing_to_find(language):
    """
    A recogniser that finds something in everything is of no use.
    """
    empty = [note for note in FILES[language] if not note["spans"]]

    assert len(empty) in range(20, 31)


@pytest.mark.parametrize("note", EVERY, ids=lambda note: note["id"])
def test_spans_stand_in_order_within_the_text(note):
    """
    No span reaches over another, out of the text or into blanks.
    """
    bounds = [(span["start"], span["end"]) for span in note["spans"]]
    covered = [note["text"][start:end] for start, end in bounds]

    assert [] == [one for one in bounds if not 0 <= one[0] < one[1] <= len(note["text"])]
    assert [] == [(one, other) for one, other in pairwise(bounds) if one[1] > other[0]]
    assert [one.strip() for one in covered] == covered
    assert {"start", "end", "label"} == {
        key for span in note["spans"] for key in span
    } or not bounds
    assert set() == {span["label"] for span in note["spans"]} - set(LEAST)


@pytest.mark.parametrize(("label", "least"), LEAST.items())
def test_label_comes_often_enough(label, least):
    """
    Enough of each label, in every language.
    """
    found = spans(label)

    assert len(found) >= least
    assert set(FILES) == {identifier[:2] for identifier, _ in found}


def test_email_is_nobodys():
    """
    RFC 2606 and RFC 6761 keep these domains for examples.
    """
    assert [] == [one for one in spans("EMAIL") if not EXAMPLE.search(one[1])]


def test_ip_is_nobodys():
    """
    Python counts the ranges for documentation among the private ones.
    """
    assert [] == [one for one in spans("IP") if not ip_address(one[1]).is_private]


def test_national_id_passes_its_check_digits():
    """
    Except where the README says so: Denmark gives out numbers without since 2007.
    """
    wrong = [
        (identifier, value)
        for identifier, value in spans("NATID")
        if not (is_swedish(value) or is_danish(value) or is_norwegian(value))
    ]

    assert WITHOUT_CHECK_DIGIT == wrong


def test_organisation_number_passes_its_check_digit():
    """
    Of Sweden, Denmark or Norway, invented all the same.
    """
    countries = (se_orgnr, cvr, no_orgnr)

    assert [] == [one for one in spans("ORGNR") if not any(c.is_valid(one[1]) for c in countries)]


def test_vat_number_passes_its_check_digits():
    """
    A Norwegian one is the organisation's number and MVA.
    """
    assert [] == [one for one in spans("VAT") if not is_vat(one[1])]


def test_account_or_card_passes_its_check_digits():
    """
    Where there are any: Danish accounts, and Swedish ones with a clearing number, have none.
    """
    assert [] == [one for one in spans("BANK") if not is_payment(one[1])]
