import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import KnownPeople, recognise
from klarsyn.recognition.known import company_variants, same_emails, same_orgnr, same_phones

ROWS = [
    {"name": "Åsa Qvibyl", "email": "asa.qvibyl@rör.example", "phone": "+46701740605"},
    {"name": "Bjørn-Ole Vrangsø", "email": "bjo@gmail.example", "phone": "22 34 56 78"},
    {"company": "Xyllems rør A/S", "orgnr": "988077917"},
    {"name": "Anna Maria Zetterqvast"},
    {"name": "Ann Vrangsø"},
    {"company": "Gnistrande El & Skog AB (publ)"},
]
WAYS = [
    ("Åsa Qvibyl", 0, "Åsa Qvibyl"),
    ("åsa qvibyl", 0, "åsa qvibyl"),
    ("ÅSA QVIBYL", 0, "ÅSA QVIBYL"),
    ("Åsa Qvibyls", 0, "Åsa Qvibyl"),
    ("Qvibyl, Åsa", 0, "Qvibyl, Åsa"),
    ("Asa Qvibyl", 0, "Asa Qvibyl"),
    ("Aasa Qvibyl", 0, "Aasa Qvibyl"),
    ("A\u030asa Qvibyl", 0, "A\u030asa Qvibyl"),
    ("Å. Qvibyl", 0, "Å. Qvibyl"),
    ("Åsa Qviybl", 0, "Åsa Qviybl"),
    ("Åsa Qviby", 0, "Åsa Qviby"),
    ("Bjoern-Ole Vrangsoe", 1, "Bjoern-Ole Vrangsoe"),
    ("Bjorn Ole Vrangso", 1, "Bjorn Ole Vrangso"),
    ("Vrangsø, Bjørn-Ole", 1, "Vrangsø, Bjørn-Ole"),
    ("Xyllems rør A/S", 2, "Xyllems rør A/S"),
    ("xyllems rør", 2, "xyllems rør"),
    ("Gnistrande El & Skog", 5, "Gnistrande El & Skog"),
    ("ASA.QVIBYL@RÖR.EXAMPLE", 0, "ASA.QVIBYL@RÖR.EXAMPLE"),
    ("asa.qvibyl+faktura@rör.example", 0, "asa.qvibyl+faktura@rör.example"),
    ("070-174 06 05", 0, "070-174 06 05"),
    ("0046701740605", 0, "0046701740605"),
    ("2234 5678", 1, "2234 5678"),
    ("988 077 917", 2, "988 077 917"),
    ("NO988077917MVA", 2, "NO988077917MVA"),
]
STRANGERS = [
    "Åsa Zetterqvast",
    "Maria Qvibyl",
    "Åsa. Qvibyl",
    "Åsa och Qvibyl",
    "Qvibyl Åsa",
    "B. Qvibyl",
    "osa.qvibyl@rör.example",
    "070-174 06 06",
]


@pytest.fixture(scope="module", params=[True, False], ids=["numpy", "plain"])
def known(request):
    """The rows, with either index."""
    return KnownPeople.build(ROWS, fast=request.param)


def found(text, known):
    """Return (row, text) of the known people in a text."""
    findings = recognise([text], known=known, categories=["EMAIL"])
    return [(one.known, text[one.start : one.end]) for one in findings if one.known >= 0]


@pytest.mark.parametrize(("text", "row", "written"), WAYS, ids=[text for text, _, _ in WAYS])
def test_every_way_of_writing_is_found(text, row, written, known):
    """
    Case, genitive, reversed, without accents, one typo, initial, form of company, number, mail.
    """
    assert [(row, written)] == found(f"Talte med {text} - i dag", known)


@pytest.mark.parametrize("text", STRANGERS)
def test_strangers_are_not_known(text, known):
    """
    Two real names are not taken for a third.
    """
    assert [] == found(f"Talte med {text} - i dag", known)


def oracle(text, rows):
    """
    Return the rows whose names stand in a text, folded, word by word: slow and plain to see.

    Only ASCII, without typos, initials and company forms.
    """
    words = re.findall(r"[a-z0-9]+|[^a-z0-9]+", text.lower())
    spoken = [word for word in words if word.isalnum()]
    out = set()
    for n, row in enumerate(rows):
        name = row["name"].lower().split()
        for at in range(len(spoken)):
            part = spoken[at : at + len(name)]
            genitive = [*part[:-1], part[-1].removesuffix("s")] if len(part[-1]) > 3 else part
            if name in (part, genitive):
                out.add(n)
    return out


