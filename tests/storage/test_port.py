import gc
import os
import threading
from dataclasses import dataclass

import pytest

from klarsyn import storage as storages
from klarsyn.errors import StorageConflict, StorageError
from klarsyn.storage.migrations import migrate, read
from klarsyn.storage.opening import database
from klarsyn.storage.port import Storage
from klarsyn.storage.queries import Query

ADD = Query("add", "insert into bucket values (:name, :tokens, 0, 0, 0, 0)")
NAMES = Query("names", "select name from bucket order by name")


@dataclass(frozen=True)
class Held:
    """A name and its tokens."""

    name: str
    tokens: float


def names(storage):
    """Return the names of all buckets."""
    return [name for (name,) in storage.run(NAMES)]


def in_a_thread(work):
    """Do it in a thread of its own and return what comes out."""
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def test_row_is_what_it_is_read_into(storage):
    """
    Columns are given by name, so their order does not matter.
    """
    storage.run(ADD, name="a", tokens=1.5)
    swapped = Query("swapped", "select tokens, name from bucket")

    assert [Held("a", 1.5)] == storage.read(Held, swapped)


def test_values_come_back_as_they_went(storage):
    """
    Text, numbers, bytes and nothing, whatever characters they hold.
    """
    put = Query("put", "insert into secret values (:a, :b, :c, :d, :e)")
    row = ("Åse 'x' \"y\" %s :z", "%(a)s", "--", b"\0\xff", None)
    storage.run(put, **dict(zip("abcde", row, strict=True)))

    assert [row] == storage.run(Query("all", "select * from secret"))


def test_an_instant_keeps_its_microseconds(storage):
    """
    Seconds since 1970 need a double, also where a database calls a float REAL.
    """
    storage.run(ADD, name="a", tokens=1795683600.123456)

    assert [(1795683600.123456,)] == storage.run(Query("t", "select tokens from bucket"))


def test_percent_sign_is_one(storage):
    """
    Placeholders of psycopg do not show in the SQL.
    """
    storage.run(ADD, name="abc", tokens=0.0)

    assert [("abc",)] == storage.run(Query("like", "select name from bucket where name like 'a%'"))


def test_missing_or_unknown_parameter_is_refused(storage):
    """
    A value that no query asks for is a mistake of the program.
    """
    with pytest.raises(TypeError, match=r"add takes \['name', 'tokens'\], not \['name', 'x'\]"):
        storage.run(ADD, name="a", x=1)


def test_unknown_query_is_refused(storage):
    """
    A name that no file of queries has.
    """
    with pytest.raises(KeyError, match="no_such_query"):
        storage.run("no_such_query")


def test_transaction_is_kept_whole(storage):
    """
    Others see all of it, after its end.
    """
    with storage.transaction():
        storage.run(ADD, name="a", tokens=0.0)
        storage.run(ADD, name="b", tokens=0.0)
        seen_before = in_a_thread(lambda: names(storage))

    assert [] == seen_before
    assert ["a", "b"] == in_a_thread(lambda: names(storage))


