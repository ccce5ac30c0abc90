"""
Words that look like a term of data protection law and are another, or none.

Source: the glossary (docs/glossary.md) and its list of false friends. A word that is right in one
place only (to object under Art. 28 is not the right to object under Art. 21) is wrong in the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Where = Literal["anywhere", "art-28", "art-21"]
"""Wrong anywhere; or where a customer objects to a change; or in the right to object."""


@dataclass(frozen=True, slots=True)
class FalseFriend:
    """A word, as a regular expression, and the term that is meant."""

    word: str
    instead: str
    where: Where = "anywhere"


SUBCONTRACTOR = {
    "sv": FalseFriend("underleverantör", "underbiträde"),
    "da": FalseFriend("underleverandør", "underdatabehandler"),
    "nb": FalseFriend("underleverandør", "underdatabehandler"),
    "en": FalseFriend("subcontractor", "sub-processor"),
    "de": FalseFriend("unterauftragnehmer", "Unterauftragsverarbeiter"),
    "fi": FalseFriend("alihankkija", "alikäsittelijä"),
}
"""A matter of contract law, not the term for who processes on somebody's behalf (R2)."""

# Two authorities bear this name (R91): it never stands without its country.
_BARE = FalseFriend(r"(?<![\w./@])datatilsynets?\b(?! \()(?!\.[a-z]{2})", "Datatilsynet (…)")

_OTHERS = {
    "sv": (
        FalseFriend(r"databehandlingsavtal", "personuppgiftsbiträdesavtal"),
        FalseFriend(r"databehandlar", "personuppgiftsbiträde"),
        FalseFriend(r"\bdataansvarig", "personuppgiftsansvarig"),
        FalseFriend(r"underbehandlare|underprocessor", "underbiträde"),
        FalseFriend(r"personupplysning", "personuppgift"),
        FalseFriend(r"\bprotest", "invändning"),
    ),
    "da": (
        FalseFriend(r"databehandlingsaftale", "databehandleraftale"),
        FalseFriend(r"\bbehandlingsansvarlig", "dataansvarlig"),
        FalseFriend(r"\bunderbehandler", "underdatabehandler"),
        FalseFriend(r"personopplysning|persondataoplysning", "personoplysning"),
        FalseFriend(r"\bprotokol", "fortegnelse over behandlingsaktiviteter"),
        FalseFriend(r"\bprotest|innsigelse|invending", "indsigelse"),
    ),
    "nb": (
        FalseFriend(r"databehandlingsavtale|databehandleraftale", "databehandleravtale"),
        FalseFriend(r"\bdataansvarlig", "behandlingsansvarlig"),
        FalseFriend(r"\bunderbehandler", "underdatabehandler"),
        FalseFriend(r"personoplysning", "personopplysning"),
        FalseFriend(r"\bfortegnelse", "protokoll over behandlingsaktiviteter"),
        FalseFriend(r"\bindsigelse|\binnsigelse", "innvending"),
        FalseFriend(r"\bprotest", "motsette seg", "art-28"),
        FalseFriend(r"motsette seg|\binnvending", "protestere", "art-21"),
    ),
    "en": (
        FalseFriend(r"\bsub-?contracting", "sub-processing"),
        FalseFriend(r"\bdata processor agreement", "data processing agreement"),
    ),
    "de": (
        FalseFriend(r"subunternehm", "Unterauftragsverarbeiter"),
        FalseFriend(r"auftragsdatenverarbeit", "Auftragsverarbeitung"),
        FalseFriend(r"datenverarbeitungsvertr", "Auftragsverarbeitungsvertrag"),
        FalseFriend(r"unterverarbeiter|subauftragsverarbeiter", "Unterauftragsverarbeiter"),
        FalseFriend(r"personendaten", "personenbezogene Daten"),
        FalseFriend(r"\bwiderspr", "Einspruch", "art-28"),
        FalseFriend(r"\beinspruch", "Widerspruch", "art-21"),
    ),
    "fi": (
        FalseFriend(r"tietojenkäsittelysopimu", "henkilötietojen käsittelysopimus"),
        FalseFriend(r"alihankin", "alikäsittely"),
        FalseFriend(r"\brekisterin pitäjä", "rekisterinpitäjä"),
        FalseFriend(r"vastustamisoikeu", "vastustaa muutosta", "art-28"),
    ),
}


def false_friends(
    text: str, language: str, where: Where = "anywhere"
) -> Iterator[tuple[str, FalseFriend]]:
    """Yield each false friend in a text as it stands there, with the term that is meant."""
    for one in (SUBCONTRACTOR[language], _BARE, *_OTHERS[language]):
        if one.where not in {"anywhere", where}:
            continue
        for found in re.finditer(one.word, text, re.IGNORECASE):
            yield found[0], one
