"""
Sources of a few rows for tests: a CSV file, its settings, and the register of examples/klarpris.
"""

from dataclasses import replace
from functools import cache
from typing import Any

import msgspec

from klarsyn import keys
from klarsyn.people.hashes import Hashes
from klarsyn.people.rejected import Rejections
from klarsyn.people.source import Source
from klarsyn.register import load
from klarsyn.register.company import Terms
from klarsyn.sourcesettings import SourceForm, SourceSettings
from tests.acceptance.processes import EXAMPLES

FORM = SourceForm(delimiter=";", encoding="utf-8", decimal=",", date="%d.%m.%Y")
KEY = "a:" + "A" * 43
OLDER_AND_NEWER = f"{KEY} b:{'B' * 43}"


@cache
def register():
    """Return the register of the example, with a date of birth beside the rest."""
    found = load(EXAMPLES / "klarpris" / "register")
    born = msgspec.structs.replace(
        found.elements["person.name"],
        fideslang=Terms(terms=["user.demographic.date_of_birth"], match="exact"),
        dpv=Terms(terms=["pd:BirthDate"], match="exact"),
    )
    return replace(found, elements={**found.elements, "person.born": born})


def settings(**given):
    """Return the settings of a small source; what is given stands in their place."""
    usual: dict[str, Any] = {
        "csv": "people.csv",
        "form": FORM,
        "key": "no",
        "country": "DK",
        "columns": {"person.email": "mail"},
    }
    return SourceSettings(**usual | given)


def source(folder, text, **given):
    """Write people.csv and return its source."""
    (folder / "people.csv").write_text(text, encoding="utf-8", newline="")
    return Source(settings(**given), register(), folder)


def read(folder, text, **given):
    """Return the people of a file, and the rows that were refused."""
    rejected = Rejections()
    batches = list(source(folder, text, **given).read(rejected))
    return [one for batch in batches for one in batch], rejected


def batch(folder, text, **given):
    """Return the first batch of a file."""
    return next(source(folder, text, **given).read(Rejections()))


def told(rejected):
    """Return what was refused, as line, column and reason."""
    return [(one.line, one.column, str(one.reason)) for one in rejected.first]


def hashes(written=KEY, key_id=""):
    """Return hashes under invented keys."""
    return Hashes(keys.load({"KLARSYN_KEYS": written}), key_id)
