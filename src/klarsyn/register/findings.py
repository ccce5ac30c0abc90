"""
Findings: what the register leaves open, each with the requirement it rests on and the remedy.

A finding never stops a page from being published; `klarsyn check --strict` makes it a failure. It
ends when the register answers it, or is accepted in writing with a reason, a person and a date.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from klarsyn.errors import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klarsyn.register.register import Place

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One thing that can be wrong with a register.

    `requirement` is the number in the list of legal requirements (docs/reference/requirements.md),
    `seen_as` the defect of the first page, KlarPris's of 2022, in which it was met (D01-D26).
    """

    id: str
    requirement: str
    severity: Severity
    title: str
    what: str
    why: str
    remedy: str
    seen_as: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One case of a rule, and where in the register it stands."""

    rule: Rule
    place: Place
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def what(self) -> Message:
        """What is open here."""
        return Message(self.rule.what, self.facts)

    @property
    def remedy(self) -> Message:
        """What to do about it."""
        return Message(self.rule.remedy, self.facts)

    @property
    def subject(self) -> str:
        """The vendor, or the file, that it is about: what a table shows."""
        return self.place.file.removesuffix(".yaml").removeprefix("vendors/")
