from dataclasses import replace
from datetime import timedelta

import pytest

from klarsyn import storage as storages
from klarsyn.durable import Run
from klarsyn.errors import said
from klarsyn.personal import Secret
from klarsyn.settings import OwnRetention
from klarsyn.storage import Buckets, Vault
from klarsyn.upkeep.erased import remembered
from klarsyn.upkeep.retention import GRACE, NIGHTLY, erase, retain, standing
from tests.disclosure.world import world
from tests.upkeep.house import KEYS, VENDOR, House, identities, moved

USUAL = OwnRetention()
WHY = said("the vendor refuses it")


def none(_):
    """No step of work is recorded anywhere."""
    return 0


def due(house, forget=none):
    """Return what is due and overdue, by class."""
    found = standing(house.storage, house.clock.now(), USUAL, forget)
    return {one.kept.id: (one.due, one.overdue) for one in found if one.due}


def erased(house, forget=none):
    """Run the job."""
    return erase(house.storage, house.journal, house.clock.now(), USUAL, forget)


def make_letter(house):
    """Keep a refused row."""
    house.letters.put(VENDOR, house.person(1), {"email": "freja.1@example.com"})


def make_upload(house):
    """Do everything once: a task with a file, an account, a request."""
    house.furnish(people=1)


def make_secret(house):
    """Store a secret that ends tomorrow."""
    soon = house.clock.now() + timedelta(days=1)
    Vault(house.storage, KEYS.all("seal")).put("a:refresh", Secret("token"), soon)


def make_past_recipient(house):
    """Let a vendor have somebody, and remove them."""
    house.deliver(1)
    house.deliver(1, "remove")
    house.journal.subject(house.person(1))


def make_refusal(house):
    """Let a vendor refuse a row to the end."""
    house.change(1)
    house.ledger.claim(VENDOR, [house.person(1)])
    house.ledger.postpone(VENDOR, house.person(1), "dead", WHY)


def make_lifted_opt_out(house):
    """Let somebody opt out and in again."""
    house.facts.opt_out(identities(1), house.clock.now())
    house.facts.opt_in(identities(1), house.clock.now(), "form-1")


def make_lifted_tombstone(house):
    """Let somebody be erased and come back."""
    house.facts.bury(identities(1), house.clock.now())
    house.facts.lift(identities(1), "approval", "test")


def make_limit(house):
    """Take from a bucket."""
    Buckets(house.storage, house.clock).take("mailchimp", 1, 10)


def make_lease(house):
    """Take a place for a minute."""
    ends = (house.clock.now() + timedelta(minutes=1)).timestamp()
    now = house.clock.now().timestamp()
    house.storage.run("take_slot", name="a", most=1, id="b", expires_at=ends, now=now)


#: What is made, after how many days it is due, and how many rows that is.
CASES = [
    (make_letter, "dead-letters", 30, 1),
    (make_secret, "secrets", 1, 1),
    (make_past_recipient, "past-recipients", 3 * 365 + 1, 1),
    (make_refusal, "refused-changes", 365, 1),
    (make_lifted_opt_out, "lifted-opt-outs", 365, 2),
    (make_lifted_tombstone, "lifted-tombstones", 365, 2),
    (make_limit, "limits", 31, 1),
    (make_lease, "leases", 1 + 1 / 1440, 1),
    (make_upload, "uploads", 731, 1),
    (make_upload, "accounts", 365, 1),
    (make_upload, "approvals", 744, 1),
]


@pytest.mark.parametrize(
    ("make", "name", "days", "count"), CASES, ids=[f"{one[0].__name__}-{one[1]}" for one in CASES]
)
def test_each_class_is_due_on_its_day(storage, clock, make, name, days, count):
    """
    Not before; two days later it is overdue; the job erases it and leaves nothing due.
    """
    house = House(storage, clock)
    make(house)
    moved(clock, days=days, seconds=-60)
    assert name not in due(house)
    moved(clock, seconds=120)
    assert (count, 0) == due(house)[name]
    moved(clock, days=GRACE.days)
    assert (count, count) == due(house)[name]

    assert count <= erased(house)[name]
    assert {} == due(house)


def test_ended_tasks_go_after_their_files(storage, clock):
    """
    In one run, the files first.
    """
    house = House(storage, clock).furnish(people=1)
    moved(clock, days=731)

    assert {"uploads": 1, "tasks": 1}.items() <= erased(house).items()


def test_what_was_erased_is_recorded(storage, clock):
    """
    How much of which class; never of whom.
    """
    house = House(storage, clock)
    make_letter(house)
    moved(clock, days=30, seconds=1)
    assert {"dead-letters": 1} == erased(house)
    assert {} == erased(house)

    assert [{"class": "dead-letters", "rows": 1}] == [
        one.facts for one in house.journal.entries() if one.kind == "retention.erased"
    ]


