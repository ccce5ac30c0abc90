import pytest
from babel.messages.pofile import read_po

from klarsyn.language.falsefriends import SUBCONTRACTOR, Where, false_friends
from tests.publication.papers.desk import every
from tests.publication.sites import EXAMPLES, LANGUAGES

LOCALES = EXAMPLES.parent / "src" / "klarsyn" / "locales"
#: Texts that are about the wrong word: they have to say it.
ABOUT_THE_WORD = (
    "{text} uses {word}, which means subcontractor; the legal term is {term}",
    "A subcontractor is a matter of contract law.",
)
#: Where a paper speaks of one of the two ways to object, and only of that.
OBJECTIONS: dict[str, Where] = {"danish-clauses": "art-28", "recipients": "art-21"}


@pytest.mark.parametrize(
    ("language", "where", "text", "word", "instead"),
    [
        ("sv", "anywhere", "Våra underleverantörer", "underleverantör", "underbiträde"),
        ("sv", "anywhere", "ett databehandlingsavtal", "databehandlingsavtal", "personuppgiftsbi"),
        ("da", "anywhere", "en databehandlingsaftale", "databehandlingsaftale", "databehandlera"),
        ("da", "anywhere", "Underleverandører", "Underleverandør", "underdatabehandler"),
        ("nb", "anywhere", "databehandlingsavtale", "databehandlingsavtale", "databehandleravtale"),
        ("nb", "art-28", "du kan protestere", "protest", "motsette seg"),
        ("nb", "art-21", "du kan motsette seg", "motsette seg", "protestere"),
        ("de", "anywhere", "Subunternehmer", "Subunternehm", "Unterauftragsverarbeiter"),
        ("de", "anywhere", "Unterauftragnehmer", "Unterauftragnehmer", "Unterauftragsver"),
        ("de", "art-28", "Widerspruch einlegen", "Widerspr", "Einspruch"),
        ("de", "art-21", "Einspruch erheben", "Einspruch", "Widerspruch"),
        ("fi", "anywhere", "alihankkijamme", "alihankkija", "alikäsittelijä"),
        ("en", "anywhere", "our subcontractors", "subcontractor", "sub-processor"),
        ("en", "anywhere", "ask Datatilsynet.", "Datatilsynet", "Datatilsynet ("),
    ],
)
def test_false_friend_is_found(language, where, text, word, instead):
    """
    The word as it stands there, and the term that is meant.
    """
    ((found, friend),) = false_friends(text, language, where)

    assert word == found
    assert friend.instead.startswith(instead)


@pytest.mark.parametrize(
    ("language", "where", "text"),
    [
        ("nb", "anywhere", "du kan protestere eller motsette seg"),
        ("de", "anywhere", "Widerspruch und Einspruch"),
        ("en", "anywhere", "Datatilsynet (Denmark), https://www.datatilsynet.dk"),
        ("da", "anywhere", "Datatilsynets (Danmark) vejledning"),
        ("sv", "anywhere", "underbiträde, personuppgiftsbiträdesavtal"),
        ("nb", "anywhere", "protokoll over behandlingsaktiviteter"),
    ],
)
def test_right_term_is_left_alone(language, where, text):
    """
    What is right somewhere is wrong only in the other place.
    """
    assert [] == list(false_friends(text, language, where))


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_catalogue_has_no_false_friend(language):
    """
    Every text of the program, but for two that are about the word itself.
    """
    with (LOCALES / language / "LC_MESSAGES" / "klarsyn.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    found = [
        (word, message.id)
        for message in catalogue
        if message.id and not str(message.id).startswith(ABOUT_THE_WORD)
        for text in ([message.string] if isinstance(message.string, str) else message.string or ())
        for word, _ in false_friends(text, language)
    ]

    assert [] == found


def test_english_texts_have_no_false_friend():
    """
    The texts of the source are the English ones.
    """
    with (LOCALES / "klarsyn.pot").open("rb") as file:
        texts = [str(one.id) for one in read_po(file) if one.id]

    assert [] == [
        (word, text)
        for text in texts
        if not text.startswith(ABOUT_THE_WORD)
        for word, _ in false_friends(text, "en")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["nordlys", "klarpris"])
def test_papers_have_no_false_friend(name, language):
    """
    R2, R91: every word of every paper, the register's own texts included.
    """
    found = [
        (paper.name, word, friend.instead)
        for paper in every(name, language)
        for text in texts(paper)
        for word, friend in false_friends(text, language, OBJECTIONS.get(paper.name, "anywhere"))
    ]

    assert [] == found


def texts(paper):
    """Yield every text of a paper: title, headings, labels, lines, heads of tables."""
    yield paper.title
    for block in paper.blocks:
        yield getattr(block, "text", "")
        yield getattr(block, "caption", "")
        yield from getattr(block, "header", ())
        for field in getattr(block, "fields", ()):
            yield field.label
            yield from (one.text for one in field.lines)
        yield from (one.text for row in getattr(block, "rows", ()) for cell in row for one in cell)
        yield from (one.text for one in getattr(block, "lines", ()))
        if hasattr(block, "line"):
            yield block.line.text


def test_every_language_has_its_word_for_a_subcontractor():
    """
    The register's check of the earlier page needs one in each.
    """
    assert set(LANGUAGES) == set(SUBCONTRACTOR)
