"""
Invented people, drawn by a seed: the same seed draws the same people.

Addresses end in example domains (RFC 2606). Phone numbers lie in ranges that regulators keep free
for fiction: Sweden 070-174 06 05 to 06 99 (PTS), United Kingdom 07700 900000 to 900999 (Ofcom).
Organisation numbers have a wrong check digit on purpose.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_FIRST_NAMES = """
Freja Ingrid Astrid Signe Solveig Maja Alva Tove Elin Karin Nils Lars Anders Jens Mikkel Sven
Håkon Bjørn Åsa Øyvind Sæunn Märta Jörgen Kjell Birgit Gunnar Torben Henrik Liv Eskil
"""
_LAST_NAMES = """
Lyngholt Snöfall Fjordvik Bækmark Åstrand Ørnberg Nordhavn Skovlund Granquist Myrdal Holmvik
Kvistgård Rosendahl Törnblad Hagelund Vestergren Stenhammer Lindskov Elvestad Brogaard
"""
_FIRST, _LAST = _FIRST_NAMES.split(), _LAST_NAMES.split()
_TRADES = ("VVS", "El", "Rør", "Ventilation", "Bad & Rør", "Värme", "Rörservice", "Installation")
_ASCII = str.maketrans("åäæøö", "aaaoo", "")


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """Somebody who does not exist, and the firm that they work for."""

    number: int
    first_name: str
    last_name: str
    email: str
    phone: str
    company: str
    organisation_number: str
    street: str
    postal_code: str
    city: str
    country: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


def draw(count: int, seed: int = 1) -> tuple[InventedPerson, ...]:
    """Return `count` people with distinct names, addresses and phone numbers (at most 1,000)."""
    rng = random.Random(seed)  # noqa: S311  (people for tests, not secrets)
    return tuple(_person(rng, number) for number in range(count))


def _person(rng: random.Random, number: int) -> InventedPerson:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    ascii_name = f"{first}.{last}".lower().translate(_ASCII)
    return InventedPerson(
        number=number,
        first_name=first,
        last_name=last,
        email=f"{ascii_name}.{number}@{rng.choice(('example.com', 'example.org', 'example.net'))}",
        phone=f"+44 7700 900{number % 1000:03}",
        company=f"{last} {rng.choice(_TRADES)} {number} {rng.choice(('AB', 'ApS', 'AS'))}",
        organisation_number=f"{rng.randint(10_000_000, 99_999_999)}",
        street=f"Polarlysvej {number + 1}",
        postal_code="9999",
        city="Nordenby",
        country="DK",
    )
