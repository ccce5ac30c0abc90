from typing import Any

import pytest
from hypothesis import given

from klarsyn.language import foreign, mismatch
from klarsyn.publication import changewords
from klarsyn.publication.changewords import KINDS, sentence
from klarsyn.publication.voice import Voice
from klarsyn.register import changes
from klarsyn.register.changes import Change, diff
from tests.publication.sites import LANGUAGES, example
from tests.publication.test_words import literals
from tests.register import builders
from tests.register.builders import VENDOR, register, swap
from tests.register.changes import mutated
from tests.register.changes.pairs import NAMES, pair

NORDLYS = example("nordlys")
SAME = diff(NORDLYS, NORDLYS)

US = "Ground of transfer, United States: "
DPF = (("mechanism", "dpf"), ("entity", "Puffinpost"), ("scope", "non-hr"), ("fallback", "scc"))
SCC = (("mechanism", "scc"), ("module", "c2p"), ("since", "2026-01-01"), ("until", "2026-12-31"))
NATURE = {
    "sv": "Skickar brevet",
    "da": "Sender brevet",
    "nb": "Sender brevet",
    "en": "Sends the letter",
    "de": "Verschickt den Brief",
    "fi": "Lähettää kirjeen",
}

# Each aspect, what changes, and what an English reader is told.
CASES: dict[str, Any] = {
    "wording": (
        ("editorial", ""),
        (None, None),
        "Wording, order or sources, without another meaning",
    ),
    "vendor": (
        ("added", ""),
        (None, None),
        (
            "New vendor; purpose: Internal communication; data: Name and Contact details; "
            "legal entity: Snakkebord AS; country: Norway"
        ),
    ),
    "ended": (("removed", ""), (None, "2026-11-30"), "No longer used since 30 November 2026"),
    "ends": (("removed", ""), (None, "2026-12-31"), "In use until 31 December 2026"),
    "stays": (
        ("added", ""),
        ("2026-12-31", None),
        "Stays in use; it was to end on 31 December 2026",
    ),
    "back": (("added", ""), (None, None), None),
    "chain": (
        ("added", "Granit Data B.V."),
        (None, "NL"),
        "New sub-processor of this vendor: Granit Data B.V. (Netherlands)",
    ),
    "gained": (
        ("data", "newsletter"),
        (None, ("person.name", "person.email", "person.phone")),
        "May now have, for Newsletter: Name, E-mail address and Phone number",
    ),
    "lost": (
        ("data", "newsletter"),
        (("person.name",), None),
        "May no longer have, for Newsletter: Name",
    ),
    "purpose": (
        ("purpose", "support"),
        (None, ("person.name",)),
        "Another purpose: Customer support; data: Name",
    ),
    "purpose-lost": (("purpose", "support"), ((), None), "No longer for: Customer support"),
    "declaration": (
        ("data", "support"),
        (("listed", ("person.name",)), ("none", ())),
        "Declaration (Customer support): no personal data (before: personal data are listed: Name)",
    ),
    "entity": (
        ("entity", ""),
        (
            (("name", "Puffin Inc."), ("group", None)),
            (("name", "Auk Inc."), ("group", "Auk Holding")),
        ),
        "Legal entity: Auk Inc. (before: Puffin Inc.); Group: Auk Holding",
    ),
    "entity-country": (
        ("country", ""),
        (("US",), ("DE", "US")),
        "Country of the entity: Germany and United States (before: United States)",
    ),
    "storage-country": (
        ("country", ""),
        (("SE",), ("FI",)),
        "Country of storage: Finland (before: Sweden)",
    ),
    "access-country": (("country", ""), (None, ("DE",)), "Country of access: Germany"),
    "chain-country": (
        ("country", "Granit Data B.V."),
        ("NL", "DE"),
        "Country of a sub-processor (Granit Data B.V.): Germany (before: Netherlands)",
    ),
    "chain-task": (
        ("purpose", "Granit Data B.V."),
        (NATURE, NATURE),
        "What a sub-processor does (Granit Data B.V.): Sends the letter (before: Sends the letter)",
    ),
    "applies-to": (
        ("purpose", ""),
        (NATURE, None),
        "Applies to: none (before: Sends the letter)",
    ),
    "device-access": (
        ("purpose", ""),
        (False, True),
        "Stores or reads on the visitor's device: yes (before: no)",
    ),
    "role": (
        ("purpose", "newsletter"),
        ("processor", "controller"),
        "Role (Newsletter): controller (before: processor)",
    ),
    "access": (
        ("purpose", "newsletter"),
        (True, False),
        "Has access (Newsletter): no (before: yes)",
    ),
    "storage": (("purpose", "newsletter"), (False, True), "Stores (Newsletter): yes (before: no)"),
    "nature": (
        ("purpose", "newsletter"),
        (None, NATURE),
        "What is done (Newsletter): Sends the letter",
    ),
    "frequency": (
        ("purpose", "newsletter"),
        ("occasional", "continuous"),
        "Frequency (Newsletter): continuously (before: at times)",
    ),
    "retention": (
        ("purpose", "newsletter"),
        ({"period": "P30D"}, {"criterion": NATURE, "period": "P2Y"}),
        "Kept for (Newsletter): Sends the letter; 2 years (before: 30 days)",
    ),
    "legal-basis": (
        ("purpose", "newsletter"),
        ("6-1-a-consent", "6-1-f-legitimate-interests"),
        (
            "Legal basis (Newsletter): legitimate interests, Art. 6(1)(f) "
            "(before: consent, Art. 6(1)(a))"
        ),
    ),
    "kind-of-purpose": (
        ("purpose", "newsletter"),
        ("internal", "marketing"),
        "Kind of purpose (Newsletter): marketing (before: internal work)",
    ),
    "data-subjects": (
        ("data", "newsletter"),
        (("users",), ("subscribers", "users")),
        (
            "Data subjects (Newsletter): Newsletter subscribers and Users at our customers "
            "(before: Users at our customers)"
        ),
    ),
    "direction": (
        ("data", "newsletter person.name"),
        ("entered-by-staff", "delivered"),
        "How it gets there (Name, Newsletter): we send it (before: our staff write it there)",
    ),
    "definition": (
        ("data", "customer_follow_up user.activity_score"),
        (None, "use_of_90_days"),
        (
            "Definition (Activity score, Customer follow-up): How much a user has worked in the "
            "service during the last 90 days, from 0 to 100."
        ),
    ),
    "definition-text": (
        ("data", "user.activity_score"),
        (NATURE, NATURE),
        "Definition (Activity score): Sends the letter (before: Sends the letter)",
    ),
    "form": (
        ("data", "user_accounts account.password"),
        (NATURE, None),
        "Form (Nordlys password, User accounts and login): none (before: Sends the letter)",
    ),
    "meaning": (
        ("data", "person.email"),
        (
            (("about", "person"), ("sensitivity", None)),
            (("about", "company"), ("sensitivity", "secret")),
        ),
        "E-mail address: a company and secret (before: a person and ordinary personal data)",
    ),
    "grounds": (
        ("mechanism", "US"),
        ((DPF,), (SCC,)),
        (
            f"{US}standard contractual clauses (module 2, from 1 January 2026, until "
            "31 December 2026) (before: EU-US Data Privacy Framework (Puffinpost, non-hr, "
            "otherwise standard contractual clauses))"
        ),
    ),
}


