import threading
from contextlib import contextmanager

import psycopg
import pytest
from dbos import DBOS

from klarsyn import keys as klarsyn_keys
from klarsyn.durable import carrying as carrying_module
from klarsyn.durable import work
from klarsyn.durable.slots import executor
from klarsyn.errors import StorageError, WorkRefused, said
from tests.durable.conftest import carrying

pytestmark = pytest.mark.slow

VALUE = "astrid.lindqvist@example.org"


@work("press.print", 1)
def printing(run, pages=2, wait="", secret=""):
    """Print pages, one a step; wait in front of one where the test says so."""
    for page in range(pages):
        run.step(f"page {page}", lambda page=page: run.around.printed(page, wait))
    return {"pages": pages}


class Press:
    """Counts pages, and can be halted."""

    def __init__(self):
        """Stand ready."""
        self.pages = []
        self.halted = threading.Event()
        self.go_on = threading.Event()

    def printed(self, page, wait):
        """Print a page; in front of the one that is named wait for `go_on`."""
        if str(page) == wait:
            self.halted.set()
            assert self.go_on.wait(20)
        self.pages.append(page)
        return page


@pytest.fixture
def press():
    """A press that has printed nothing."""
    return Press()


@pytest.fixture
def goes_on_at_the_end(press, monkeypatch):
    """Let the press go on once its worker knows that it is to end, and not before."""
    leave = carrying_module.Worker.__exit__

    def leaving(worker, *raised):
        threading.Thread(target=lambda: worker._ending.wait(20) and press.go_on.set()).start()
        leave(worker, *raised)

    monkeypatch.setattr(carrying_module.Worker, "__exit__", leaving)


def words(events):
    """Return what was told, without facts."""
    return [event for event, _ in events]


@pytest.mark.usefixtures("goes_on_at_the_end")
def test_step_under_way_ends_and_the_rest_is_left(opened, press, events):
    """
    Whoever stops a worker waits for a step, not for all the work; the next worker goes on.
    """
    first = opened(printing, around=press)
    first.start(printing, "p:1", pages=3, wait="1")
    with carrying(first):
        assert press.halted.wait(20)

    assert [0, 1] == press.pages
    assert "waiting" == first.state("p:1").stage
    opened(printing, around=press).follow("p:1")
    assert [0, 1, 2] == press.pages
    assert ["worker-began", "work-began", "worker-ended"] == words(events)[:3]


def test_one_process_carries_once(opened, press):
    """
    The engine below is one a process; a second is refused, not mixed with the first.
    """
    one, other = opened(printing, around=press), opened(printing, around=press)
    one.start(printing, "p:1", wait="0")
    with carrying(one):
        assert press.halted.wait(20)
        with pytest.raises(WorkRefused, match="carries work already"):
            other.work()
        press.go_on.set()
        assert "done" == one.wait("p:1", 20).stage


def test_worker_does_not_begin_where_work_is_unknown(opened, press):
    """
    It would take it from the queue and never carry it; it waits instead (trap 1d.4).
    """
    opened(printing, around=press).start(printing, "p:1")
    with pytest.raises(WorkRefused, match=r"this Klarsyn does not know: press\.print/1"):
        opened().work()
    knows = opened(printing, around=press)

    assert "done" == knows.follow("p:1").stage


def test_work_of_a_dead_worker_is_taken_over(opened, press, events):
    """
    The engine by itself would leave it for ever, even after a clean end (trap 1d.2).
    """
    engine = opened(printing, around=press)
    engine.start(printing, "p:1", lane="press")
    mark_as_carried(engine, "p:1", 7)

    assert "running" == engine.state("p:1").stage
    assert "done" == engine.follow("p:1").stage
    assert ("work-taken-over", {"slot": 7, "count": 1}) in events
    assert "press" == engine.state("p:1").lane


def test_work_of_a_living_worker_is_left_to_it(opened, press, events):
    """
    Its lock says that it lives (trap 1d.3).
    """
    engine = opened(printing, around=press)
    engine.start(printing, "p:1")
    mark_as_carried(engine, "p:1", 7)
    slot = engine._below.slots.take(7)
    carrying_module.reap(engine._below, 1, engine._shop.tell)

    assert "running" == engine.state("p:1").stage
    assert [] == events
    slot.release()


def test_missing_key_is_told_and_nothing_is_lost(opened, press, keys, events):
    """
    A worker that was started without an older key leaves the work to one that has it (trap 1d.5).
    """
    engine = opened(printing, around=press)
    engine.start(printing, "p:1")
    strange = klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("other")})
    blind = opened(printing, around=press, keys=strange)
    blind.work(lambda: "key-missing" in words(events))

    assert [] == press.pages
    assert "done" == engine.follow("p:1").stage


@pytest.mark.usefixtures("goes_on_at_the_end")
def test_missing_key_in_the_middle_is_told_too(opened, press, keys, events):
    """
    The arguments can be read, but a step was recorded under a newer key.
    """
    older, newer = klarsyn_keys.made("1"), klarsyn_keys.made("2")
    both = klarsyn_keys.load({"KLARSYN_KEYS": f"{older} {newer}"})
    one = klarsyn_keys.load({"KLARSYN_KEYS": older})
    opened(printing, around=press, keys=one).start(printing, "p:1", pages=3, wait="1")
    first = opened(printing, around=press, keys=both)
    with carrying(first):
        assert press.halted.wait(20)
    opened(printing, around=press, keys=one).work(lambda: "key-missing" in words(events))

    assert "waiting" == first.state("p:1").stage
    assert "done" == opened(printing, around=press, keys=both).follow("p:1").stage
    assert [0, 1, 2] == press.pages


