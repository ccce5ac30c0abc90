import json
from datetime import date

import pytest

from klarsyn.register.wording import printed_texts
from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    HOST,
    VENDOR,
    Case,
    Edit,
    add,
    examined,
    findings,
    line,
    register,
    said,
)

PAGE = """\
printed:
  file: page.txt
  sha256: {digits}
  language: sv
  updated: {updated}
{more}"""


def page(updated: str = "2026-09-01", **texts: str) -> Edit:
    """Let the register replace an earlier page in Swedish."""
    more = "".join(f"  {name}: {json.dumps(text)}\n" for name, text in texts.items())
    return add(COMPANY, PAGE.format(digits="0" * 64, updated=updated, more=more))


def heading(purpose: str, statement: str | None = None) -> Edit:
    """Let the earlier page print a heading for the vendor."""
    told = {"heading": f"POSTDESK ({purpose})", "purpose": purpose}
    return add(
        VENDOR, "printed: " + json.dumps(told | ({"statement": statement} if statement else {}))
    )


def row(element: str, label: str, explanation: str | None = None, file: str = VENDOR) -> Edit:
    """Let the earlier page print an element of a vendor."""
    told = json.dumps({"label": label} | ({"explanation": explanation} if explanation else {}))
    direction = "delivered" if file == VENDOR else "held-by-us-at-the-host"
    start = f"- {{element: {element}"
    return line(file, start, f"- {{element: {element}, direction: {direction}, printed: {told}}}")


NAME_TWICE = (row("person.name", "Namn"), row("person.name", "Namn", file=HOST))

CASES = [
    Case(
        "R16 heading-language",
        f"{VENDOR}: printed:",
        (page(), heading("NYHEDSBREVE")),
        (page(), heading("NYHETSBREV")),
    ),
    Case(
        "R16 text-language",
        f"{COMPANY}: intro:",
        (page(intro="Her kan du se, hvilke oplysninger vores leverandører modtager om dig."),),
        (page(intro="Här ser du vilka uppgifter som våra leverantörer får om dig."),),
    ),
    Case(
        "R16 mistyped",
        f"{VENDOR}: printed:",
        (page(), heading("IINTERN KOMMUNIKATION")),
        (page(), heading("INTERN KOMMUNIKATION")),
    ),
    Case(
        "R16 label-for-two",
        f"{VENDOR}: - {{element: person.email",
        (page(), row("person.name", "Namn"), row("person.email", "Namn")),
        (page(), row("person.name", "Namn"), row("person.email", "E-post")),
    ),
    Case(
        "R16 explained-differently",
        f"{HOST}: - {{element: person.name",
        (
            page(),
            row("person.name", "Namn", "Kundens namn."),
            row("person.name", "Namn", "Namnet i avtalet.", HOST),
        ),
        (
            page(),
            row("person.name", "Namn", "Kundens namn."),
            row("person.name", "Namn", "(kundens namn)", HOST),
        ),
        beside=("copied-by-hand",),
    ),
    Case(
        "R16 copied-by-hand",
        f"{ELEMENTS}: person.name:",
        (page(), *NAME_TWICE),
        (page(), row("person.name", "Namn")),
    ),
    Case("R49 page-stale", f"{COMPANY}: updated:", (page("2025-11-22"),), (page("2025-11-23"),)),
    Case(
        "R2 wrong-term",
        f"{COMPANY}: title:",
        (page(title="Våra underleverantörer"),),
        (page(title="Våra underbiträden"),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    """
    Each rule fires once, at its line, and is silent once the fact is there.
    """
    assert case.expected() == case.found()
    assert [] == case.left_when_answered()


def test_without_an_earlier_page_nothing_is_said_of_its_wording():
    """
    R16: the findings end when the page is gone, even where a row still keeps its text.
    """
    assert () == examined(heading("NYHEDSBREVE IINTERN")).open


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("Aktiviteter (öppnade utskick", "brackets"),
        ("Aktiviteter öppnade) utskick", "brackets"),
        ("“öppnat” eller “har klickat på", "quotation"),
        ("“öppnat” eller “klickat”", None),
        ("”öppnat” eller ”klickat”", None),
        ("IINTERN", "letter I"),
        ("Senast ändrad 25.01.2022", "25.01.2022"),
        ("Senast ändrad 2022-01-25", None),
        ("MICROSOFT\u00a0(HOSTING)", "no-break space"),
        ("(till exempel en samarbetspartner).", "full stop"),
        ("Partner (till exempel Comfort).", None),
    ],
)
def test_typing_mistakes_are_named(text, mistake):
    """
    D03: unbalanced pairs, doubled letters, foreign dates, no-break spaces, stops after brackets.
    """
    told = said("mistyped", page(outro=text))

    assert int(mistake is not None) == len(told)
    assert all(mistake in one for one in told)


def test_one_abbreviation_in_three_spellings_is_one_finding():
    """
    D03: "t ex", "tex." and "t.ex." are each in order alone, and not together.
    """
    edits = (page(intro="t ex ett", outro="t.ex. två"), heading("STÖD", "tex. tre"))
    (told,) = said("mistyped", *edits)

    assert "3 ways" in told
    assert [] == said("mistyped", page(intro="t.ex. ett", outro="t.ex. två"))


def test_page_is_stale_after_a_year():
    """
    R49, D22: the months since the last change are counted whole.
    """
    (told,) = said("page-stale", page("2022-01-25"))

    assert "57 months" in told
    assert [] == said("page-stale", page("2022-01-25"), on=date(2023, 1, 24))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("sv", "KlarPris underleverantörer"),
        ("da", "Vores underleverandører"),
        ("nb", "Våre underleverandører"),
        ("en", "Our subcontractors"),
        ("de", "Unsere Unterauftragnehmer"),
        ("fi", "Alihankkijamme"),
    ],
)
def test_subcontractor_is_the_wrong_term_in_every_language(language, title):
    """
    R2, D02: the glossary's word for a subcontractor is not the regulation's word.
    """
    edit = line(COMPANY, "language:", f"language: {language}")

    assert 1 == len(findings("wrong-term", page(title=title), edit))


def test_label_for_two_names_both_meanings():
    """
    D04: the reader sees which two things go by one word.
    """
    (told,) = said(
        "label-for-two", page(), row("person.name", "Status"), row("person.email", "Status")
    )

    assert "Status" in told
    assert "Name" in told
    assert "E-mail address" in told


def test_long_texts_are_shortened():
    """
    A finding quotes no more of a text than a line.
    """
    (told,) = said("mistyped", page(outro="(" + "ord " * 50))

    assert len(told) < 120


def test_printed_texts_are_all_looked_at():
    """
    R16: title, introduction, closing, headings, statements, labels, explanations.
    """
    edits = (
        page(title="a", intro="b", outro="c", updated_as_printed="d"),
        heading("e", "f"),
        row("person.name", "g", "h"),
    )
    texts = [text for _, text, _ in printed_texts(register(*edits))]

    assert list("abcdefgh") == sorted(texts)
