import pytest

from klarsyn import storage as storages
from klarsyn.errors import StorageError
from klarsyn.storage.queries import Query

WHO = Query("who", "select pg_backend_pid()")


@pytest.fixture
def opened(schema):
    """A storage on the server."""
    with storages.open(schema) as storage:
        yield storage


@pytest.fixture
def other(schema):
    """Another one on the same server."""
    with storages.open(schema) as storage:
        yield storage


def end(other, session):
    """End a connection from the server's side."""
    ended = other.run(Query("end", "select pg_terminate_backend(:id, 60000)::text"), id=session)
    assert [("true",)] == ended


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("lock_timeout", "30s"), ("synchronous_commit", "on"), ("application_name", "klarsyn")],
)
def test_connection_is_prepared(opened, setting, expected):
    """
    The same patience and durability as with SQLite.
    """
    assert [(expected,)] == opened.run(Query("show", f"show {setting}"))


def test_idle_connection_that_was_ended_is_replaced(opened, other):
    """
    A server that was restarted in the night costs no error in the morning.
    """
    ((first,),) = opened.run(WHO)
    end(other, first)
    ((second,),) = opened.run(WHO)

    assert first != second


def test_connection_ended_in_a_transaction_is_an_error(opened, other):
    """
    What was done so far is lost, so it cannot just go on.
    """

    def go_on():
        with opened.transaction():
            ((first,),) = opened.run(WHO)
            end(other, first)
            opened.run(WHO)

    with pytest.raises(StorageError, match="did not run who: AdminShutdown"):
        go_on()

    assert opened.run(WHO)


def test_message_holds_no_value(opened):
    """
    PostgreSQL's own words repeat what it could not read.
    """
    with pytest.raises(StorageError) as refusal:
        opened.run(Query("cast", "select cast(:x as bigint)"), x="someone@example.org")

    assert "InvalidTextRepresentation" in str(refusal.value)
    assert "someone" not in str(refusal.value)


def test_address_is_told_without_password():
    """
    Messages name host and database.
    """
    address = "postgresql://us:hush@127.0.0.1:1/ours?connect_timeout=1"
    with pytest.raises(StorageError) as refusal:
        storages.open(address)

    assert "postgresql://127.0.0.1/ours cannot be reached" in str(refusal.value)
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(
    "password", ["hush@hush", "hush/hush", "hush/@hush", "hush?hush", "hush#hush", "[hush", "%hush"]
)
def test_address_that_cannot_be_read_is_not_repeated(password):
    """
    A sign in the password that should be written %40 makes its rest look like a host.
    """
    with pytest.raises(StorageError) as refusal:
        storages.open(f"postgresql://us:{password}@127.0.0.1:1/ours?connect_timeout=1")

    assert "hush" not in str(refusal.value)
