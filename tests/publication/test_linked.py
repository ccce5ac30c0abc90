"""
The graph, read by rdflib, a library that nobody here wrote; nothing is fetched for it.
"""

import json
from functools import cache
from typing import get_args

import pytest
import rdflib

from klarsyn.publication.linked import BASES, CONTEXT, DEEDS, MEASURES, MECHANISMS, ROLES, linked
from klarsyn.register.company import LegalBasis
from klarsyn.register.terms import exists, vocabulary
from klarsyn.register.vendor import Direction, Role
from tests.publication.sites import LANGUAGES, edition, example
from tests.register.builders import ELEMENTS, VENDOR, line, register, swap

RDF, RDFS = rdflib.RDF, rdflib.RDFS
# rdflib's own reader of JSON-LD makes a graph of a kind that rdflib will drop.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

ADDRESS = "https://list.example/gdpr/"
DPV = rdflib.Namespace("https://w3id.org/dpv#")
SCHEMA = rdflib.Namespace("https://schema.org/")
PREFIXES = {
    "https://w3id.org/dpv#": "dpv",
    "https://w3id.org/dpv/pd#": "pd",
    "https://w3id.org/dpv/legal/eu/gdpr#": "eu-gdpr",
    "https://w3id.org/dpv/loc#": "loc",
}
HEARSAY = line(VENDOR, "sources: ", "sources: {own: {what: told, as_of: 2026, basis: memory}}")


def read(whole):
    """Return the graph of a register."""
    found = rdflib.Graph()
    found.parse(data=linked(edition(whole), ADDRESS), format="json-ld")
    return found


@cache
def of_example(name):
    """Return the graph of an example."""
    return read(example(name))


def node(name):
    """Return a node of the list by its name."""
    return rdflib.URIRef(f"{ADDRESS}subprocessors.jsonld#{name}")


def terms(found):
    """Return every term of the vocabulary in a graph, with its prefix."""
    for triple in found:
        for one in triple:
            for base, prefix in PREFIXES.items():
                if isinstance(one, rdflib.URIRef) and one.startswith(base):
                    yield f"{prefix}:{one.removeprefix(base)}"


@pytest.mark.parametrize("name", ["klarpris", "nordlys"])
def test_every_term_is_one_of_the_vocabulary(name):
    """
    R74: what the graph says, it says in terms that DPV 2.3 has.
    """
    used = set(terms(of_example(name)))

    assert 30 < len(used)
    assert set() == used - vocabulary()


def test_every_term_of_the_tables_is_one_of_the_vocabulary():
    """
    Whatever a register declares, the tables have a term for it, and the term exists.
    """
    written = {
        *(term for pair in ROLES.values() for term in pair),
        *DEEDS.values(),
        *BASES.values(),
        *MECHANISMS.values(),
        *MEASURES.values(),
    }

    assert [] == [one for one in sorted(written) if not exists(one)]
    assert set(get_args(Role)) == set(ROLES)
    assert set(get_args(Direction)) == set(DEEDS)
    assert set(get_args(LegalBasis)) == set(BASES)


@pytest.mark.parametrize("name", ["klarpris", "nordlys"])
def test_every_use_is_in_the_graph(name):
    """
    Each vendor, purpose and data element of the register: no more, no fewer, secrets apart.
    """
    whole = example(name)
    expected = {
        (f"process-{one}-{number + 1}", f"purpose-{processing.purpose}", f"data-{element}")
        for one, vendor in whole.vendors.items()
        for number, processing in enumerate(vendor.processing)
        for held in processing.elements
        for element in (held.element, *held.includes)
        if whole.elements[element].sensitivity != "secret"
    }
    found = {
        tuple(str(each).partition("#")[2] for each in (process, purpose, element))
        for process, element in of_example(name).subject_objects(DPV.hasPersonalData)
        for purpose in of_example(name).objects(process, DPV.hasPurpose)
    }

    assert expected == found


def test_nordlys_says_roles_bases_grounds_and_places():
    """
    A processor is one, a sub-processor another; the grounds of transfer name article and country.
    """
    found = of_example("nordlys")
    vault = node("vendor-skerryvault")
    mailer = node("vendor-puffinpost")
    gdpr = rdflib.Namespace("https://w3id.org/dpv/legal/eu/gdpr#")
    place = rdflib.Namespace("https://w3id.org/dpv/loc#")
    grounds = [
        (kind, country)
        for ground in found.objects(mailer, DPV.hasLegalBasis)
        for kind in found.objects(ground, RDF.type)
        for country in found.objects(ground, DPV.hasThirdCountry)
    ]

    assert {DPV.DataSubProcessor, DPV.DataProcessor} == set(found.objects(vault, RDF.type))
    assert {place.IE} == set(found.objects(vault, DPV.hasCountry))
    assert {gdpr["A6-1-a"]} == set(found.objects(node("purpose-newsletter"), DPV.hasLegalBasis))
    assert [(gdpr["A45-3"], place.US)] == grounds
    assert {DPV.DataController, DPV.DataProcessor, SCHEMA.Organization} == set(
        found.objects(node("company"), RDF.type)
    )