def said(aspect, language):
    """Return the sentence of an aspect's case in a language, with plain spaces."""
    (kind, subject), (before, after), _ = CASES[aspect]
    vendor = NORDLYS.vendors["snakkebord"]
    change = Change(kind, "snakkebord", vendor.name, aspect, subject, before, after)
    return sentence(change, SAME, Voice(language)).replace("\xa0", " ")


def test_each_aspect_has_a_case():
    """
    Whatever the pairs make, and whatever has a label, is tried below.
    """
    made = {
        one.aspect
        for name in NAMES
        for one in diff(pair(name).old, pair(name).new, pair(name).announced).changes
    }

    assert made | set(changewords.ASPECTS) == set(CASES)


@pytest.mark.parametrize("aspect", [one for one, case in CASES.items() if case[2]])
def test_sentence_says_what_is_so_and_what_was(aspect):
    """
    In English, word for word.
    """
    assert CASES[aspect][2] == said(aspect, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_in_their_language(language):
    """
    No word of another language is left in any of them.
    """
    told = {aspect: said(aspect, language) for aspect in CASES}

    assert {} == {aspect: words for aspect, words in told.items() if foreign(words, language)}
    assert {} == {
        aspect: other for aspect, words in told.items() if (other := mismatch(words, language))
    }


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_sentence_is_left_in_english(language):
    """
    Each differs from the English one.
    """
    assert [] == [one for one in CASES if said(one, language) == said(one, "en")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_aspects_never_read_the_same(language):
    """
    A reader can tell what changed.
    """
    told = [said(aspect, language) for aspect in CASES]

    assert len(set(told)) == len(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_kinds_differ_in_every_language(language):
    """
    Nine words for nine kinds.
    """
    voice = Voice(language)

    assert tuple(KINDS) == changes.KINDS
    assert 9 == len({voice.text(word) for word in KINDS.values()})


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_closed_sets_are_all_there_and_differ(language):
    """
    Whatever a register may say has a word.
    """
    from klarsyn.register import company, vendor

    tables = {
        "DECLARATIONS": {"listed", "incidental", "none"},
        "FREQUENCIES": {"one-off", "occasional", "continuous"},
        "PURPOSE_KINDS": literals(company, "kind"),
        "SENSITIVITIES": literals(company, "sensitivity"),
        "MODULES": literals(vendor, "module"),
    }

    for name, wanted in tables.items():
        table = getattr(changewords, name)
        told = [Voice(language).text(word) for word in table.values()] if name != "MODULES" else []
        assert wanted == set(table), name
        assert len(set(told)) == len(told), name


# Turns that the cases do not show


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("removed", "vendor", "", None, None, False), "No longer a vendor"),
        (("added", "vendor", "", None, None, True), "Listed now; no longer used"),
        (("removed", "ended", "", None, None, False), "No longer used"),
        (
            ("removed", "chain", "Granit", "NL", None, False),
            "No longer a sub-processor of this vendor: Granit (Netherlands)",
        ),
        (
            ("mechanism", "grounds", "US", (), (DPF[:1],), False),
            f"{US}EU-US Data Privacy Framework (before: none)",
        ),
        (
            ("country", "storage-country", "", ("SE",), None, True),
            "Country of storage: no longer known (before: Sweden)",
        ),
        (
            ("data", "meaning", "invoice.lines", (("group", None),), (("group", True),), False),
            "Invoice lines has another meaning",
        ),
        (
            (
                "purpose",
                "retention",
                "support",
                None,
                {"period": "P7Y", "statute": "se-bookkeeping"},
                True,
            ),
            "Kept for (Customer support): 7 years; by statute: se-bookkeeping",
        ),
        (
            ("purpose", "role", "support#2", "processor", "controller", False),
            "Role (Customer support): controller (before: processor)",
        ),
        (
            ("data", "gained", "support", None, ("gone.element",), False),
            "May now have, for Customer support: gone.element",
        ),
        (
            ("country", "storage-country", "", ("SE",), (), False),
            "Country of storage: none (before: Sweden)",
        ),
    ],
)
def test_sentence_of_a_rarer_turn(change, expected):
    """
    What went, what is only now known, what has no name any more.
    """
    kind, aspect, subject, before, after, first_told = change
    made = Change(kind, "snakkebord", "Snakkebord", aspect, subject, before, after, first_told)

    assert expected == sentence(made, SAME, Voice("en")).replace("\xa0", " ")


