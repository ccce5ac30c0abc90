from datetime import date

import pytest
from markupsafe import Markup

from klarsyn.errors import Message, Quote, said
from klarsyn.publication.voice import Shown, Voice
from klarsyn.register.facts import Fact, Source
from tests.publication.sites import LANGUAGES

OWN = Source(what="our records", as_of="2026", basis="own")
MEMORY = Source(what="memory", as_of="2026", basis="memory")


@pytest.fixture
def voice():
    """An English voice that knows a good source and a weak one."""
    return Voice("en", {"own": OWN, "memory": MEMORY})


# Periods


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("P1Y", "1 year"),
        ("P7Y", "7 years"),
        ("P1M", "1 month"),
        ("P6M", "6 months"),
        ("P1W", "1 week"),
        ("P2W", "2 weeks"),
        ("P1D", "1 day"),
        ("P30D", "30 days"),
        ("P1Y6M", "1 year and 6 months"),
        ("P1Y6M2D", "1 year, 6 months and 2 days"),
    ],
)
def test_period_is_in_words(voice, period, words):
    """
    A period of ISO 8601 as a person says it.
    """
    assert words == voice.period(period)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ["1 månad", "30 dagar", "2 år"]),
        ("da", ["1 måned", "30 dage", "2 år"]),
        ("nb", ["1 måned", "30 dager", "2 år"]),
        ("en", ["1 month", "30 days", "2 years"]),
        ("de", ["1 Monat", "30 Tage", "2 Jahre"]),
        ("fi", ["1 kuukausi", "30 päivää", "2 vuotta"]),
    ],
)
def test_period_is_in_words_of_each_language(language, words):
    """
    One and many by each language's own rule.
    """
    speak = Voice(language)
    said_so = [speak.period(one).replace("\xa0", " ") for one in ("P1M", "P30D", "P2Y")]

    assert words == said_so


# Facts


def told(shown: Shown) -> tuple[str, str]:
    """Return the words of a fact and how sure they are."""
    return shown.text, shown.state


def test_fact_of_a_good_source_is_known(voice):
    """
    A verified fact is its words.
    """
    assert ("42", "known") == told(voice.fact(Fact(value=42, source="own")))


@pytest.mark.parametrize("source", ["memory", "nowhere"])
def test_fact_of_a_weak_source_is_not_verified(voice, source):
    """
    Memory verifies nothing, and neither does a source that is not there.
    """
    assert ("42", "unverified") == told(voice.fact(Fact(value=42, source=source)))


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (None, "not yet known"),
        (
            Fact(not_yet_known_until=date(2027, 2, 1)),
            "not yet known (to be known by 1 February 2027)",
        ),
    ],
)
def test_gap_says_so(voice, fact, words):
    """
    What is not known is said, with the day where there is one.
    """
    assert (words, "unknown") == told(voice.fact(fact))


def test_value_is_said_by_its_own_words(voice):
    """
    False is a value, not a gap.
    """
    answers = {True: "yes", False: "no"}

    assert "no" == voice.fact(Fact(value=False, source="own"), answers.__getitem__).text
    assert "known" == voice.fact(Fact(value=False, source="own"), answers.__getitem__).state


def test_name_is_free_of_language_and_address_is_a_link(voice):
    """
    Names are marked so that nobody translates them; an https address can be followed.
    """
    name = voice.fact(Fact(value="Visma A/S", source="own"), name=True)
    address = voice.fact(Fact(value="https://visma.example", source="own"), name=True)

    assert name.language_free
    assert "" == name.href
    assert "https://visma.example" == address.href


@pytest.mark.parametrize("text", ["javascript:alert(1)", "http://visma.example", "mailto:a@b"])
def test_only_https_addresses_become_links(voice, text):
    """
    Nothing else that looks like an address can be followed.
    """
    assert "" == voice.fact(Fact(value=text, source="own")).href


def test_voice_about_another_file_keeps_its_language(voice):
    """
    The sources change, the language stays.
    """
    other = voice.about({"own": MEMORY})

    assert "en" == other.language
    assert "unverified" == other.fact(Fact(value=1, source="own")).state


# Lists, days, countries


def test_countries_are_named_and_joined():
    """
    Codes become names in the language, with its own "and".
    """
    assert "Irland och Nederländerna" == Voice("sv").countries(["IE", "NL"])
    assert "Ireland" == Voice("en").countries("IE")
    assert "a, b and c" == Voice("en").list(["a", "b", "c"])
    assert "1 March 2026" == Voice("en").day(date(2026, 3, 1))


# Messages of findings


def test_quotation_keeps_its_own_language(voice):
    """
    Words of the earlier page stand as a quotation in Swedish, whatever the page speaks.
    """
    message = said("it says {words}", words=Quote("Senast uppdaterad", "sv"))

    assert 'it says <q lang="sv" translate="no">Senast uppdaterad</q>' == voice.message(message)


@pytest.mark.parametrize(
    "fact",
    [
        "<b>&\"'",
        Quote("<b>&\"'", "sv"),
        ["<b>&\"'"],
        {"en": "<b>&\"'"},
        Message("<b>&\"'"),
        Message("{inner}", {"inner": "<b>&\"'"}),
    ],
    ids=["text", "quotation", "list", "texts", "message", "message in a message"],
)
def test_facts_of_a_message_are_escaped_once(voice, fact):
    """
    Whatever kind a fact is, its signs are words in the page.
    """
    html = voice.message(Message("{fact}", {"fact": fact}))

    assert isinstance(html, Markup)
    assert "&lt;b&gt;&amp;&#34;&#39;" in html
    assert "<b>" not in html


def test_braces_in_a_fact_stay_braces(voice):
    """
    A fact is never read as a template.
    """
    message = said("{one} and {other}", one="{other}", other="{one} {{ }}")

    assert "{other} and {one} {{ }}" == voice.message(message)


def test_list_in_a_message_is_joined(voice):
    """
    A list of facts reads as a sentence does, quotations and messages inside it.
    """
    many = [said("name"), Quote("x", "sv"), "c & d"]

    assert 'name, <q lang="sv" translate="no">x</q> and c &amp; d' == voice.message(
        Message("{many}", {"many": many})
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_voice(language):
    """
    A voice can be made for each of the six, and says at least what a gap is.
    """
    gap = Voice(language).fact(Fact(not_yet_known_until=date(2027, 2, 22)))

    assert "unknown" == gap.state
    assert "2027" in gap.text
    assert "{" not in gap.text
