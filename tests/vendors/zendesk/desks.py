"""
What tests of Zendesk's sheet ask and look at.
"""

import json

from klarsyn.personal import Personal
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.reading import read
from klarsyn.vendors.zendesk import zendesk


def asked(desk, *methods):
    """Return method and path of the requests so far, ids left out."""
    made = [one.request for one in desk.standin.exchanges if one.request.method in methods]
    return [f"{one.method} {_plain(one.path)}" for one in made]


def _plain(path):
    steps = path.removeprefix("/api/v2").split("/")
    return "/".join("*" if step.isdigit() else step for step in steps)


def bodies(desk, method):
    """Return the bodies of the requests of one method."""
    made = [one.request for one in desk.standin.exchanges if one.request.method == method]
    return [json.loads(one.body) for one in made if one.body]


def targets(desk, record, suits=lambda _raw: True):
    """Return the records of a kind that suit, as a job wants them where nobody is looked for."""
    with desk.open(Purpose.AUDIT) as connection:
        pages = list(read(connection, zendesk.record(record)))
    return [seen.target for page in pages for seen in page if suits(seen.raw)]


def found(desk, record, **known):
    """Return the records of a kind that are about somebody, as a job wants them."""
    identity = Identity(**{kind: (Personal(value),) for kind, value in known.items()})
    with desk.open(Purpose.FIND) as connection:
        matches = jobs.find(connection, zendesk, identity).matches
    return [one.target for one in matches if one.seen.record.name == record]


def erased(desk, target, **how):
    """Return what became of an erasure."""
    with desk.open(Purpose.ERASE) as connection:
        return jobs.carry_out(connection, target.record.erase, target, **{"patience": 600, **how})


def gone(desk, target):
    """Return whether an erasure is proved."""
    with desk.open(Purpose.FIND) as connection:
        return jobs.gone(connection, target)


def rectified(desk, target, **changes):
    """Return what became of a rectification."""
    with desk.open(Purpose.RECTIFY) as connection:
        return jobs.rectify(connection, target, changes)


def delivered(desk, *rows, **around):
    """Return what became of rows."""
    with desk.open(Purpose.DELIVER, **around) as connection:
        declared = frozenset(name for row in rows for name in row.values)
        return list(jobs.deliver(connection, zendesk.record("user"), rows, declared))