WORDS = ["Ada", "Bos", "Ceda", "Dens", "Ees", "Ceders"]
NAMES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(" ".join)


@given(
    st.lists(NAMES, min_size=1, max_size=6, unique=True),
    st.lists(st.sampled_from([*WORDS, "cedas", "denss", "x"]), max_size=12).map(" ".join),
)
def test_names_are_those_of_an_exact_oracle(names, text):
    """
    Every row found stands in the text; every name that stands there is inside a finding.
    """
    rows = [{"name": name} for name in names]
    known = KnownPeople.build(rows, fast=True)
    findings = [
        one
        for one in recognise([text], known=known, categories=["EMAIL"])
        if one.rule in {"known-name", "known-name-genitive"}
    ]
    expected = oracle(text, rows)

    assert {one.known for one in findings} <= expected
    assert bool(findings) == bool(expected)


@given(
    st.lists(NAMES, max_size=6),
    st.lists(
        st.sampled_from([*WORDS, "Cedda", "Deins", "A.", "Ees,", "&", "Bo's", "Ådå", "\n"]),
        max_size=12,
    ).map(" ".join),
)
def test_both_indexes_find_the_same(names, text):
    """
    Typos, initials and reversed names too.
    """
    rows = [{"name": name, "company": f"{name} AB"} for name in names]
    fast, plain = (KnownPeople.build(rows, fast=choice) for choice in (True, False))

    assert list(recognise([text], known=plain)) == list(recognise([text], known=fast))


def test_the_first_of_several_rows_is_named():
    """
    Two customers of one name.
    """
    known = KnownPeople.build([{"name": "Åsa Qvibyl"}, {"name": "Asa Qvibyl"}])

    assert [(0, "asa qvibyl")] == found("asa qvibyl", known)


def test_nobody_known_is_no_error():
    """
    An empty source, rows with nothing in them.
    """
    assert [] == found("Åsa Qvibyl", KnownPeople.build([]))
    assert [] == found("Åsa Qvibyl", KnownPeople.build([{}, {"name": "", "email": ""}]))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("A.B+x@Rör.example", ["a.b+x@rör.example", "a.b@rör.example"]),
        ("a.b@googlemail.com", ["ab@gmail.com"]),
        ("nobody", []),
    ],
)
def test_spellings_of_an_address(address, expected):
    """
    As it stands, then without its tag.
    """
    assert expected == same_emails(address)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+46 (0)70-174 06 05", "+46701740605"),
        ("0701740605", "+46701740605"),
        ("22345678", "+4522345678"),
        ("22345678", "+4722345678"),
    ],
)
def test_spellings_of_a_number(number, expected):
    """
    Without a calling code one for each country it may be of.
    """
    assert expected in same_phones(number)
    assert () == same_phones("12")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("SE556036079301", "5560360793"),
        ("165560360793", "5560360793"),
        ("988 077 917 MVA", "988077917"),
    ],
)
def test_spellings_of_an_organisation_number(number, expected):
    """
    Digits, without what a VAT number adds.
    """
    assert expected == same_orgnr(number)


def test_companies_lose_their_form():
    """
    But not their whole name.
    """
    assert ["Rör AB"] == company_variants("Rör AB")[:1]
    assert "Xyllems Bygg" in company_variants("Xyllems Bygg AB (publ)")
    assert ["AB AB"] == company_variants("AB AB")


PREFIXES = ["", "0", "00", "+", "+46", "+45 ", "+358", "0046", "+46 (0)", "(0", "16", "+460", "+00"]


@given(st.sampled_from(PREFIXES), st.text("0126", min_size=1, max_size=11), st.data())
def test_numbers_ruled_out_by_their_ending_are_nobodys(prefix, rest, data):
    """
    The last seven digits only save looking: the answer is that of the dictionary alone.
    """
    known = KnownPeople.build([{"phone": prefix + rest}, {"orgnr": rest}], fast=False)
    every = replace(known, endings=bytearray(b"\xff" * len(known.endings)))
    asked = data.draw(st.sampled_from(PREFIXES)) + rest[data.draw(st.integers(0, 2)) :]

    assert every.number(asked) == known.number(asked)
