"""
The register's closed sets in words: roles, directions, mechanisms. One table for each set.
"""

from __future__ import annotations

from klarsyn.language import mark

ROLES = {
    "processor": mark("processor"),
    "sub-processor": mark("sub-processor"),
    "controller": mark("controller"),
    "joint-controller": mark("joint controller"),
    "third-party": mark("third party"),
}

DIRECTIONS = {
    "delivered": mark("we send it"),
    "generated-at-vendor": mark("it arises at the vendor"),
    "entered-by-staff": mark("our staff write it there"),
    "held-by-us-at-the-host": mark("we keep it ourselves, at this host"),
}

FLOWS = {
    "delivered": mark("sent by us"),
    "entered-by-staff": mark("written in by our staff"),
    "generated-at-vendor": mark("arising at the vendor"),
    "held-by-us-at-the-host": mark("kept there by ourselves"),
    "passed-on": mark("passed on by another vendor"),
}
"""How data get to a vendor, said of any number of data elements."""

PASSED_ON = mark("passed on by {vendor}")

INCIDENTAL = mark("can be written in, normally none")

RARELY = mark("normally none")

ABOUT = {
    "person": mark("a person"),
    "company": mark("a company"),
    "account": mark("an account"),
    "customer": mark("a customer"),
}

ORIGINS = {
    "provided": mark("given by the person"),
    "observed": mark("observed in use"),
    "generated": mark("made in our service"),
    "inferred": mark("calculated"),
    "collected": mark("had from others"),
}

SOLE_TRADERS = {
    "left-out": mark("left out"),
    "masked": mark("partly hidden"),
    "allowed": mark("processed like any other"),
}

FITS = {
    "exact": mark("exact"),
    "narrower": mark("the term is narrower"),
    "narrower+exact": mark("one term is exact, one is narrower"),
    "close": mark("close"),
    "broader": mark("the term is broader"),
    "nearest": mark("the nearest there is"),
    "conditional": mark("only on a condition"),
}
"""How well a term of a public vocabulary fits a data element."""

MOVES = {
    "raises": mark("raises it"),
    "lowers": mark("lowers it"),
    "both": mark("can raise or lower it"),
}
"""What an input does to a score."""

MECHANISMS = {
    "adequacy": mark("adequacy decision"),
    "dpf": mark("EU-US Data Privacy Framework"),
    "scc": mark("standard contractual clauses"),
    "bcr": mark("binding corporate rules"),
    "derogation": mark("exception in Art. 49"),
}

BASES_IN_LAW = {
    "6-1-a-consent": mark("consent, Art. 6(1)(a)"),
    "6-1-b-contract": mark("contract, Art. 6(1)(b)"),
    "6-1-c-legal-obligation": mark("legal obligation, Art. 6(1)(c)"),
    "6-1-d-vital-interests": mark("vital interests, Art. 6(1)(d)"),
    "6-1-e-public-task": mark("public task, Art. 6(1)(e)"),
    "6-1-f-legitimate-interests": mark("legitimate interests, Art. 6(1)(f)"),
}

ENDED = mark("no longer used")

FREQUENCIES = {
    "one-off": mark("on a one-off basis"),
    "occasional": mark("occasionally"),
    "continuous": mark("on a continuous basis"),
}

SENSITIVITIES = {
    "special-category": mark("special category of personal data"),
    "criminal": mark("data on criminal convictions and offences"),
    "national-id": mark("national identity number"),
    "national-id-if-sole-trader": mark(
        "national identity number in the case of a Swedish sole trader"
    ),
}
"""What counts as sensitive on a paper; secrets and ordinary data do not stand here."""

SOLE_TRADERS_ON_PAPER = {
    "left-out": mark("numbers of sole traders are left out"),
    "masked": mark("numbers of sole traders are masked"),
    "allowed": mark("numbers of sole traders are processed in full"),
}

STATUSES = {
    "active": mark("in use"),
    "archive": mark("kept as an archive"),
    "ended": ENDED,
}

YES_NO = {True: mark("yes"), False: mark("no")}

SEVERITIES = {"high": mark("high"), "medium": mark("medium"), "low": mark("low")}

MEASURES = {
    "pseudonymisation-and-encryption": mark("Pseudonymisation and encryption"),
    "confidentiality-integrity-availability-resilience": mark(
        "Confidentiality, integrity, availability and resilience"
    ),
    "restoring-availability": mark("Restoring availability after an incident"),
    "testing-effectiveness": mark("Testing the measures regularly"),
    "user-identification-and-authorisation": mark("Identification and authorisation of users"),
    "protection-in-transmission": mark("Protection during transmission"),
    "protection-in-storage": mark("Protection during storage"),
    "physical-security": mark("Physical security"),
    "event-logging": mark("Logging of events"),
    "system-configuration": mark("Configuration of systems"),
    "internal-it-governance": mark("Governance of information security"),
    "certification": mark("Certification of processes and products"),
    "data-minimisation": mark("Data minimisation"),
    "data-quality": mark("Data quality"),
    "limited-retention": mark("Limited retention"),
    "accountability": mark("Accountability"),
    "portability-and-erasure": mark("Portability and erasure"),
    "assistance-to-the-controller": mark("Assistance to the controller"),
}
