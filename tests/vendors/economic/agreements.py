"""
Asking an agreement at e-conomic or Reviso: what the tests of both sheets have in common.
"""

import json

from klarsyn.testing.standins.economic_wire import EconomicRefusal
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import Row


def asked(running, *methods):
    """Return method and path of the requests so far."""
    made = [one.request for one in running.standin.exchanges]
    return [f"{one.method} {one.path}" for one in made if not methods or one.method in methods]


def bodies(running, method="PUT"):
    """Return the bodies of the requests of a method."""
    made = [one.request for one in running.standin.exchanges]
    return [json.loads(one.body) for one in made if one.method == method]


def targets(running, record, suits=lambda _raw: True):
    """Return the records of a kind that suit, as a job wants them."""
    with running.open(Purpose.AUDIT) as connection:
        pages = list(read(connection, running.trial.vendor.record(record)))
    return [seen.target for page in pages for seen in page if suits(seen.raw)]


def matches(running, person, record, *kinds):
    """Return the records of a kind that are about somebody, as a job wants them."""
    found = running.find(person, *(kinds or ("name",))).matches
    return [one.target for one in found if one.seen.record.name == record]


def erased(running, target):
    """Return what became of an erasure, and whether the person is gone."""
    with running.open(Purpose.ERASE) as connection:
        outcome = jobs.erase(connection, target, patience=10)
        return outcome, jobs.gone(connection, target)


def rectified(running, target, **changes):
    """Return what became of a rectification."""
    with running.open(Purpose.RECTIFY) as connection:
        return jobs.rectify(connection, target, changes, patience=10)


def given(running, *rows, **settings):
    """Return what became of rows that were delivered."""
    with running.open(Purpose.DELIVER) as connection:
        connection.settings |= settings
        declared = frozenset(name for row in rows for name in row.values)
        return list(jobs.deliver(connection, running.trial.main(connection), rows, declared))


def row(known_as="", **values):
    """Return a row of a delivery."""
    return Row("k-1", values, known_as)


def refusing(running, method, path, refusal=(404, "Resource not found.", "E06000")):
    """Let the vendor refuse the requests of one kind from now on."""

    def refused(request, **_):
        return running.standin.told(request, EconomicRefusal(*refusal))

    running.standin._routes = [
        (one, pattern, refused if one == method and pattern.fullmatch(path) else answer)
        for one, pattern, answer in running.standin._routes
    ]
