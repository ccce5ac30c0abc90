"""
Legal papers from the register: annexes, records, notices and plans, in every language.

Each paper has its file, in the order of the law that asks for it; `document` says what a paper is
made of, and `markdown`, `html` and `pdf` print it.
"""

from klarsyn.publication.papers.choice import ABOUT, ROLES, Choice, choices, make
from klarsyn.publication.papers.commission import Commission
from klarsyn.publication.papers.document import Paper
from klarsyn.publication.papers.exporting import (
    FORMATS,
    all_files,
    commission,
    export,
    export_all,
    save,
)

__all__ = [
    "ABOUT",
    "FORMATS",
    "ROLES",
    "Choice",
    "Commission",
    "Paper",
    "all_files",
    "choices",
    "commission",
    "export",
    "export_all",
    "make",
    "save",
]
