import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn.durable import Schedules, work
from klarsyn.durable.below import APPLICATION, VERSION
from klarsyn.errors import SecretUnreadable, StorageError, UnknownName, VendorDown, WorkFailed, said
from klarsyn.settings import Schedule
from tests.durable.conftest import carrying

pytestmark = pytest.mark.slow

VALUE = "astrid.lindqvist@example.org"


@work("press.print", 1, schedule="print")
def printing(run, pages=1):
    """Print pages, one a step."""
    return [run.step("page", lambda page=page: page) for page in range(pages)]


@work("press.jam", 1)
def jamming(run, how=""):
    """Fail in a step, in a way of ours or of others; notice it where asked to."""

    def jam():
        if how == "ours":
            raise VendorDown(said("The {part} is jammed.", part="tray"), after=60)
        raise ValueError(VALUE)

    try:
        run.step("jam", jam)
    except WorkFailed as failure:
        if how == "noticed":
            return failure.cause
        raise


@work("press.copy", 1)
def copying(run, secret=""):
    """Give back what was asked for, through a step."""
    return run.step("copy", lambda: secret)


class Gauge:
    """How many are inside at once."""

    def __init__(self, patience):
        """Count from nought; whoever is inside alone stays so many seconds for somebody else."""
        self.inside = self.most = 0
        self._patience = patience
        self._came = threading.Condition()

    def through(self):
        """Go in, wait until two have met or nobody comes, and out."""
        with self._came:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self._came.notify_all()
            self._came.wait_for(lambda: self.most > 1, self._patience)
            self.inside -= 1


@work("press.pass", 1)
def passing(run):
    """Pass the gauge."""
    run.step("through", run.around.through)


def test_work_is_done(opened):
    """
    What its function returned is the result.
    """
    engine = opened(printing)
    assert engine.start(printing, "p:1", lane="press", pages=2)
    assert "waiting" == engine.state("p:1").stage
    state = engine.follow("p:1")

    assert ("done", [0, 1], None) == (state.stage, state.result, state.failure)
    assert ("press.print/1", "press") == (state.name, state.lane)


def test_id_is_started_once(opened):
    """
    Whoever comes second is told, and nothing is done twice (trap 1d.6).
    """
    engine = opened(printing)

    assert [True, False] == [engine.start("press.print", "p:1") for _ in range(2)]
    engine.follow("p:1")
    assert not engine.start("press.print", "p:1")


