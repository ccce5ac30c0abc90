"""
The sheet against Azurite, Microsoft's own emulator, which knows neither versions nor soft delete.
"""

import shutil

import pytest
from azure.storage.blob import BlobServiceClient

from klarsyn.personal import Personal
from klarsyn.testing.standins.azureblob import AzureBlobStandIn
from klarsyn.transport.connection import Connection, Purpose, Surroundings
from klarsyn.vendors import jobs
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.microsoft_blob import microsoft_blob
from klarsyn.vendors.sheet import Level
from scripts import azurite

pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.skipif(
        not azurite.AZURITE.is_file() or not shutil.which("node"),
        reason="Azurite is not under build/azurite (see scripts/azurite.py), or there is no node",
    ),
]
SECRETS = {"account": AzureBlobStandIn.account, "account_key": AzureBlobStandIn.account_key}
ASE = Identity(email=(Personal("aase@example.org"),), name=(Personal("Åse Ørn"),))


@pytest.fixture
def port():
    """Azurite's, with a letter of one person's own and a list of two in it."""
    with azurite.served_azurite(SECRETS) as port:
        url = f"http://127.0.0.1:{port}/{SECRETS['account']}"
        with BlobServiceClient(url, SECRETS["account_key"]) as account:
            box = account.create_container("box", metadata={"owner": "sales"})
            about = {"customer": "K-1"}
            text = "Kunde Åse Ørn aase@example.org"
            box.upload_blob("f/møde 1.txt", text.encode(), metadata=about, tags=about)
            box.get_blob_client("f/møde 1.txt").create_snapshot()
            box.upload_blob("list.csv", "Åse Ørn;aase@example.org\nLiv;liv@example.org\n".encode())
        yield port


def opened(port, purpose, **settings):
    """Return a connection to the account at Azurite."""
    around = Surroundings(detour=f"http://127.0.0.1:{port}", patience=5)
    known = {**SECRETS, **settings}
    return Connection("microsoft-blob", microsoft_blob.api, known, purpose=purpose, around=around)


def found(port, identity=ASE, **settings):
    """Return what is found of somebody, by key."""
    with opened(port, Purpose.FIND, **settings) as connection:
        finding = jobs.find(connection, microsoft_blob, identity)
    assert finding.coverage.complete
    return {one.seen.key.partition("=")[0]: one.target for one in finding.matches}


def test_somebody_is_found_and_erased(port):
    """
    The letter goes with its snapshot, and the list keeps the other one.
    """
    targets = found(port)
    assert {"f/møde 1.txt", "f/møde 1.txt?snapshot", "list.csv"} == set(targets)
    with opened(port, Purpose.ERASE) as connection:
        outcomes = {key: jobs.erase(connection, one) for key, one in targets.items()}
        gone = [jobs.gone(connection, one) for one in targets.values()]

    assert ({"done"}, [True] * 3) == ({one.state for one in outcomes.values()}, gone)
    assert (Level.PURGED, Level.REDACTED) == (
        outcomes["f/møde 1.txt"].level,
        outcomes["list.csv"].level,
    )
    assert {} == found(port)
    liv = Identity(email=(Personal("liv@example.org"),))
    assert {"list.csv"} == set(found(port, liv))


def test_letter_is_rectified(port):
    """
    A text is written anew with its tags, by which it is found again.
    """
    letter = found(port)["f/møde 1.txt"]
    with opened(port, Purpose.RECTIFY) as connection:
        outcome = jobs.rectify(connection, letter, {"text": "Kunde Åse Lind"})
    with opened(port, Purpose.FIND) as connection:
        assert jobs.rectified(connection, letter, {"text": "Kunde Åse Lind"})

    assert "done" == outcome.state
    numbered = Identity(reference=(Personal("K-1"),))
    assert "f/møde 1.txt" in found(port, numbered, tags=["customer"])


def test_change_meanwhile_is_kept(port):
    """
    Azurite guards a blob by its ETag, too.
    """
    letter = found(port)["f/møde 1.txt"]
    for text, state in (("first", "done"), ("second", "refused")):
        with opened(port, Purpose.RECTIFY) as connection:
            assert state == jobs.rectify(connection, letter, {"text": text}).state
    with opened(port, Purpose.ERASE) as connection:
        assert "refused" == jobs.erase(connection, letter).state
