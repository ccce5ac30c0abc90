"""
The register: what a company declares, read from its files, examined, and compared.
"""

from klarsyn.register.examination import RULES, Outcome, count, examine, lookup
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.loading import load
from klarsyn.register.register import Place, Register

__all__ = [
    "RULES",
    "Finding",
    "Outcome",
    "Place",
    "Register",
    "Rule",
    "count",
    "examine",
    "load",
    "lookup",
]