def test_replaced_vendor_is_named():
    """
    With the facts of who takes its place.
    """
    made = Change("replaced", "snakkebord", "Snakkebord", "vendor", "old", before="Oldtalk")

    assert sentence(made, SAME, Voice("en")).startswith("Replaces Oldtalk; purpose: Internal")
    assert sentence(made, SAME, Voice("de")).startswith("Ersetzt Oldtalk; ")


def test_old_version_without_the_language_is_told_in_the_one_that_it_has():
    """
    A company that publishes in Danish since last week has an English past.
    """
    danish = swap(builders.COMPANY, "languages: [en]", "languages: [en, da]")

    def translated(files):
        return {name: text.replace("{en: ", "{da: Dansk, en: ") for name, text in files.items()}

    other = swap(VENDOR, "retention: {period: {value: P2Y, source: own}}", criterion("Until told"))
    old, new = register(other), register(*[other, danish, without_labels_alike(translated)])
    lost = Change(
        "purpose",
        "postdesk",
        "Postdesk",
        "retention",
        "support",
        {"criterion": {"en": "Until told"}},
    )

    assert "Dansk" in sentence(lost, diff(old, new), Voice("da"))
    assert "Until told" in sentence(lost, diff(old, new), Voice("da"))


def criterion(text):
    """Keep data by a criterion."""
    return f"retention: {{criterion: {{value: {{en: {text}}}, source: own}}}}"


def without_labels_alike(edit):
    """Number the Danish words, so that no two labels are the same."""

    def numbered(files):
        made, count = {}, 0
        for name, text in edit(files).items():
            parts = text.split("Dansk")
            whole = parts[0]
            for part in parts[1:]:
                count += 1
                whole += f"Dansk {count}{part}"
            made[name] = whole
        return made

    return numbered


def test_definition_is_that_of_the_elements_own_card():
    """
    Two score cards may have definitions of one name.
    """
    text = builders.edited()[builders.SCORE]
    other = builders.add(
        "scores/a-score.yaml",
        text.replace("order.score", "a.score").replace("The share of orders", "Something else"),
    )
    element = builders.add(
        builders.ELEMENTS,
        "  a.score:\n    label: {en: A score}\n    about: person\n    origin: inferred\n"
        '    score: a-score\n    dpv: {terms: ["pd:Profile"], match: close}\n'
        "    fideslang: {terms: [user.demographic.profile], match: close}\n",
    )
    whole = register(other, element)
    made = Change("data", "vault", "Vault", "definition", "hosting order.score", None, "share")

    assert "The share of orders" in sentence(made, diff(whole, whole), Voice("en"))


@given(mutated.versions())
def test_every_change_has_a_sentence(two):
    """
    Whatever lies between two versions can be said, in a language that the texts have or not.
    """
    difference = diff(*two)

    for language in ("en", "da", "fi"):
        voice = Voice(language)
        told = [sentence(change, difference, voice) for change in difference.changes]
        assert all(told)
        assert [] == [one for one in told if "{" in one]