def test_transaction_that_fails_leaves_nothing(storage):
    """
    Whatever the failure was.
    """

    def interrupted():
        with storage.transaction():
            storage.run(ADD, name="a", tokens=0.0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert [] == names(storage)


def test_inner_transaction_is_undone_alone(storage):
    """
    The outer one goes on as if it had not begun.
    """

    def add_twice():
        with storage.transaction():
            storage.run(ADD, name="b", tokens=0.0)
            storage.run(ADD, name="a", tokens=0.0)

    with storage.transaction():
        storage.run(ADD, name="a", tokens=0.0)
        with pytest.raises(StorageConflict):
            add_twice()
        with storage.transaction():
            storage.run(ADD, name="c", tokens=0.0)

    assert ["a", "c"] == names(storage)


def test_conflict_is_told_without_the_value(storage):
    """
    Which rule was broken, not by what: messages may be logged.
    """
    storage.run(ADD, name="someone@example.org", tokens=0.0)
    with pytest.raises(StorageConflict) as refusal:
        storage.run(ADD, name="someone@example.org", tokens=0.0)

    assert "did not run add" in str(refusal.value)
    assert "bucket" in str(refusal.value)
    assert "someone" not in f"{refusal.value!r} {refusal.value}"


def test_swallowed_error_keeps_nothing(storage):
    """
    PostgreSQL ends such a transaction silently; SQLite would keep half. Both are refused alike.
    """
    storage.run(ADD, name="a", tokens=0.0)

    def swallow():
        with storage.transaction():
            storage.run(ADD, name="b", tokens=0.0)
            with pytest.raises(StorageConflict):
                storage.run(ADD, name="a", tokens=0.0)
            with pytest.raises(StorageError, match="the transaction failed before"):
                storage.run(ADD, name="c", tokens=0.0)

    with pytest.raises(StorageError, match="commit was not run"):
        swallow()

    assert ["a"] == names(storage)


def test_connection_lost_in_a_transaction_is_an_error(storage):
    """
    Nothing of it is kept, and the next one gets a new connection.
    """

    def lose():
        with storage.transaction():
            storage.run(ADD, name="a", tokens=0.0)
            storage._session().connection.close()
            storage.run(ADD, name="b", tokens=0.0)

    with pytest.raises(StorageError):
        lose()

    assert [] == names(storage)


def test_broken_sql_is_our_error(storage):
    """
    A database's own exceptions stay inside.
    """
    with pytest.raises(StorageError, match="did not run broken"):
        storage.run(Query("broken", "select from where"))


def test_thread_has_a_connection_of_its_own(storage):
    """
    It is closed when the thread ends.
    """
    session = in_a_thread(lambda: [storage._session().connection])
    mine = storage._session().connection
    gc.collect()

    assert mine is not session[0]
    assert mine is storage._session().connection
    assert (True, False) == (mine.alive(), session[0].alive())


def test_closed_storage_is_refused(url, clock):
    """
    Every thread's connection is closed; closing twice is no mistake.
    """
    told = []
    opened = storages.open(url, clock, lambda: told.append("closed"))
    connection = opened._session().connection
    opened.close()
    opened.close()

    assert not connection.alive()
    assert ["closed"] == told
    with pytest.raises(RuntimeError, match="closed"):
        opened.run(NAMES)
    with pytest.raises(RuntimeError, match="closed"):
        in_a_thread_raising(lambda: opened.run(NAMES))


def in_a_thread_raising(work):
    """Do it in a thread of its own; what it raises is raised here."""
    caught = in_a_thread(lambda: _caught(work))
    raise caught


def _caught(work):
    try:
        work()
    except RuntimeError as error:
        return error
    return AssertionError("nothing was raised")


def test_forked_process_must_open_its_own(storage, monkeypatch):
    """
    Locks and connections do not survive a fork, and the copies are left alone.
    """
    session = storage._session()
    process = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: process + 1)
    session.close()
    with pytest.raises(RuntimeError, match="another process"):
        storage.run(NAMES)

    monkeypatch.undo()
    assert session.connection.alive()
    session.connection.close()


def test_queries_of_ones_own(url, clock):
    """
    A storage can be given other queries than ours.
    """
    with Storage(database(url, clock), {"one": Query("one", "select 1 as it")}) as opened:
        assert [(1,)] == opened.run("one")


