"""
The list as linked data: subprocessors.jsonld, in terms of the W3C's Data Privacy Vocabulary.

A graph has no room for a mark beside a fact. So it states what the company declares, and of the
facts only those that are verified; subprocessors.json has them all, each with its mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from klarsyn.register.facts import known
from klarsyn.register.papers import grounds
from klarsyn.register.terms import exists

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from klarsyn.publication.holdings import Holdings
    from klarsyn.publication.pages.frame import Edition
    from klarsyn.register.facts import Fact
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Processing, Vendor

Node = dict[str, Any]

CONTEXT: Node = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "label": {"@id": "http://www.w3.org/2000/01/rdf-schema#label", "@container": "@language"},
}

#: What a vendor is by its role, and how a process names it.
ROLES = {
    "processor": ("dpv:DataProcessor", "dpv:hasDataProcessor"),
    "sub-processor": ("dpv:DataSubProcessor", "dpv:hasDataProcessor"),
    "controller": ("dpv:DataController", "dpv:hasRecipientDataController"),
    "joint-controller": ("dpv:DataController", "dpv:hasRecipientDataController"),
    "third-party": ("dpv:ThirdParty", "dpv:hasRecipientThirdParty"),
}
_NO_ROLE = ("dpv:Recipient", "dpv:hasRecipient")

#: What the company is towards its customers.
ACTS_AS = {
    "controller": "dpv:DataController",
    "joint-controller": "dpv:DataController",
    "processor": "dpv:DataProcessor",
}

#: What happens to data by the way in which they get to a vendor.
DEEDS = {
    "delivered": "dpv:Transmit",
    "entered-by-staff": "dpv:Record",
    "generated-at-vendor": "dpv:Generate",
    "held-by-us-at-the-host": "dpv:Store",
}

BASES = {
    "6-1-a-consent": "eu-gdpr:A6-1-a",
    "6-1-b-contract": "eu-gdpr:A6-1-b",
    "6-1-c-legal-obligation": "eu-gdpr:A6-1-c",
    "6-1-d-vital-interests": "eu-gdpr:A6-1-d",
    "6-1-e-public-task": "eu-gdpr:A6-1-e",
    "6-1-f-legitimate-interests": "eu-gdpr:A6-1-f",
}

#: Grounds of transfer; of an exception the register does not say which, so there is no term.
MECHANISMS = {
    "adequacy": "eu-gdpr:A45-3",
    "dpf": "eu-gdpr:A45-3",
    "scc": "eu-gdpr:A46-2-c",
    "bcr": "eu-gdpr:A46-2-b",
}

#: Measures whose heading says what a term says; the others are measures without a kind.
MEASURES = {
    "user-identification-and-authorisation": "dpv:AuthorisationProtocols",
    "physical-security": "dpv:PhysicalMeasure",
    "certification": "dpv:Certification",
}
_MEASURE = "dpv:TechnicalOrganisationalMeasure"


def linked(edition: Edition, address: str) -> bytes:
    """Return the graph as indented JSON-LD; `address` is the site's, or empty for relative ids."""
    register, holdings = edition.register, edition.holdings
    graph = [
        _dataset(register, edition.updated, address),
        _company(register),
        *(_purpose(register, one) for one in register.purposes),
        *(_subjects(register, one) for one in register.data_subjects),
        *(_element(register, one) for one in register.elements if one in holdings.by_element),
    ]
    for one, vendor in register.vendors.items():
        graph.append(_vendor(register, one, vendor, edition.on))
        graph += [
            _process(register, holdings, one, number) for number in range(len(vendor.processing))
        ]
    base: Node = {"@base": f"{address}subprocessors.jsonld"} if address else {}
    whole = {"@context": base | CONTEXT, "@graph": graph}
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def _dataset(register: Register, updated: date, address: str) -> Node:
    """Describe the list itself in terms of schema.org, for catalogues of data."""
    files = {
        "subprocessors.json": "application/json",
        "subprocessors.jsonld": "application/ld+json",
        "subprocessors.csv": "text/csv",
    }
    title = register.company.title
    languages = register.company.languages
    return {
        "@id": "#list",
        "@type": "schema:Dataset",
        "label": _spoken(register, title),
        "schema:name": title[languages[0]],
        "schema:description": register.company.introduction[languages[0]],
        "schema:dateModified": {"@type": "xsd:date", "@value": updated},
        "schema:inLanguage": languages,
        "schema:publisher": {"@id": "#company"},
        "schema:distribution": [
            {
                "@type": "schema:DataDownload",
                "schema:encodingFormat": kind,
                "schema:contentUrl": {"@id": f"{address}{name}"},
            }
            for name, kind in files.items()
        ],
    }


class _Verified:
    """The facts of one file that may be stated: those from a source that carries them."""

    def __init__(self, register: Register, file: str) -> None:
        self.sources = register.sources.get(file, {})

    def value(self, fact: Fact[Any] | None) -> Any:
        """Return the value of a verified fact, or None."""
        source = self.sources.get(fact.source or "") if fact else None
        return known(fact) if source and source.verified else None


def _company(register: Register) -> Node:
    company, facts = register.company, _Verified(register, "company.yaml")
    roles = [ACTS_AS[one] for one in facts.value(company.acts_as) or []]
    node: Node = {
        "@id": "#company",
        "@type": ["schema:Organization", *dict.fromkeys(roles or ["dpv:LegalEntity"])],
        "schema:name": company.name,
    }
    if name := facts.value(company.legal_name):
        node["dpv:hasName"] = name
    if country := facts.value(company.country):
        node["dpv:hasCountry"] = {"@id": f"loc:{country}"}
    if (contact := facts.value(company.contact)) and contact.email:
        node["dpv:hasContact"] = contact.email
    return node


