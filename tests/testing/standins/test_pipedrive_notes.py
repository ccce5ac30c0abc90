"""
Notes, files, mail and the flow hang on persons, organizations and deals.
"""

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.pipedrive import PipedriveStandIn
from tests.testing.referee import refereed
from tests.testing.standins.pipedrive_asking import ALWAYS, V1, ask, everything, find, get

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("pipedrive", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A company of twelve customers, whose clock stands still."""
    with PipedriveStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def test_notes_hang_on_persons_and_organizations(standin):
    """
    A note about somebody may hang on another's organization, where no person leads to it.
    """
    (one,) = get(standin, f"{V1}/notes", person_id=2)
    (two,) = get(standin, f"{V1}/notes", org_id=4)

    assert standin.people[1].phone in one["content"]
    assert standin.people[1].name == one["person"]["name"]
    assert standin.people[2].email in two["content"]
    assert get(standin, f"{V1}/notes", deal_id=1) is None
    assert get(standin, f"{V1}/notes", lead_id="00000000-0000-0000-0000-000000000001") is None
    assert get(standin, f"{V1}/notes", updated_since="2027-01-01T00:00:00Z") is None
    assert 2 == len(everything(standin, f"{V1}/notes", limit=1))


def test_notes_are_written_and_deleted_for_good(standin):
    """
    A note's text is found where it hangs, after the lag, and is gone with the note.
    """
    body = {"content": "Bor på Snestien", "deal_id": 1, "person_id": 1, "org_id": 1}
    _, _, made = ask(standin, "POST", f"{V1}/notes", body)
    path = f"{V1}/notes/{made['data']['id']}"
    ask(standin, "PUT", path, {"content": "Bor på Hvalstien"})
    standin.clock.move(seconds=standin.SEARCH_LAG_SECONDS)

    assert "Bor på Hvalstien" == get(standin, path)["content"]
    assert 3 == len(find(standin, "Hvalstien", "itemSearch"))
    assert (200, True) == (ask(standin, "DELETE", path)[0], True)
    assert 404 == ask(standin, "GET", path)[0]
    standin.clock.move(seconds=standin.SEARCH_LAG_SECONDS)
    assert [] == find(standin, "Hvalstien", "itemSearch")
    assert 400 == ask(standin, "POST", f"{V1}/notes", {"content": "x"})[0]


def test_files_are_marked_and_purged(standin):
    """
    A file's name names somebody; deleted, it is kept for thirty days.
    """
    (file,) = get(standin, f"{V1}/persons/10/files")
    assert standin.people[9].name in file["name"]
    assert [file] == everything(standin, f"{V1}/files", limit=100)
    path = f"{V1}/files/{file['id']}"
    assert file["name"] in ask(standin, "GET", f"{path}/download")[2]
    assert {"id": 1} == ask(standin, "DELETE", path)[2]["data"]
    assert get(standin, f"{V1}/files") is None
    assert not get(standin, path)["active_flag"]
    standin.clock.move(days=30)
    assert 404 == ask(standin, "GET", path)[0]
    assert 400 == ask(standin, "GET", f"{V1}/files?limit=101")[0]


def test_flow_tells_all_of_a_person(standin):
    """
    Changes, notes, activities and files stand in one list.
    """
    kinds = {
        row["object"]
        for number in (1, 2, 9, 10)
        for row in get(standin, f"{V1}/persons/{number}/flow")
    }

    assert {"personChange", "note", "activity", "file"} == kinds
