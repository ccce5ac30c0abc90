"""
What kind of value a data element has, by the public terms that the register gives it.

A term that fits only nearly, or is broader, decides nothing: such an element is a text.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from klarsyn.register.company import DataElement, Terms


class Kind(Enum):
    """How a value is checked and compared."""

    TEXT = "text"  #: anything; compared as written
    EMAIL = "email"  #: one address; compared without case
    PHONE = "phone"  #: one number; compared in E.164
    ORGANISATION_NUMBER = "organisation_number"  #: compared by country and digits
    DATE = "date"  #: written as the form says; compared and sent in ISO 8601


_DECIDING: Final = frozenset({"exact", "narrower", "narrower+exact", "close", "conditional"})

# fideslang and the Data Privacy Vocabulary 2.3.
_MEANINGS: Final = {
    "user.contact.email": Kind.EMAIL,
    "pd:EmailAddress": Kind.EMAIL,
    "pd:EmailAddressPersonal": Kind.EMAIL,
    "pd:EmailAddressWork": Kind.EMAIL,
    "user.contact.phone_number": Kind.PHONE,
    "user.contact.fax_number": Kind.PHONE,
    "pd:TelephoneNumber": Kind.PHONE,
    "user.demographic.date_of_birth": Kind.DATE,
    "pd:BirthDate": Kind.DATE,
}
_OFFICIAL: Final = frozenset({"user.government_id.national_identification_number", "pd:OfficialID"})


def kind_of(element: DataElement) -> Kind:
    """Return the kind of an element's values; a firm's official number is never a mere text."""
    terms = [*_deciding(element.fideslang), *_deciding(element.dpv)]
    is_official = element.about in {"company", "customer"} and not _OFFICIAL.isdisjoint(terms)
    if element.sensitivity == "national-id-if-sole-trader" or is_official:
        return Kind.ORGANISATION_NUMBER
    return next((_MEANINGS[term] for term in terms if term in _MEANINGS), Kind.TEXT)


def _deciding(terms: Terms) -> list[str]:
    return terms.terms if terms.match in _DECIDING else []