def test_two_threads_wait_for_each_other(storage):
    """
    A transaction that adds to what it read loses nothing, when it begins by writing.
    """
    storage.run(ADD, name="a", tokens=0.0)
    more = Query("more", "update bucket set tokens = tokens + 1 returning tokens")

    def add_hundred():
        for _ in range(50):
            with storage.transaction():
                storage.run(more)
                storage.run(more)

    threads = [threading.Thread(target=add_hundred) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert [(400.0,)] == storage.run(Query("t", "select tokens from bucket"))


def test_storage_without_migrations_is_empty(url, clock):
    """
    Building the port reaches nothing and changes nothing.
    """
    with Storage(database(url, clock)) as opened:
        assert [] == opened.run(opened.database.has_migrations)
        assert list(read()) == migrate(opened, read(), clock)


def test_many_rows_are_kept_together(storage):
    """
    One that breaks a rule keeps all others out.
    """
    with pytest.raises(StorageConflict):
        storage.run_many(ADD, {"name": list("abca")}, tokens=1.0)
    assert [] == names(storage)

    assert 3 == storage.run_many(ADD, {"name": list("abc"), "tokens": [1.0, 2.0, 3.0]})
    assert 0 == storage.run_many(ADD, {"name": []}, tokens=1.0)
    assert ["a", "b", "c"] == names(storage)


def test_rows_that_are_there_already_are_not_counted(storage):
    """
    So who adds can tell whether somebody else was first.
    """
    add = Query("add_new", f"{ADD.text} on conflict do nothing")
    assert 2 == storage.run_many(add, {"name": ["a", "b"]}, tokens=1.0)
    assert 1 == storage.run_many(add, {"name": ["b", "c"]}, tokens=1.0)


def test_many_rows_can_fail_alone(storage):
    """
    Within a transaction only they are undone; what else is run there is kept.
    """
    with storage.transaction():
        storage.run(ADD, name="before", tokens=1.0)
        with pytest.raises(StorageConflict):
            storage.run_many(ADD, {"name": ["a", "a"]}, tokens=1.0)
        storage.run_many(ADD, {"name": ["b"]}, tokens=1.0)
    assert ["b", "before"] == names(storage)


@pytest.mark.parametrize(
    "text",
    [
        "select name from bucket where name = :name",
        "update bucket set tokens = 1 where name = :name\nRETURNING name",
    ],
)
def test_query_that_returns_rows_is_not_run_for_many(storage, text):
    """
    Python 3.11 runs one and 3.12 does not, so it is refused before any database is asked.
    """
    with pytest.raises(TypeError, match="returning_names returns rows"):
        storage.run_many(Query("returning_names", text), {"name": ["a"]})


def test_word_in_a_string_returns_nothing(storage):
    """
    Only what is SQL counts.
    """
    quoted = "insert into bucket values (:name, 0, 0, 0, 0, 0) /* returning */"
    storage.run_many(Query("add_quoted", quoted), {"name": ["a"]})
    assert ["a"] == names(storage)


HAS = Query("has", "select tokens, name from bucket where name in (:names...) and tokens >= :least")
TAKE = Query("take", "update bucket set tokens = 0 where name in (:names...) returning name")


@pytest.mark.parametrize("count", [0, 1, 2, 8, 9, 64, 65, 499, 500, 501, 1200])
def test_one_question_is_asked_for_many(storage, count):
    """
    However many they are, each is answered once, though they are asked for in rounds.
    """
    every = [f"{number:04}" for number in range(1201)]
    storage.run_many(ADD, {"name": every, "tokens": [float(int(one) % 2) for one in every]})
    asked = every[:count]

    found = storage.read_for(Held, HAS, [*asked, "nobody"], least=1.0)
    assert [one for one in asked if int(one) % 2] == sorted(one.name for one in found)
    assert asked == sorted(name for (name,) in storage.run_for(TAKE, asked))
    assert [] == storage.run_for(HAS, asked, least=1.0)


def test_what_is_changed_for_many_is_kept_whole_or_not_at_all(storage):
    """
    A round that fails takes those before it back.
    """
    storage.run_many(ADD, {"name": [f"{one:04}" for one in range(501)]}, tokens=1.0)
    broken = Query(
        "broken",
        "update bucket set tokens = case name when :last then null else 0 end "
        "where name in (:names...)",
    )
    with pytest.raises(StorageError):
        storage.run_for(broken, [f"{one:04}" for one in range(501)], last="0500")
    assert 501.0 == sum(
        one.tokens for one in storage.read(Held, Query("all", "select name, tokens from bucket"))
    )


def test_question_for_many_is_given_all_else_too(storage):
    """
    What stands for one value has to be named, what stands for many must not be.
    """
    with pytest.raises(TypeError, match="has takes"):
        storage.run_for(HAS, ["a"])
    with pytest.raises(TypeError, match="has takes"):
        storage.run_for(HAS, ["a"], least=1.0, names="a")


def test_each_of_many_rows_gives_every_value(storage):
    """
    A column that is missing, or shorter, is a mistake of the caller's; nothing is kept then.
    """
    with pytest.raises(TypeError, match="add takes"):
        storage.run_many(ADD, {"name": ["a", "b"]})
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        storage.run_many(ADD, {"name": ["a", "b"], "tokens": [1.0]})
    assert [] == names(storage)