def test_sub_processor_works_for_the_company_as_processor():
    """
    R2: where the vendor is a sub-processor the company is the processor, else the controller.
    """
    found = of_example("nordlys")
    first, second = node("process-skerryvault-1"), node("process-skerryvault-2")

    assert {node("company"), node("vendor-skerryvault")} == set(
        found.objects(first, DPV.hasDataProcessor)
    )
    assert {node("company")} == set(found.objects(second, DPV.hasDataController))
    assert {node("vendor-skerryvault")} == set(found.objects(second, DPV.hasDataProcessor))


def test_unverified_fact_is_not_stated():
    """
    G4: a graph cannot mark a doubt, so it leaves a doubtful fact out; what is declared stays.
    """
    plain, doubtful = read(register()), read(register(HEARSAY))
    vendor, process = node("vendor-postdesk"), node("process-postdesk-1")

    assert {DPV.DataProcessor} == set(plain.objects(vendor, RDF.type))
    assert {DPV.Recipient} == set(doubtful.objects(vendor, RDF.type))
    assert 1 == len(set(plain.objects(vendor, DPV.hasCountry)))
    assert 0 == len(set(doubtful.objects(vendor, DPV.hasCountry)))
    assert 2 == len(set(plain.objects(process, DPV.hasStorageCondition)))
    assert 0 == len(set(doubtful.objects(process, DPV.hasStorageCondition)))
    assert 2 == len(set(doubtful.objects(process, DPV.hasPersonalData)))


def test_secret_is_not_in_the_graph():
    """
    R11: a secret is never among personal data that a vendor has.
    """
    whole = register(
        swap(ELEMENTS, "origin: inferred", "origin: inferred\n    sensitivity: secret")
    )

    assert b"order.score" not in linked(edition(whole), ADDRESS)
    assert b"order.score" in linked(edition(register()), ADDRESS)


def test_term_that_does_not_exist_is_left_out():
    """
    R74: a term that the vocabulary lacks is a finding, and no lie in the graph.
    """
    unknown = swap(ELEMENTS, 'terms: ["pd:Name"]', 'terms: ["pd:Nickname"]')
    found = read(register(unknown))

    assert {DPV.PersonalData} == set(found.objects(node("data-person.name"), RDF.type))


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_in_every_language(language):
    """
    Each data element and purpose is named in each language of the pages.
    """
    whole = example("nordlys")
    found = of_example("nordlys")
    labels = {
        one: {
            str(each) for each in found.objects(node(one), RDFS.label) if each.language == language
        }
        for one in ("data-person.email", "purpose-newsletter")
    }

    assert {whole.elements["person.email"].label[language]} == labels["data-person.email"]
    assert {whole.purposes["newsletter"].label[language]} == labels["purpose-newsletter"]


def test_list_names_its_other_forms():
    """
    schema.org: a data set with three files, its publisher and its date.
    """
    found = of_example("nordlys")
    files = [
        str(address)
        for file in found.objects(node("list"), SCHEMA.distribution)
        for address in found.objects(file, SCHEMA.contentUrl)
    ]

    assert [
        f"{ADDRESS}subprocessors.csv",
        f"{ADDRESS}subprocessors.json",
        f"{ADDRESS}subprocessors.jsonld",
    ] == sorted(files)
    assert {node("company")} == set(found.objects(node("list"), SCHEMA.publisher))
    assert ["2026-03-01"] == [str(one) for one in found.objects(node("list"), SCHEMA.dateModified)]


def test_context_is_inline():
    """
    Whoever reads the graph fetches nothing.
    """
    whole = json.loads(linked(edition(register()), ""))

    assert set(CONTEXT) == set(whole["@context"])
    assert all(isinstance(one, (str, dict)) for one in whole["@context"].values())
    assert "@base" not in whole["@context"]


def test_every_reference_leads_to_a_node():
    """
    A process names purposes, data and parties that stand in the list.
    """
    for name in ("klarpris", "nordlys"):
        found = of_example(name)
        here = f"{ADDRESS}subprocessors.jsonld#"
        named = {one for one in found.objects() if str(one).startswith(here)}

        assert set() == named - set(found.subjects())


def test_incidental_data_are_said_to_be_so():
    """
    What can be written in at times is not told as if it were always there.
    """
    rare = line(VENDOR, "declaration: ", "declaration: incidental")
    found = read(register(rare))

    assert ["Normally no personal data, but they can be written in."] == [
        str(one) for one in found.objects(node("process-postdesk-1"), SCHEMA.description)
    ]


def test_company_of_which_little_is_known_is_a_legal_entity():
    """
    KlarPris has not said yet whether it is a controller or a processor.
    """
    found = of_example("klarpris")

    assert {DPV.LegalEntity, SCHEMA.Organization} == set(found.objects(node("company"), RDF.type))


def test_purposes_without_a_term_are_purposes():
    """
    A purpose that names no term of the vocabulary is still one.
    """
    found = read(register())

    assert {DPV.Purpose} == set(found.objects(node("purpose-support"), RDF.type))
