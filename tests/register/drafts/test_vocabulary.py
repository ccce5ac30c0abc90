import re
from typing import get_args

import pytest

from klarsyn.language import LANGUAGES
from klarsyn.register.drafts import vocabulary
from klarsyn.register.vendor import Kind


@pytest.mark.parametrize(
    ("label", "one"),
    [
        ("E-mail", "person.email"),
        ("e-postadress", "person.email"),
        ("Sähköposti", "person.email"),
        ("CVR-nummer", "company.org_number"),
        ("IP-Adressen", "device.ip_address"),
        ("Telefonnummer til verksamheten", "company.phone"),
        ("Lösenord till KlarPris", "account.password"),
        ("bådens navn", None),
        ("", None),
    ],
)
def test_data_are_recognised_in_six_languages(label, one):
    """
    A misspelt letter does no harm; what is not known is not guessed at.
    """
    assert one == vocabulary.element(label)


@pytest.mark.parametrize(
    "label", ["FAKTURERING", "Billing", "Invoicing", "Rechnungsstellung", "Laskutus"]
)
def test_purposes_are_recognised_in_six_languages(label):
    """
    Several words, one purpose.
    """
    assert "invoicing" == vocabulary.purpose(label)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("MAILCHIMP", ("Mailchimp", "e-mail-marketing")),
        ("Slack Technologies, LLC", ("Slack", "chat")),
        ("Amazon Web Services EMEA SARL", ("Amazon Web Services", "hosting")),
        ("Google Cloud EMEA Limited", ("Google Cloud", "hosting")),
        ("Google Maps", None),
        ("Make Better AB", None),
        ("Zörk", None),
    ],
)
def test_vendors_are_recognised_with_their_legal_form(name, known):
    """
    A firm whose name only begins like a product is not taken for it.
    """
    assert known == vocabulary.vendor(name)


@pytest.mark.parametrize(
    ("heading", "about"),
    [
        ("Sub-processor", "name"),
        ("Type of Data", "data"),
        ("Location of Processing", "storage"),
        ("Corporate Location", "entity_country"),
        ("Överföringsmekanism", "mechanism"),
        ("Käyttötarkoitus", "purpose"),
        ("Country (of the entity)", "location"),
        ("Zork", None),
    ],
)
def test_columns_are_recognised_by_their_heading(heading, about):
    """
    Location and corporate location are two things.
    """
    assert about == vocabulary.column(heading)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Det sparas ingen persondata på denna plattformen.", "none"),
        ("We do not process personal data here.", "none"),
        ("Der behandles ikke personoplysninger.", "none"),
        ("Es werden keine personenbezogenen Daten gespeichert.", "none"),
        ("Palvelu ei käsittele henkilötietoja.", "none"),
        ("Det förekommer oftast inte någon persondata.", "incidental"),
        ("There may occur names.", "incidental"),
        ("We like this vendor.", None),
    ],
)
def test_statements_are_understood_or_left_open(text, claim):
    """
    "Usually none" is not none.
    """
    assert claim == vocabulary.statement(text)


@pytest.mark.parametrize(
    ("text", "countries", "all_of_it"),
    [
        ("Norway, Finland", ["NO", "FI"], True),
        ("USA", ["US"], True),
        ("Danmark og Irland", ["DK", "IE"], True),
        ("EU (Ireland)", ["IE"], False),
        ("EU/EEA", [], False),
    ],
)
def test_countries_are_read_and_what_is_left_is_told(text, countries, all_of_it):
    """
    The EU is no country.
    """
    assert (countries, all_of_it) == vocabulary.countries(text)


@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        ("SCCs, EU-US DPF", ["scc", "dpf"]),
        ("EU-kommissionens standardkontraktsbestemmelser", ["scc"]),
        ("Angemessenheitsbeschluss", ["adequacy"]),
        ("Binding Corporate Rules", ["bcr"]),
        ("n/a", []),
    ],
)
def test_grounds_of_transfer_are_recognised(text, grounds):
    """
    What the page names, and nothing more.
    """
    assert grounds == vocabulary.mechanism(text)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Åkes Bär & Ø", "akes-bar-o"),
        ("Größe", "grosse"),
        ("e-conomic", "e-conomic"),
        ("CON", "con-vendor"),
        ("中文", "vendor"),
        ("", "vendor"),
    ],
)
def test_ids_are_plain_and_safe_as_names_of_files(text, made):
    """
    Letters of six languages are spelt out; what Windows keeps for itself is avoided.
    """
    assert made == vocabulary.slug(text, "vendor")


@pytest.mark.parametrize(
    "table", [vocabulary.elements(), vocabulary.purposes()], ids=["data", "purposes"]
)
def test_tables_have_six_languages_and_no_word_twice(table):
    """
    A word that meant two things would be guessed at.
    """
    words = [
        (vocabulary.normal(word), one)
        for one, facts in table.items()
        for word in (*facts["label"].values(), *facts.get("also", ()))
    ]
    ids = dict(words)

    assert [] == [(word, one) for word, one in words if ids[word] != one]
    assert all(set(LANGUAGES) == set(facts["label"]) for facts in table.values())
    for language in LANGUAGES:
        labels = [facts["label"][language].casefold() for facts in table.values()]
        assert len(set(labels)) == len(labels)


def test_kinds_of_vendors_are_those_of_the_model():
    """
    Every kind in the tables may stand in a vendor's file.
    """
    named = {one["kind"] for one in vocabulary._every_vendor()}
    named |= {facts["vendor_kind"] for facts in vocabulary.purposes().values()}

    assert named <= set(get_args(Kind))
    assert 36 <= len(vocabulary._every_vendor())


def test_terms_have_the_form_of_their_vocabulary():
    """
    DPV terms carry their prefix, fideslang keys are dotted.
    """
    for facts in vocabulary.elements().values():
        assert all(re.fullmatch(r"(pd|dpv):[A-Z]\w+", term) for term in facts["dpv"]["terms"])
        assert all(re.fullmatch(r"[a-z_.]+", term) for term in facts["fideslang"]["terms"])
