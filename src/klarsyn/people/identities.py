"""
By what a person is known again: e-mail addresses, telephone and organisation numbers.

Every normal form counts on its own; a name alone never does (design: tombstones). And when is an
organisation number the number of a human being (R90, D16)?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from klarsyn.people.meaning import Kind
from klarsyn.personal import Personal
from klarsyn.recognition import checks

IdentityKind = Literal["email", "phone", "organisation_number"]

KINDS: Final[dict[Kind, IdentityKind]] = {
    Kind.EMAIL: "email",
    Kind.PHONE: "phone",
    Kind.ORGANISATION_NUMBER: "organisation_number",
}
_GOOGLE: Final = frozenset({"gmail.com", "googlemail.com"})
_PERSONNUMMER, _CPR, _FODSELSNUMMER = 12, 10, 11
_SE_DIGITS: Final = 10
_LEGAL_PERSON: Final = "20"  # digits 3 and 4 of a Swedish legal person's number, at least


@dataclass(frozen=True, slots=True)
class Identity:
    """One normal form by which somebody is known again, and the element that it was read from."""

    kind: IdentityKind
    form: Personal[str]
    element: str
    about_person: bool
    """False for a firm's, which colleagues share: erasing one of them must not block the others."""


def identity_forms(kind: IdentityKind, normal: str) -> tuple[str, ...]:
    """Return every form under which a normal value may come back."""
    if kind != "email":
        return (normal.partition(";")[0],)
    local, _, domain = normal.rpartition("@")
    if domain not in _GOOGLE:
        return (normal,)
    # Google delivers one mailbox with and without dots, under both domains, whatever follows "+".
    mailbox = f"{local.partition('+')[0].replace('.', '')}@gmail.com"
    return (normal,) if mailbox == normal else (normal, mailbox)


def is_national_id(normal: str, *, sole_trader: bool) -> bool:
    """
    Tell whether a normal organisation number is somebody's national id, or may be.

    A Swedish number is one unless it is clearly a legal person's: a slip of the pen leaves a
    personnummer what it is. Elsewhere it is one where a national id was put in its place.
    """
    country, digits = normal[:2], normal[2:]
    if country == "SE":
        is_legal = len(digits) == _SE_DIGITS and digits.isdecimal() and digits[2:4] >= _LEGAL_PERSON
        return sole_trader or not is_legal
    if not (digits.isascii() and digits.isdecimal()):
        return country == "FI" and len(digits) >= _CPR  # a henkilötunnus ends in a letter
    if len(digits) == _FODSELSNUMMER:
        return checks.fodselsnummer(digits)
    if len(digits) == _CPR:
        return checks.personnummer(digits) or checks.cpr_dated(digits)
    return len(digits) == _PERSONNUMMER and checks.personnummer(digits)