def test_past_recipients_are_told_while_anybody_holds_something(storage, clock):
    """
    Whoever left one vendor and is at another is told of both, however long it was (C-553/07).
    """
    house = House(storage, clock)
    make_past_recipient(house)
    house.deliver(1, vendor="zendesk")
    moved(clock, days=4000)

    assert {} == due(house)
    house.deliver(1, "remove", vendor="zendesk")
    moved(clock, days=3 * 365 - 1)
    assert {} == due(house)
    moved(clock, days=3)
    assert 2 == erased(house)["past-recipients"]


def test_nothing_leads_to_a_person_of_long_ago(storage, clock):
    """
    With the last row goes by what they were found, and who they are in the journal.
    """
    house = House(storage, clock)
    make_past_recipient(house)
    moved(clock, days=3 * 365 + 1)
    erased(house)

    assert {} == house.traces_of(1)
    assert house.journal.subjects.known(house.person(1)) is None


def test_who_is_about_to_be_sent_again_is_not_forgotten(storage, clock):
    """
    An open change keeps what is known.
    """
    house = House(storage, clock)
    make_past_recipient(house)
    house.change(1)
    moved(clock, days=3 * 365 + 1)

    assert {} == due(house)


def test_many_go_in_parts(storage, clock, monkeypatch):
    """
    So neither memory nor a transaction grows with them.
    """
    monkeypatch.setattr("klarsyn.upkeep.retention._AT_ONCE", 2)
    house = House(storage, clock)
    for number in range(1, 6):
        house.deliver(number)
        house.deliver(number, "remove")
    moved(clock, days=3 * 365 + 1)

    assert {"past-recipients": 5} == erased(house)
    assert 3 == sum(one.kind == "retention.erased" for one in house.journal.entries())


def test_strays_go_at_once(storage, clock):
    """
    They are due, and never told as overdue.
    """
    house = House(storage, clock)
    storage.run("put_identity", hash=b"h" * 16, person=b"p" * 16)
    storage.run("put_known_by", hashes=b"h" * 16, person=b"p" * 16, key_id="old")

    assert {"strays": (2, 0)} == due(house)
    assert {"strays": 2} == erased(house)
    assert {} == due(house)


def test_steps_are_forgotten_by_their_engine(storage, clock):
    """
    Thirty days after the work ended, by whoever keeps them.
    """
    asked = []

    def forget(before):
        asked.append(before)
        return 4

    house = House(storage, clock)
    assert (4, 4) == due(house, forget)["steps"]
    assert {"steps": 4} == erased(house, forget)

    month = clock.now() - timedelta(days=30)
    assert [month, month - GRACE, month] == asked


def test_a_bucket_that_is_not_full_again_stays(storage, clock):
    """
    Else a vendor would be asked more often than it allows.
    """
    Buckets(storage, clock).take("mailchimp", 1e-9, 10)
    moved(clock, days=400)

    assert {} == due(House(storage, clock))


def test_nothing_of_the_erased_stays_in_any_file(tmp_path, clock):
    """
    Neither in the database nor in its log: looked for byte by byte.
    """
    with storages.open(f"sqlite:///{tmp_path / 'klarsyn.db'}", clock) as storage:
        house = House(storage, clock)
        make_past_recipient(house)
        make_lifted_opt_out(house)
        make_refusal(House(storage, clock))
        hidden = [house.person(1), *house.hashes.identities(identities(1))]
        assert [True] * 3 == [_in_files(tmp_path, one) for one in hidden]
        moved(clock, days=2000)
        erased(house)
        # The refused change kept them; it is gone now.
        erased(house)

        assert [False] * 3 == [_in_files(tmp_path, one) for one in hidden]


def _in_files(folder, found):
    return any(found in one.read_bytes() for one in folder.iterdir())


def test_the_job_runs_each_night_and_remembers_who_was_erased(tmp_path):
    """
    As a piece of durable work with a schedule of its own.
    """
    assert "retention" == retain.schedule
    assert "03:30" == NIGHTLY["retention"].daily
    with world(tmp_path / "company") as company:
        around = replace(company.around, tombstones=tmp_path / "tombstones")
        around.facts.bury(identities(1), company.clock.now())
        around.letters.put(VENDOR, around.hashes.person(identities(1)[0].form), {})
        company.clock.move(days=31)

        assert {"dead-letters": 1} == retain.do(Run("run", around))
        assert 2 == remembered(tmp_path / "tombstones").counts["tombstone"]