def test_many_who_start_at_once_start_one(opened):
    """
    The database decides, not who looked first.
    """
    engines = [opened(printing) for _ in range(4)]
    started = []
    threads = [
        threading.Thread(target=lambda one=one: started.append(one.start(printing, "p:1")))
        for one in engines
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert [False, False, False, True] == sorted(started)


def test_unknown_work_is_not_started(opened):
    """
    Neither is work that was never started looked at.
    """
    with pytest.raises(UnknownName, match=r"no work called press\.paint"):
        opened(printing).start("press.paint", "p:1")
    with pytest.raises(UnknownName, match="No work was started as p:1"):
        opened(printing).state("p:1")


@pytest.mark.parametrize(
    ("how", "cause", "told"),
    [("ours", "vendor-down", "The tray is jammed."), ("others'", "ValueError", "was raised at")],
)
def test_error_is_kept_as_id_and_message(opened, how, cause, told):
    """
    The words of others are not kept, since they may repeat a value (trap 1d.5).
    """
    engine = opened(jamming)
    engine.start(jamming, "j:1", how=how)
    state = engine.follow("j:1")

    assert "failed" == state.stage
    assert cause == state.failure.cause
    assert told in str(state.failure)
    assert VALUE not in str(state.failure)


def test_work_may_notice_that_a_step_failed(opened):
    """
    It then goes on as it likes.
    """
    engine = opened(jamming)
    engine.start(jamming, "j:1", how="noticed")

    assert "ValueError" == engine.follow("j:1").result


def test_nothing_lies_in_clear(opened, url, storage, tmp_path, capfd):
    """
    Neither arguments, results nor errors, in no file and no log (trap 1d.5).
    """
    engine = opened(copying, jamming)
    engine.start(copying, "c:1", secret=VALUE)
    engine.start(jamming, "j:1")
    assert VALUE == engine.follow("c:1").result
    engine.follow("j:1")

    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert [] == [one for one in files if VALUE.encode() in one.read_bytes()]
    assert [] == [row for row in rows(engine) if VALUE in str(row) or "YXN0cmlk" in str(row)]
    assert VALUE not in "".join(capfd.readouterr())
    assert bool(files) == url.startswith("sqlite")


def test_one_of_a_lane_runs_at_a_time(opened):
    """
    Without a lane work waits for nobody (trap 1d.6).
    """
    for lane, patience, expected in (("press", 0.05, False), ("", 20, True)):
        gauge = Gauge(patience)
        engine = opened(passing, around=gauge)
        for number in range(4):
            engine.start(passing, f"{lane}:{number}", lane=lane)
        engine.work(engine.is_idle)

        assert expected == (gauge.most > 1)


def test_version_and_name_are_fixed(opened):
    """
    By itself the version is a hash of the source, and old work would wait for ever (trap 1d.4).
    """
    engine = opened(printing)
    engine.start(printing, "p:1")
    engine.follow("p:1")

    (version,) = {one.app_version for one in engine._below.client.list_workflows()}
    assert ("klarsyn-1", "klarsyn") == (version, APPLICATION)
    assert VERSION == version
    assert 3 <= len(APPLICATION) <= 256  # trap 1d.7


def test_engine_asks_for_nothing_that_sqlite_refuses(opened):
    """
    What waits is found by lane without the engine's attributes (trap 1d.7).
    """
    engine = opened(printing)
    for lane in ("a", "b"):
        engine.start(printing, f"p:{lane}", lane=lane)

    assert ["p:b"] == [one.run for one in engine.unfinished("b")]
    assert 2 == len(engine.unfinished())
    assert not engine.is_idle()


def test_work_is_cancelled(opened):
    """
    It never begins, and its lane goes on.
    """
    engine = opened(printing)
    for run in ("p:1", "p:2"):
        engine.start(printing, run, lane="press")
    engine.cancel("p:1")

    assert "done" == engine.follow("p:2").stage
    assert "cancelled" == engine.follow("p:1").stage


def test_follower_waits_for_the_worker_that_lives(opened):
    """
    A command that finds a worker leaves the work to it.
    """
    engine, follower = opened(printing), opened(printing)
    with carrying(engine):
        while not follower.has_worker():
            time.sleep(0.01)
        follower.start(printing, "p:1")
        assert "done" == follower.follow("p:1").stage
        assert follower.has_worker()
    assert not follower.has_worker()


def test_followers_of_one_process_begin_together(opened):
    """
    One carries and the others wait, though none has a place yet when they look for a worker.
    """
    engines = [opened(printing) for _ in range(4)]
    for number, engine in enumerate(engines):
        engine.start(printing, f"p:{number}")
    begin = threading.Barrier(len(engines))

    def follow(number):
        begin.wait()
        return engines[number].follow(f"p:{number}").stage

    with ThreadPoolExecutor() as threads:
        assert 4 * ["done"] == list(threads.map(follow, range(4)))


def test_waiting_ends(opened):
    """
    After its seconds, or when the engine is stopped, the state is what it was.
    """
    engine = opened(printing)
    engine.start(printing, "p:1")

    assert "waiting" == engine.wait("p:1", 0.3).stage
    engine.stop()
    assert "waiting" == engine.wait("p:1", 60).stage
    assert "waiting" == engine.follow("p:1").stage


def test_what_was_done_is_forgotten(opened, due, clock):
    """
    Checkpoints are deleted, and with them the due rows that started them.
    """
    engine = opened(printing)
    due.put(printing, "a", clock.now())
    engine.tick()
    (run,) = [one.run for one in engine.unfinished()]
    assert 0 == engine.forget(datetime.now(UTC) + timedelta(days=1))
    assert [("press.print", "a", 1)] == list(due.spent())
    engine.follow(run)

    assert 0 == engine.forget(datetime.now(UTC) - timedelta(days=1))
    assert 1 == engine.forget(datetime.now(UTC) + timedelta(days=1))
    assert [] == list(due.spent())
    assert [] == rows(engine)


def test_due_row_is_started_when_its_time_has_come(opened, due, clock):
    """
    By our clock, under its own id, once.
    """
    engine = opened(printing)
    due.put(printing, "a", clock.now() + timedelta(days=3), arguments={"pages": 2}, lane="a")
    assert 0 == engine.tick()
    clock.move(days=3)

    assert 1 == engine.tick()
    assert 0 == engine.tick()
    assert [0, 1] == engine.follow("press.print:a:1").result


def test_crash_between_start_and_note_starts_nothing_twice(opened, due, clock, monkeypatch):
    """
    The id is known the second time, and the row is noted then.
    """
    engine = opened(printing)
    due.put(printing, "a", clock.now())
    with monkeypatch.context() as crash:
        crash.setattr(due, "started", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            engine.tick()

    assert 0 == engine.tick()
    assert [] == due.now()
    assert ["press.print:a:1"] == [one.run for one in engine.unfinished()]


def test_row_of_unknown_work_waits_and_is_told(opened, due, clock, events):
    """
    A newer Klarsyn put it; it is not lost.
    """
    due.put("press.paint", "a", clock.now())
    assert 0 == opened(printing).tick()

    assert [("work-unknown", {"id": "press.paint:a:1"})] == events
    assert 1 == len(due.now())


def test_schedule_starts_and_puts_itself_again(opened, due, clock, schedules):
    """
    A day by the still clock is a day, and two hours missed are one time.
    """
    engine = opened(printing, schedules=schedules)
    engine.tick()
    clock.move(seconds=2 * 3600)

    assert 1 == engine.tick()
    assert 0 == engine.tick()
    assert [clock.now() + timedelta(hours=1)] == [one.at for one in due.waiting()]


@pytest.fixture
def schedules(due, clock):
    """Something every hour."""
    from zoneinfo import ZoneInfo

    return Schedules(due, clock, {"print": Schedule(every="PT1H")}, ZoneInfo("Europe/Oslo"))


def test_worker_starts_what_is_due(opened, due, clock):
    """
    Nobody else looks at the clock.
    """
    engine = opened(printing)
    due.put(printing, "a", clock.now())
    engine.work(engine.is_idle)

    assert "done" == engine.state("press.print:a:1").stage


def test_database_that_is_away_comes_back(opened, monkeypatch, due, events):
    """
    A worker does not end because a beat failed, and tells it once.
    """
    engine = opened(printing)
    beats = []

    def fail():
        beats.append(1)
        if len(beats) < 3:
            raise StorageError(said("Away."))
        return []

    monkeypatch.setattr(due, "now", fail)
    engine.work(lambda: True)

    assert 3 == len(beats)
    assert 1 == events.count(("database-away", {}))


def test_result_under_a_missing_key_is_not_guessed(opened):
    """
    Whoever asks is told which key is needed, more or less.
    """
    engine = opened(printing)
    engine.start(printing, "p:1")
    engine.follow("p:1")
    strange = klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("other")})
    with pytest.raises(SecretUnreadable, match="What became of p:1"):
        opened(printing, keys=strange).state("p:1")


