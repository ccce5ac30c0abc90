"""
Technical and organisational measures: of a vendor, and of the company itself (R76).
"""

from datetime import date
from typing import Literal

from klarsyn.register.facts import Part, Text


class Measure(Part, frozen=True, kw_only=True):
    """A technical or organisational measure, under a heading of SCC annex II (R76)."""

    heading: Literal[
        "pseudonymisation-and-encryption",
        "confidentiality-integrity-availability-resilience",
        "restoring-availability",
        "testing-effectiveness",
        "user-identification-and-authorisation",
        "protection-in-transmission",
        "protection-in-storage",
        "physical-security",
        "event-logging",
        "system-configuration",
        "internal-it-governance",
        "certification",
        "data-minimisation",
        "data-quality",
        "limited-retention",
        "accountability",
        "portability-and-erasure",
        "assistance-to-the-controller",
    ]
    what: Text
    evidence: Text | None = None
    tested: date | None = None
