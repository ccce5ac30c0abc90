import hashlib
import re
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import pytest

from klarsyn import yamlfiles
from klarsyn.publication import inspection
from klarsyn.register import examine, load, loading
from klarsyn.register.facts import Fact, Part, parts

NORDLYS = Path(__file__).parents[2] / "examples" / "nordlys"
REGISTER = NORDLYS / "register"
PAPERS = NORDLYS / "papers"
FILES = sorted(path.relative_to(REGISTER).as_posix() for path in REGISTER.rglob("*.yaml"))

DAYS = [
    date(2026, 11, 22),  # the day of the examples
    date(2027, 1, 15),  # the year has turned
    date(2027, 2, 28),  # the last month before the first review is due
]

_PRINTED = "Nordlys had no page kept by hand before"
_FINDING = "to use it is to leave a finding open"
_ACCEPTED = "nothing is open that could be accepted"
_ITS_OWN = "its calculation is no example"

#: What an example without a finding cannot use, and why.
_NOWHERE = "its vendors are invented: there is nowhere to send to"
UNUSED = {
    "Accepted": _ACCEPTED,
    "Acceptance": _ACCEPTED,
    "Calculation.decimals": "its score is a whole number",
    "Calculation.example": _ITS_OWN,
    "Calculation.period": _ITS_OWN,
    "Calculation.version": _ITS_OWN,
    "Company.known_gaps": _FINDING,
    "Company.no_data_protection_officer": "it has an officer",
    "Company.printed": _PRINTED,
    "DataElement.question": _FINDING,
    "Definition.printed": _PRINTED,
    "Deliver": _NOWHERE,
    "Fact.not_yet_known_until": _FINDING,
    "Figure.label": "its inputs have labels",
    "Gap": _FINDING,
    "Held.printed": _PRINTED,
    "PrintedLabel": _PRINTED,
    "PrintedPage": _PRINTED,
    "PrintedRow": _PRINTED,
    "Vendor.deliver": _NOWHERE,
    "Vendor.printed": _PRINTED,
}


@pytest.fixture(scope="module")
def nordlys():
    """The register of the example."""
    return load(REGISTER)


@cache
def written():
    """Return every part of every file, as it was read."""
    kinds = loading.NEEDED | loading.OPTIONAL
    wholes = [
        yamlfiles.load(
            REGISTER / name,
            kinds[name] if name in kinds else loading.FOLDERS[name.partition("/")[0]],
            shown=name,
        ).value
        for name in FILES
    ]
    return [part for whole in wholes for _, part in parts(whole) if isinstance(part, Part)]


def kinds_of_part(base=Part):
    """Return every class of the model."""
    found = set(base.__subclasses__())
    return found.union(*(kinds_of_part(one) for one in found))


def papers():
    """Return the papers that the register names, each with its hash where one is given."""
    for part in written():
        for name in ("file", "report"):
            if path := getattr(part, name, None):
                yield path, getattr(part, "sha256", None)


def test_nordlys_has_vendors_of_every_declaration(nordlys):
    """
    Data are listed, written in at times, and absent: each is shown once at least.
    """
    declared = {one.declaration for vendor in nordlys.vendors.values() for one in vendor.processing}

    assert {"listed", "incidental", "none"} == declared


@pytest.mark.parametrize("day", DAYS, ids=date.isoformat)
def test_nordlys_has_no_finding(nordlys, day):
    """
    A register can be complete: nothing is open, and nothing had to be accepted.
    """
    outcome = examine(nordlys, day)

    assert [] == [f"{one.rule.id} at {one.place}" for one in outcome.open]
    assert () == outcome.accepted


def test_nordlys_knows_all_its_facts():
    """
    No fact is written as not yet known.
    """
    facts = [part for part in written() if isinstance(part, Fact)]

    assert len(facts) > 100
    assert [] == [fact for fact in facts if not fact.known]


def test_nordlys_speaks_six_languages(nordlys):
    """
    Each text stands in its own language, and the colours can be read.
    """
    assert ["sv", "da", "nb", "en", "de", "fi"] == nordlys.company.languages
    assert [] == inspection.of_register(nordlys)


def test_papers_are_those_that_were_hashed():
    """
    A paper that changed after it was filed is noticed.
    """
    hashed = [(path, digest) for path, digest in papers() if digest]

    assert len(hashed) >= 9
    assert hashed == [
        (path, hashlib.sha256((NORDLYS / path).read_bytes()).hexdigest()) for path, _ in hashed
    ]


def test_papers_are_all_there_and_all_named():
    """
    The register names each paper in the folder, and no other.
    """
    there = {path.relative_to(NORDLYS).as_posix() for path in PAPERS.iterdir()}

    assert there == {path for path, _ in papers()}


def test_nordlys_shows_every_field_of_the_model():
    """
    Whoever looks for how a field is written finds it here, but for those named above.
    """
    used = {
        f"{type(part).__name__}.{field.name}"
        for part in written()
        for field in msgspec.structs.fields(part)
        if field.required or getattr(part, field.name) != default(field)
    }
    seen = {type(part) for part in written()}
    wanted = {one.__name__ for one in kinds_of_part() - seen} | {
        f"{one.__name__}.{field.name}" for one in seen for field in msgspec.structs.fields(one)
    }

    assert sorted(UNUSED) == sorted(wanted - used)


def default(field):
    """Return what a field holds where the file does not name it."""
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def test_nordlys_is_nobody():
    """
    Every web and mail address lies below `example`, which nobody can own.
    """
    texts = [path.read_text() for path in NORDLYS.rglob("*") if path.suffix in {".yaml", ".txt"}]
    hosts = set(re.findall(r"(?:https://|\w@)([\w.-]+\w)", "\n".join(texts)))

    assert "nordlys.example" in hosts
    assert [] == sorted(host for host in hosts if not host.endswith(".example"))


def test_logo_is_a_small_drawing_without_scripts(nordlys):
    """
    The logo holds shapes only, so that a strict policy can serve it.
    """
    logo = (REGISTER / nordlys.company.look.logo).read_text()
    names = set(re.findall(r"<(\w+)", logo))

    assert {"svg", "rect", "path"} == names
    assert len(logo) < 1_000