def _purpose(register: Register, one: str) -> Node:
    purpose, facts = register.purposes[one], _Verified(register, "purposes.yaml")
    terms = [term for term in purpose.dpv if exists(term)]
    node: Node = {
        "@id": f"#purpose-{one}",
        "@type": ["dpv:Purpose", *terms],
        "label": _spoken(register, purpose.label),
    }
    if basis := facts.value(purpose.legal_basis):
        node["dpv:hasLegalBasis"] = {"@id": BASES[basis]}
    if subjects := facts.value(purpose.data_subjects):
        node["dpv:hasDataSubject"] = [{"@id": f"#data-subjects-{each}"} for each in subjects]
    return node


def _subjects(register: Register, one: str) -> Node:
    label = _spoken(register, register.data_subjects[one].label)
    return {"@id": f"#data-subjects-{one}", "@type": "dpv:DataSubject", "label": label}


def _element(register: Register, one: str) -> Node:
    element = register.elements[one]
    terms = [term for term in element.dpv.terms if exists(term)]
    return {
        "@id": f"#data-{one}",
        "@type": terms or ["dpv:PersonalData"],
        "label": _spoken(register, element.label),
    }


def _spoken(register: Register, text: Mapping[Any, str]) -> dict[str, str]:
    return {one: text[one] for one in register.company.languages}


def _vendor(register: Register, one: str, vendor: Vendor, on: date) -> Node:
    facts = _Verified(register, f"vendors/{one}.yaml")
    roles = [facts.value(processing.role) for processing in vendor.processing]
    kinds = [ROLES.get(role or "", _NO_ROLE)[0] for role in roles]
    node: Node = {
        "@id": f"#vendor-{one}",
        "@type": list(dict.fromkeys(kinds)),
        "schema:name": vendor.name,
    }
    if name := facts.value(vendor.entity.name):
        node["dpv:hasName"] = name
    if address := facts.value(vendor.entity.address):
        node["dpv:hasAddress"] = address
    if countries := facts.value(vendor.entity.country):
        node["dpv:hasCountry"] = _places(countries)
    if measures := [_measure(register, each.heading, each.what) for each in vendor.measures]:
        node["dpv:hasTechnicalOrganisationalMeasure"] = measures
    if transfers := list(_transfers(register, one, vendor, on)):
        node["dpv:hasLegalBasis"] = transfers
    return node


def _places(codes: list[str]) -> list[Node]:
    return [{"@id": f"loc:{one}"} for one in codes]


def _measure(register: Register, heading: str, what: Mapping[Any, str]) -> Node:
    kinds = [_MEASURE, *([MEASURES[heading]] if heading in MEASURES else [])]
    return {"@type": kinds, "label": _spoken(register, what)}


def _transfers(register: Register, one: str, vendor: Vendor, on: date) -> Iterator[Node]:
    """Yield the grounds of transfer that hold and are proved, each with its country."""
    for transfer in vendor.transfers:
        term = MECHANISMS.get(transfer.mechanism)
        if term and transfer in grounds(register, one, transfer.to, on):
            yield {"@type": term, "dpv:hasThirdCountry": {"@id": f"loc:{transfer.to}"}}


def _process(register: Register, holdings: Holdings, one: str, number: int) -> Node:
    processing = register.vendors[one].processing[number]
    facts = _Verified(register, f"vendors/{one}.yaml")
    held = [each for each in holdings.by_vendor.get(one, ()) if each.number == number]
    role = facts.value(processing.role)
    whose = {"processor": "dpv:hasDataController", "sub-processor": "dpv:hasDataProcessor"}
    company = whose.get(role or "", "dpv:hasResponsibleEntity")
    vendor = ROLES.get(role or "", _NO_ROLE)[1]
    node: Node = {
        "@id": f"#process-{one}-{number + 1}",
        "@type": "dpv:PersonalDataProcess" if held else "dpv:Process",
        "dpv:hasPurpose": {"@id": f"#purpose-{processing.purpose}"},
        company: [{"@id": "#company"}],
    }
    node[vendor] = [*node.get(vendor, []), {"@id": f"#vendor-{one}"}]
    if held:
        elements = dict.fromkeys(each.element for each in held)
        node["dpv:hasPersonalData"] = [{"@id": f"#data-{each}"} for each in elements]
    deeds = [DEEDS[each.direction] for each in held]
    deeds += ["dpv:Access"] if facts.value(processing.access) else []
    deeds += ["dpv:Store"] if facts.value(processing.storage) else []
    if deeds:
        node["dpv:hasProcessing"] = [{"@id": each} for each in dict.fromkeys(deeds)]
    if processing.declaration == "incidental":
        node["schema:description"] = "Normally no personal data, but they can be written in."
    if conditions := list(_conditions(register, one, processing)):
        node["dpv:hasStorageCondition"] = conditions
    return node


def _conditions(register: Register, one: str, processing: Processing) -> Iterator[Node]:
    """Yield where data are stored and for how long."""
    vendor, facts = register.vendors[one], _Verified(register, f"vendors/{one}.yaml")
    if places := facts.value(vendor.countries.storage):
        yield {"@type": "dpv:StorageLocation", "dpv:hasLocation": _places(places)}
    if period := facts.value(processing.retention.period):
        length = {"@type": "xsd:duration", "@value": period}
        yield {"@type": "dpv:StorageDuration", "dpv:hasDuration": length}
