"""
Supervisory authorities: the lead one follows the main establishment (Art. 56, R91, R92).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority, told apart by country: Denmark's and Norway's share a name."""

    id: str
    name: str
    address: str


AUTHORITIES = {
    "DK": Authority("DPA-DK", "Datatilsynet", "https://www.datatilsynet.dk"),
    "SE": Authority("DPA-SE", "Integritetsskyddsmyndigheten (IMY)", "https://www.imy.se"),
    "NO": Authority("DPA-NO", "Datatilsynet", "https://www.datatilsynet.no"),
    "FI": Authority("DPA-FI", "Tietosuojavaltuutetun toimisto", "https://tietosuoja.fi"),
    "DE": Authority(
        "DPA-DE",
        "Die Bundesbeauftragte für den Datenschutz und die Informationsfreiheit (BfDI)",
        "https://www.bfdi.bund.de",
    ),
    "IE": Authority("DPA-IE", "Data Protection Commission", "https://www.dataprotection.ie"),
    "IS": Authority("DPA-IS", "Persónuvernd", "https://www.personuvernd.is"),
}


def authority(country: str) -> Authority | None:
    """Return the authority of a country, or None where the table has no row for it yet."""
    return AUTHORITIES.get(country)
