"""
The engine below, dbos, opened at the address of Klarsyn's own database.

In SQLite its checkpoints lie in a file of their own beside ours, in PostgreSQL in a schema of
their own in the same database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from dbos import DBOSClient, Serializer, error
from sqlalchemy.exc import SQLAlchemyError

from klarsyn.clock import Clock
from klarsyn.durable.checkpoints import Checkpoints
from klarsyn.durable.slots import FileSlots, ServerSlots, Slots
from klarsyn.durable.sqlite import StartsConnection, StepsConnection, steps_file
from klarsyn.errors import StorageError, said
from klarsyn.storage.opening import database
from klarsyn.storage.queries import Query

APPLICATION: Final = "klarsyn"
#: Fixed: by itself it would be a hash of the source, and work that was started before any edit
#: would wait for ever (trap 1d.4). Changed work gets a new version in its name instead.
VERSION: Final = "klarsyn-1"
#: One queue, in as many lanes as are asked for: sixteen queues cost six times as much when idle.
QUEUE: Final = "work"
#: How often a worker looks for work. Each look takes about a millisecond.
LOOK_SECONDS: Final = 0.25
UNFINISHED: Final = ["ENQUEUED", "DELAYED", "PENDING"]

_CONNECTIONS: Final = 24
_SCHEMA = Query("current_schema", "select current_schema()")


class SealedCheckpoints(Checkpoints, Serializer):
    """What writes checkpoints, as the engine below wants it (trap 1d.5)."""


class Below:
    """Its database, and a client that starts and looks at work without carrying any."""

    def __init__(self, address: str, clock: Clock, checkpoints: SealedCheckpoints) -> None:
        """Open it and bring its schema up to date; StorageError where that cannot be."""
        self.checkpoints = checkpoints
        self._address = address
        self.slots: Slots
        if address.startswith("sqlite:"):
            file = steps_file(Path(address.removeprefix("sqlite:///")).absolute())
            ours = database(f"sqlite:///{file}", clock)
            # Our own connection makes the file for nobody else to read, and refuses a network's.
            ours.connect().close()
            self._address, self.schema = f"sqlite:///{file}", "main"
            self.slots = FileSlots(file.with_suffix(".slots"))
        else:
            ours = database(address, clock)
            self.schema = _schema_beside(ours.connect())
            self.slots = ServerSlots(ours.connect, self.schema)
        self.shown = ours.shown
        self._engine = self.engine(StartsConnection)
        with self.told():
            self.client = self._client()

    def engine(self, connection: type[StepsConnection] = StepsConnection) -> sa.Engine:
        """Return a pool of connections; errors of its do not repeat what was written."""
        usual: dict[str, Any] = {
            "hide_parameters": True,
            "pool_size": _CONNECTIONS,
            "max_overflow": 0,
        }
        if self._address.startswith("sqlite:"):
            return sa.create_engine(self._address, connect_args={"factory": connection}, **usual)
        usual |= {"pool_pre_ping": True, "creator": self._connection}
        return sa.create_engine("postgresql+psycopg://", **usual)

    @contextmanager
    def told(self) -> Iterator[None]:
        """
        Turn what the engine below raises into a StorageError without its words.

        That an id is in use is an answer, and passes.
        """
        try:
            yield
        except error.DBOSWorkflowIDInUseError:
            raise
        except (SQLAlchemyError, error.DBOSException, OSError) as failure:
            what = said(
                "{database} did not keep the steps of work: {reason}.",
                database=self.shown,
                reason=type(failure).__name__,
            )
            raise StorageError(what) from None

    def close(self) -> None:
        """Let go of every connection."""
        self.client.destroy()
        self._engine.dispose()

    def _client(self) -> DBOSClient:
        client = DBOSClient(
            system_database_engine=self._engine,
            dbos_system_schema=self.schema,
            serializer=self.checkpoints,
            application_name=APPLICATION,
            retry_connection_errors=False,
            lazy=True,
        )
        # Otherwise only a worker could make the schema, and nothing be started before one lived.
        client._sys_db.run_migrations()  # noqa: SLF001  (a public way wants an address with a password)
        return client

    def _connection(self) -> psycopg.Connection:
        opened = psycopg.connect(
            self._address, autocommit=True, connect_timeout=10, application_name="klarsyn-steps"
        )
        # A worker that hangs in the middle of a statement must not keep its locks for ever.
        opened.execute("set idle_in_transaction_session_timeout = '60s'")
        opened.autocommit = False
        return opened


def _schema_beside(connection: Any) -> str:
    """Return the schema of the engine, beside the one that our own tables lie in."""
    try:
        ((ours,),) = connection.execute(_SCHEMA)[1]
    finally:
        connection.close()
    return "klarsyn_steps" if ours == "public" else f"{ours}_steps"
