"""
What tests of Azure's blobs share: accounts, and jobs on them.
"""

from dataclasses import replace

from klarsyn.personal import Personal
from klarsyn.testing.standins.azureblob import AzureBlobStandIn
from klarsyn.testing.standins.azureblob_keeping import Blob
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.microsoft_blob import microsoft_blob
from klarsyn.vendors.reading import read

INVOICE = "2026/F-5001.txt"


class Unversioned(AzureBlobStandIn):
    """An account with soft delete and without versions."""

    versioning = False


def put(running, path, content, **details):
    """Keep a blob as if it had long been there; return its lineage."""
    container, _, name = path.partition("/")
    keeping = running.standin.keeping
    details = {"content_type": "text/plain", **details}
    blob = Blob(name, content, keeping.now(), "", **details)
    keeping.put(keeping.containers[container], blob).searchable_from = keeping.now()
    return keeping.containers[container].lineages[name]


def target(running, name, record="blob", known=()):
    """Return the first record whose key begins with a name, as a job wants it."""
    known = tuple(map(Personal, known))
    with running.open(Purpose.AUDIT) as connection:
        for page in read(connection, microsoft_blob.record(record)):
            for seen in page:
                if seen.key.startswith(name):
                    return replace(seen.target, known=known)
    raise LookupError


def erased(running, chosen, known=None, **settings):
    """Return what became of an erasure; `known` is what a connection has learnt before."""
    with running.open(Purpose.ERASE) as connection:
        connection.settings.update(settings)
        connection.memory.update(known or {})
        return jobs.erase(connection, chosen)


def rectified(running, chosen, **changes):
    """Return what became of a rectification."""
    with running.open(Purpose.RECTIFY) as connection:
        return jobs.rectify(connection, chosen, changes)


def lineage(running, container, name):
    """Return all that is kept under a name."""
    return running.standin.keeping.containers[container].lineage(name)


def sent(running, method):
    """Return the requests of a method so far."""
    return [one.request for one in running.standin.exchanges if one.request.method == method]