def test_arguments_of_other_work_are_not_used(opened, press):
    """
    Whoever can write to the database cannot let work do what was asked of another.
    """
    engine = opened(printing, around=press)
    engine.start(printing, "p:1", pages=1)
    engine.start(printing, "p:2", pages=9)
    inputs = "update {0}workflow_input set inputs = (select inputs from {0}workflow_input"
    write(engine, inputs + " where workflow_uuid = 'p:2') where workflow_uuid = 'p:1'")

    assert "belongs to other work" in str(engine.follow("p:1").failure)
    engine.follow("p:2")


def test_step_of_other_work_is_not_used(opened, press):
    """
    The same for what a step gave.
    """
    engine = opened(printing, around=press)
    for run in ("p:1", "p:2"):
        engine.start(printing, run)
    engine.follow("p:1")
    engine.follow("p:2")
    write(
        engine,
        "update {0}operation_outputs set output = (select output from"
        " {0}operation_outputs where workflow_uuid = 'p:2' and function_id = 1)"
        " where workflow_uuid = 'p:1' and function_id = 1",
    )
    mark_as_carried(engine, "p:1", 7)

    assert "belongs to other work" in str(engine.follow("p:1").failure)


def test_lost_place_is_taken_anew(opened, press, url, server, events):
    """
    PostgreSQL was restarted: somebody else may have our place, so the worker takes another.
    """
    if url.startswith("sqlite"):
        pytest.skip("a file does not hang up")
    engine = opened(printing, around=press)
    with carrying(engine):
        until(lambda: "worker-began" in words(events))
        with psycopg.connect(server, autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(pid, 5000) from pg_locks"
                " where locktype = 'advisory' and pid <> pg_backend_pid()"
            )
        until(lambda: 2 == words(events).count("worker-began"))
        engine.start(printing, "p:1")
        assert "done" == engine.wait("p:1", 20).stage


def test_place_is_taken_when_the_database_is_back(opened, press, events, monkeypatch):
    """
    A server that restarts takes its time; a worker that had begun waits for it.
    """
    engine = opened(printing, around=press)
    take, taken = engine._below.slots.take, []

    def flaky(number):
        taken.append(number)
        if len(taken) == 2:
            raise StorageError(said("Away."))
        slot = take(number)
        if len(taken) == 1:
            monkeypatch.setattr(slot, "held", lambda: False)
        return slot

    monkeypatch.setattr(engine._below.slots, "take", flaky)
    engine.start(printing, "p:1")
    engine.work(lambda: engine.state("p:1").ended)

    assert [1, 1, 1] == taken
    assert "database-away" in words(events)


def test_database_that_was_never_there_ends_it(opened, press, monkeypatch):
    """
    A wrong address is told at once.
    """
    engine = opened(printing, around=press)

    def away(number):
        raise StorageError(said("Away."))

    monkeypatch.setattr(engine._below.slots, "take", away)
    with pytest.raises(StorageError, match="Away"):
        engine.work()


def test_worker_ends_without_its_database(opened, press, monkeypatch):
    """
    Its place is free, and whoever takes it takes over what is left.
    """
    engine = opened(printing, around=press)
    with monkeypatch.context() as broken:

        def away(*_):
            raise StorageError(said("Away."))

        broken.setattr(carrying_module, "take_over", away)
        with pytest.raises(StorageError, match="Away"), carrying_here(engine):
            engine.stop()
    other = opened(printing, around=press)
    other.start(printing, "p:1")

    assert "done" == other.follow("p:1").stage


@contextmanager
def carrying_here(engine):
    """Be a worker in this thread."""
    shop = engine._shop
    with carrying_module.Worker(engine._below, engine._works, shop.around, shop.tell, 8):
        yield


def test_worker_that_cannot_begin_leaves_nothing(opened, press, monkeypatch):
    """
    The next one in the process is not refused for it.
    """
    engine = opened(printing, around=press)

    def fail(**_):
        raise OSError(VALUE)

    with monkeypatch.context() as broken:
        broken.setattr(DBOS, "launch", fail)
        with pytest.raises(Exception, match="did not keep the steps of work: OSError") as refusal:
            engine.work()
    engine.start(printing, "p:1")

    assert VALUE not in str(refusal.value)
    assert "done" == engine.follow("p:1").stage


def mark_as_carried(engine, run, number):
    """Leave work as a worker in a slot would that was killed."""
    write(
        engine,
        "update {0}workflow_status set status = 'PENDING', executor_id = :executor"
        " where workflow_uuid = :run",
        executor=executor(number),
        run=run,
    )


def write(engine, statement, **values):
    """Write to the engine's own tables."""
    import sqlalchemy as sa

    schema = "" if engine._below.schema == "main" else f"{engine._below.schema}."
    with engine._below._engine.begin() as connection:
        connection.execute(sa.text(statement.format(schema)), values)


def until(condition):
    """Wait until something holds, at most twenty seconds."""
    for _ in range(400):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never came")
