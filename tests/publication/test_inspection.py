import pytest

from klarsyn.errors import PageError
from klarsyn.publication import build, inspection
from tests.publication.sites import LANGUAGES, edition, example
from tests.register.builders import COMPANY, ELEMENTS, VENDOR, Files, add, edited, load, swap

DANISH = "De oplysninger, som vi ikke længere bruger, slettes efter et år"
SWEDISH = "De uppgifter som vi inte längre använder raderas efter ett år"


def refused(files: Files) -> list[str]:
    """Return the mistakes for which a site is not built."""
    with pytest.raises(PageError) as refusal:
        build(edition(load(files)))

    assert "page-invalid" == refusal.value.id
    assert 12 == refusal.value.exit_code
    return [str(one) for one in refusal.value.problems]


# The register's own texts


def in_swedish(text: str) -> Files:
    """Return the small register in Swedish, an element's explanation being `text`."""
    files = {
        name: content.replace("[en]", "[sv]").replace("{en: ", "{sv: ")
        for name, content in edited().items()
    }
    english = {
        "Processors of Fjordkraft": "Fjordkrafts personuppgiftsbiträden",
        "These are the processors that we use.": "Detta är de biträden som vi anlitar.",
        "Customer support": "Kundtjänst",
        "Customers": "Kunder",
        "E-mail address": "E-postadress",
        "Order score": "Orderpoäng",
        "The law asks for none.": "Lagen kräver inget.",
        "Nobody.": "Ingen.",
        "None.": "Ingen alls.",
        "A count.": "En räkning.",
        "Write to us.": "Skriv till oss.",
        "A person looks at every case.": "En person ser på varje fall.",
        "The share of orders that were paid in time.": "Andelen beställningar som betalats i tid.",
        '"If ten orders were five, the score would be half."': "Hälften ger hälften.",
        "Orders}": "Beställningar}",
        "{sv: Hosting}": "{sv: Drift}",
        "{sv: Name}": "{sv: Namn}",
    }
    for old, new in english.items():
        files = {name: content.replace(old, new) for name, content in files.items()}
    label = "label: {sv: Namn}\n"
    explained = f"{label}    explanation: {{sv: '{text}'}}\n"
    assert label in files[ELEMENTS]
    return {**files, ELEMENTS: files[ELEMENTS].replace(label, explained)}


def test_danish_in_the_swedish_place_stops_the_build():
    """
    R16: the mistake is told with its file, its line and the words that are Danish.
    """
    files = in_swedish(DANISH)
    line = files[ELEMENTS].splitlines().index(f"    explanation: {{sv: '{DANISH}'}}") + 1
    told = refused(files)

    assert 1 == len(told)
    assert told[0].startswith(f"register/elements.yaml:{line}: ")
    assert "'ikke'" in told[0]
    assert told[0].endswith("write it in Swedish")


def test_swedish_in_the_swedish_place_is_let_through():
    """
    What is right is not suspected.
    """
    assert [] == inspection.of_register(load(in_swedish(SWEDISH)))


@pytest.mark.parametrize("name", ["klarpris", "nordlys"])
def test_examples_are_in_their_languages(name):
    """
    All texts of both examples, in six languages, are where they belong.
    """
    assert LANGUAGES == tuple(example(name).company.languages)
    assert [] == inspection.of_register(example(name))


def test_every_mistake_is_told_at_once():
    """
    A text and a colour that are wrong are told together.
    """
    files = in_swedish(DANISH)
    look = 'look: {accent: "#ffff00"}\n'
    told = refused({**files, COMPANY: files[COMPANY] + look})

    assert ["register/company.yaml", "register/elements.yaml"] == [
        one.partition(":")[0] for one in told
    ]


# The rendered pages


def page(text: str, language: str = "sv") -> str:
    """Return a page with a text in its third line."""
    return f'<html lang="{language}">\n<body>\n<p>{text}</p>\n</body></html>'


def test_rendered_page_in_another_language_is_told_with_its_line():
    """
    What got past the register and the catalogue is found on the page.
    """
    told = inspection.of_pages({"sv/index.html": page(DANISH)})

    assert [("sv/index.html", 3)] == [(one.file, one.line) for one in told]
    assert "'ikke'" in str(told[0])


def test_words_that_carry_their_own_language_are_judged_by_it():
    """
    A Danish quotation on a Swedish page is right where it says that it is Danish.
    """
    assert [] == inspection.of_pages({"sv/index.html": page(f'<q lang="da">{DANISH}</q>')})
    assert 1 == len(inspection.of_pages({"sv/index.html": page(f'<q lang="nb">{SWEDISH}</q>')}))


def test_words_that_were_right_once_are_judged_again_elsewhere():
    """
    The same words, first as a Danish quotation and then as Swedish text, are told the second time.
    """
    twice = {"sv/a.html": page(f'<q lang="da">{DANISH}</q>'), "sv/b.html": page(DANISH)}

    assert ["sv/b.html"] == [one.file for one in inspection.of_pages(twice)]


def test_every_page_with_a_mistake_is_named_at_least_once():
    """
    A mistake that stands on many pages is told, with one of them at least.
    """
    both = {f"sv/{name}.html": page(DANISH) for name in "ab"}

    assert "sv/a.html" in {one.file for one in inspection.of_pages(both)}


def test_names_are_not_judged():
    """
    What is marked as not to be translated has no language.
    """
    assert [] == inspection.of_pages({"sv/index.html": page(f'<b translate="no">{DANISH}</b>')})


# Colours


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
        ("#ffff00", "#ffffff", 1.07),
        ("#123456", "#123456", 1),
    ],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    """
    Known vectors of WCAG's relative luminance, whichever colour comes first.
    """
    assert expected == pytest.approx(inspection.contrast(one, other), abs=0.005)
    assert inspection.contrast(one, other) == inspection.contrast(other, one)


@pytest.mark.parametrize(
    ("look", "told"),
    [
        ('{accent: "#777777"}', "#777777 on #ffffff has a contrast of 4.5"),
        ('{accent: "#ffff00"}', "#ffff00 on #ffffff has a contrast of 1.1"),
        ('{accent_dark: "#333333"}', "#333333 on #12161c has a contrast of 1.4"),
    ],
)
def test_faint_accent_stops_the_build(look, told):
    """
    A link that is hard to read is not published; the line and the least contrast are told.
    """
    files = edited(add(COMPANY, f"look: {look}\n"))
    mistakes = refused(files)

    assert 1 == len(mistakes)
    assert mistakes[0].startswith(f"register/company.yaml:{len(files[COMPANY].splitlines())}: ")
    assert told.partition(" has")[0] in mistakes[0]
    assert mistakes[0].endswith("take a colour with at least 4.5")


def test_contrast_told_is_below_the_least():
    """
    "a contrast of 4.5, take at least 4.5" would puzzle: what is told is cut, not rounded up.
    """
    told = refused(edited(add(COMPANY, 'look: {accent: "#777777"}\n')))[0]

    assert "a contrast of 4.5:" not in told


@pytest.mark.parametrize("accent", ["#767676", "#0a6b4f"])
def test_readable_accent_is_let_through(accent):
    """
    4.5 to 1 and more can be read.
    """
    assert [] == inspection.of_register(
        load(edited(add(COMPANY, f'look: {{accent: "{accent}"}}\n')))
    )


def test_english_name_of_a_vendor_is_no_mistake():
    """
    A vendor's name may be a word of any language.
    """
    files = edited(swap(VENDOR, "name: Postdesk\n", "name: Ikke Kundernas\n"))

    assert build(edition(load(files))).pages
