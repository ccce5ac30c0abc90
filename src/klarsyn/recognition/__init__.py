"""
Recognition: which personal data stands in a text, and where.

Batch in, columns out, pure: `recognise(["Ring Anna på 070-174 06 05"])`. Imports nothing of Klarsyn
but its own files; python-stdnum and phonenumbers check numbers, Hyperscan and NumPy (extra `audit`)
make it fast, and without them it finds the same.
"""

from klarsyn.recognition.batch import ByteRecords
from klarsyn.recognition.core import Ner, recognise
from klarsyn.recognition.fields import category_of
from klarsyn.recognition.findings import CATEGORIES, Finding, Findings, masked
from klarsyn.recognition.known import KnownPeople

__all__ = [
    "CATEGORIES",
    "ByteRecords",
    "Finding",
    "Findings",
    "KnownPeople",
    "Ner",
    "category_of",
    "masked",
    "recognise",
]
