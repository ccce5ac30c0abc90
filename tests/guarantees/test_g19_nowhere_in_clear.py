"""G19. Personal data stand nowhere in clear."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from klarsyn.tasks import Uploads, Wanted
from tests.crash.company import founded
from tests.crash.leaking import VENDORS, People, ask, live, without_source
from tests.crash.search import Search
from tests.crash.trial import Trial, nursery

if TYPE_CHECKING:
    from klarsyn.disclosure.around import Around

pytestmark = [pytest.mark.network, pytest.mark.slow]


def test_no_value_of_anybody_is_found_in_anything_that_was_written(
    url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """
    Databases and their logs, workers' logs, plans, evidence, a backup, temporary files, a crash.

    Deliveries met faults and crashes; a dead letter and an upload are kept, encrypted.
    """
    address = url if url.startswith("postgresql") else ""
    vendors = VENDORS[:3] if address else VENDORS
    people, told = People.drawn(), tmp_path / "told"
    told.mkdir()
    with (
        founded(tmp_path / "company", address, vendors) as company,
        nursery(company.folder) as born,
        Trial(company, born, vendors) as trial,
    ):
        live(trial, people)
        if not address:
            ask(trial, told)
        search = Search(people.values)
        assert all(search.content(received(company.standins[one]), one) for one in VENDORS[:3])
        assert all(kept_encrypted(company.around, people.word))
        found = search.postgresql(address) if address else []
        own = without_source(company.folder)
        found += [hit for one in (company.folder, told) for hit in search.folder(one, but=own)]
        found += [hit for one in company.folder.glob("*.sqlite") for hit in search.sqlite(one)]
    if address:
        found += search.folder(data_of(request.getfixturevalue("server")))
    assert [] == found
    assert [] == list((tmp_path / "company" / "cores").iterdir())


def received(standin: Any) -> bytes:
    """Return all that a vendor was sent."""
    return b"".join(one.request.body for one in standin.exchanges)


def kept_encrypted(around: Around, word: str) -> tuple[int, int]:
    """Return how many dead letters and uploads there are about these people, decrypted."""
    letters = [dict(one.values) for one in around.letters.of("mailchimp")]
    texts = [each.reveal() for one in letters for each in one.values() if each]
    uploads = Uploads(around.storage, around.keys)
    kept = [each for task in around.tasks.all(Wanted(state="done")) for each in uploads.of(task.id)]
    files = [uploads.open(one.id).content.decode() for one in kept]
    return sum(word in one for one in texts), sum(word in one for one in files)


def data_of(server: str) -> Path:
    """Return the folder of a server's data, with everything on the disk."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("checkpoint")
        ((folder,),) = connection.execute("show data_directory").fetchall()
    return Path(folder)
