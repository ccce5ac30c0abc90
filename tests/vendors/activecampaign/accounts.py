"""
What tests of ActiveCampaign's sheet ask and look at.
"""

from klarsyn.personal import Personal
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.activecampaign import activecampaign
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.reading import read


def asked(office, *methods):
    """Return method and kind of the requests so far, in their order, each once."""
    made = [one.request for one in office.standin.exchanges if one.request.method in methods]
    return list(dict.fromkeys(f"{one.method} {one.path.split('/')[3]}" for one in made))


def every(office, record):
    """Return all records of a kind."""
    with office.open(Purpose.AUDIT) as connection:
        return [one for page in read(connection, activecampaign.record(record)) for one in page]


def found(office, record, thorough=True, **known):
    """Return the records of a kind that are about somebody, as a job wants them."""
    identity = Identity(**{kind: (Personal(value),) for kind, value in known.items()})
    with office.open(Purpose.FIND) as connection:
        matches = jobs.find(connection, activecampaign, identity, thorough=thorough).matches
    return [one.target for one in matches if one.seen.record.name == record]


def erased(office, target):
    """Return what became of an erasure."""
    with office.open(Purpose.ERASE) as connection:
        return jobs.erase(connection, target)


def gone(office, target):
    """Return whether an erasure is proved."""
    with office.open(Purpose.FIND) as connection:
        return jobs.gone(connection, target)


def delivered(office, *rows):
    """Return what became of rows."""
    with office.open(Purpose.DELIVER) as connection:
        declared = frozenset(name for row in rows for name in row.values)
        record = activecampaign.record("contact")
        return list(jobs.deliver(connection, record, rows, declared))
