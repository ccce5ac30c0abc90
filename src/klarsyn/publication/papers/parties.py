"""
The parties of a contract as the annexes ask for them: name, address, contact person (R64, R70).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication.papers.document import BLANK, Field, Heading, Line, line, shown
from klarsyn.register.facts import known
from klarsyn.rules.transfers import in_eea

if TYPE_CHECKING:
    from klarsyn.publication.papers.commission import Commission
    from klarsyn.publication.papers.document import Block, Lines
    from klarsyn.publication.voice import Voice
    from klarsyn.register.facts import Contact, Fact
    from klarsyn.register.vendor import ChainLink


def identity(voice: Voice, name: Line, address: Line, contact: Line) -> list[Field]:
    """Return the three fields with which every list of parties or sub-processors begins."""
    return [
        Field(voice.text("Name"), (name,)),
        Field(voice.text("Address"), (address,)),
        Field(voice.text("Contact person's name, position and contact details"), (contact,)),
    ]


def company(order: Commission) -> list[Field]:
    """Return the company as a party (R71, R72)."""
    voice, one = order.own, order.register.company
    return identity(
        voice,
        shown(voice.fact(one.legal_name, name=True)),
        shown(voice.fact(one.address, name=True)),
        contact(voice, one.contact),
    )


def vendor(order: Commission, vendor_id: str) -> list[Field]:
    """Return a vendor as a party or as a sub-processor (R70-R72)."""
    voice, entity = order.of_vendor(vendor_id), order.register.vendors[vendor_id].entity
    return identity(
        voice,
        shown(voice.fact(entity.name, name=True)),
        shown(voice.fact(entity.address, name=True)),
        contact(voice, entity.contact),
    )


def vendor_name(order: Commission, vendor_id: str) -> Line:
    """Return a vendor's name in law, or the one it goes by where that is not known."""
    one = order.register.vendors[vendor_id]
    if one.entity.name.known:
        return shown(order.of_vendor(vendor_id).fact(one.entity.name, name=True))
    return Line(line(one.name).text, is_name=True)


def link(voice: Voice, one: ChainLink) -> list[Field]:
    """Return a sub-processor of a vendor (R64, R70)."""
    unknown = shown(voice.fact(None))
    address = line(one.address) if one.address else unknown
    return identity(voice, line(one.name), address, contact(voice, one.contact))


def blank(voice: Voice) -> list[Field]:
    """Return a party that fills in its own fields: the customer."""
    return identity(voice, BLANK, BLANK, BLANK)


def contact(voice: Voice, fact: Fact[Contact] | None) -> Line:
    """Return whom to turn to: name, position, and how to reach them."""
    return shown(voice.fact(fact, _reached, name=True))


def _reached(one: Contact) -> str:
    return ", ".join(filter(None, (one.name, one.position, one.email, one.phone, one.address)))


def officer(order: Commission) -> Lines:
    """Return the data protection officer, or why there is none (R71, R74)."""
    one = order.register.company
    if one.no_data_protection_officer and known(one.data_protection_officer) is None:
        return (line(order.own.own(one.no_data_protection_officer)),)
    return (contact(order.own, one.data_protection_officer),)


def officer_and_representative(order: Commission) -> list[Field]:
    """
    Return officer and representative, each in a field (R71, R74).

    Art. 27 asks for a representative in the EU only where the company sits outside the EEA.
    """
    voice, one = order.own, order.register.company
    fields = [Field(voice.text("Data protection officer"), officer(order))]
    if one.representative and not in_eea(one.country.value or "", order.on):
        label = voice.text("Representative (Art. 27)")
        fields.append(Field(label, (contact(voice, one.representative),)))
    return fields


def numbered(number: int, name: str) -> Block:
    """Return the heading of an entry in a list of parties."""
    return Heading(line(f"{number}. {name}").text, 4)