def test_work_whose_process_dies_too_often_is_given_up(opened):
    """
    What kills its worker does not do so for ever.
    """
    engine = opened(printing)
    engine.start(printing, "p:1")
    write(engine, "update {0}workflow_status set status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'")
    state = engine.state("p:1")

    assert ("failed", "abandoned") == (state.stage, state.failure.cause)


def test_engine_is_closed_by_its_block(opened):
    """
    A command leaves no connection open.
    """
    with opened(printing) as engine:
        assert engine.is_idle()
    assert 0 == engine._below._engine.pool.checkedin()


def rows(engine):
    """Return all that the engine's own tables hold of work."""
    tables = ("workflow_status", "workflow_input", "workflow_output", "operation_outputs")
    return [row for table in tables for row in read(engine, table)]


def read(engine, table):
    """Return the rows of a table of the engine's own."""
    import sqlalchemy as sa

    schema = None if engine._below.schema == "main" else engine._below.schema
    with engine._below._engine.begin() as connection:
        return connection.execute(
            sa.Table(table, sa.MetaData(), schema=schema, autoload_with=connection).select()
        ).fetchall()


def write(engine, statement):
    """Write to the engine's own tables."""
    import sqlalchemy as sa

    schema = "" if engine._below.schema == "main" else f"{engine._below.schema}."
    with engine._below._engine.begin() as connection:
        connection.execute(sa.text(statement.format(schema)))
