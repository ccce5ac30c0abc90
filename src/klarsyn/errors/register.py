"""
Errors of settings, register, pages and papers.
"""

from __future__ import annotations

from klarsyn.errors.roots import KlarsynError, ManyProblems


class SettingsError(ManyProblems):
    """The file klarsyn.yaml is missing or holds mistakes."""

    id = "settings-invalid"
    exit_code = 10


class RegisterError(ManyProblems):
    """The register cannot be read: something in it is unknown, missing or contradicts itself."""

    id = "register-invalid"
    exit_code = 11


class FindingsRemain(KlarsynError):
    """Open findings remain and `--strict` was asked for."""

    id = "findings-remain"
    exit_code = 1


class PageError(ManyProblems):
    """A page would be false or unreadable, so nothing was published; the old site stays."""

    id = "page-invalid"
    exit_code = 12


class OutputRefused(KlarsynError):
    """The output folder holds something that Klarsyn did not write, so it is left alone."""

    id = "output-refused"
    exit_code = 13


class SourcePageError(KlarsynError):
    """The page kept by hand could not be read as a list of vendors."""

    id = "source-page-unread"
    exit_code = 14


class UnknownName(KlarsynError):
    """A name that was asked for does not exist."""

    id = "unknown-name"
    exit_code = 15


class RegisterExists(KlarsynError):
    """A register lies there already, and `init` never writes over one."""

    id = "register-exists"
    exit_code = 16


class ArchiveDamaged(KlarsynError):
    """A page of the archive in the output folder is missing, or is not what was written."""

    id = "archive-damaged"
    exit_code = 17


class PaperRefused(KlarsynError):
    """A legal paper cannot be made: its ground is missing, or the means to print it."""

    id = "paper-refused"
    exit_code = 18


class ChangesFound(KlarsynError):
    """There are changes, and `--exit-code` was asked for: `diff` beyond wording, `deliver plan`."""

    id = "changes-found"
    exit_code = 3
