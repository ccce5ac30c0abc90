"""
What tests of Pipedrive's sheet ask and look at.
"""

import json
import re

from klarsyn.personal import Personal
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.pipedrive import pipedrive
from klarsyn.vendors.reading import read


def asked(company, *methods, begun=0):
    """Return method and path of the requests so far, ids left out."""
    made = [one.request for one in company.standin.exchanges[begun:]]
    return [f"{one.method} {_plain(one.path)}" for one in made if one.method in methods]


def _plain(path):
    steps = re.sub(r"^/api/v[12]", "", path).split("/")
    return "/".join("*" if re.search(r"\d", step) else step for step in steps)


def bodies(company, method):
    """Return the bodies of the requests of one method."""
    made = [one.request for one in company.standin.exchanges if one.request.method == method]
    return [json.loads(one.body) for one in made if one.body]


def targets(company, record, suits=lambda _raw: True):
    """Return the records of a kind that suit, as a job wants them where nobody is looked for."""
    with company.open(Purpose.AUDIT) as connection:
        pages = list(read(connection, pipedrive.record(record)))
    return [seen.target for page in pages for seen in page if suits(seen.raw)]


def found(company, record, /, *, thorough=False, **known):
    """Return the records of a kind that are about somebody, as a job wants them."""
    identity = Identity(**{kind: (Personal(value),) for kind, value in known.items()})
    with company.open(Purpose.FIND) as connection:
        matches = jobs.find(connection, pipedrive, identity, thorough=thorough).matches
    return [one.target for one in matches if one.seen.record.name == record]


def erased(company, target, **how):
    """Return what became of an erasure."""
    with company.open(Purpose.ERASE) as connection:
        return jobs.carry_out(connection, target.record.erase, target, **how)


def gone(company, target):
    """Return whether an erasure is proved."""
    with company.open(Purpose.FIND) as connection:
        return jobs.gone(connection, target)


def rectified(company, target, /, **changes):
    """Return what became of a rectification."""
    with company.open(Purpose.RECTIFY) as connection:
        return jobs.rectify(connection, target, changes)


def delivered(company, *rows, **around):
    """Return what became of rows."""
    with company.open(Purpose.DELIVER, **around) as connection:
        declared = frozenset(name for row in rows for name in row.values)
        return list(jobs.deliver(connection, pipedrive.record("person"), rows, declared))
