"""
Delivering measured beside drt-core: the same people to the same server, in batches, turn by turn.

    .venv/bin/python benchmarks/delivering.py                    50,000 people, 500 in a call
    .venv/bin/python benchmarks/delivering.py --people 5000      fewer

A server of its own process takes batches, answers each row, and counts calls and rows. Each turn
is a process of its own with a database of its own; what is counted is its CPU, all threads, and
that of PostgreSQL where it is used, from when all is loaded and ready to when the last row is
written down. Both run as their commands do: ours collects cycles seldom, drt has its own state and
history, in batch mode (`body_mode: batch`); once as it comes, and once with what it has that is
like a ledger and a journal: `state: backend: warehouse` with `idempotency` and `audit_trail`,
which are in PostgreSQL. Ours plans first: reads, checks, judges, hashes, compares
with the ledger; then each row's outcome goes into ledger and journal, all in durable steps.
drt-core is installed into an environment of its own (`--peers`, made where missing).
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import gc
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PEOPLE, TURNS, BATCH, CHANGED = 50_000, 3, 500, 100
PACKAGES = ("drt-core>=1.2,<2", "psycopg2-binary")
FIELDS = {"name": "name", "email": "email", "phone": "phone"}
"""What is sent there, and the column of the source that it stands in."""
KEPT = "drt, ledger and audit trail"
Begun = Callable[[], None]
"""Called when all is ready and the work begins."""
Run = Callable[[Path, str, int, Begun], None]


# The server -------------------------------------------------------------------------------------


def serve() -> None:
    """Take `POST /people` with a list, answer each row; print the port first."""
    counts = {"calls": 0, "rows": 0}

    class Answering(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.WriteTransport)
            self.transport = transport
            self.waiting = b""

        def data_received(self, data: bytes) -> None:
            self.waiting += data
            while b"\r\n\r\n" in self.waiting:
                head, _, rest = self.waiting.partition(b"\r\n\r\n")
                found = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
                length = int(found or 0)
                if len(rest) < length:
                    return
                body, self.waiting = rest[:length], rest[length:]
                self.transport.write(answer(head, body))

    def answer(head: bytes, body: bytes) -> bytes:
        if head.startswith(b"POST"):
            people = json.loads(body)["people"]
            counts["calls"] += 1
            counts["rows"] += len(people)
            told: Any = {"results": [{"id": one["id"], "status": "created"} for one in people]}
        else:
            told = dict(counts)
            counts.update(calls=0, rows=0)
        reply = json.dumps(told).encode()
        kind = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        return kind + str(len(reply)).encode() + b"\r\n\r\n" + reply

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(main())


# The contestants: each returns what delivers everybody, once it is loaded -------------------------


def ours(folder: Path) -> Run:
    """Klarsyn's own work `disclosure.deliver`, from the plan to the last entry of the journal."""
    from benchmarks.planning import KEYS, announce, company
    from klarsyn.cli.running import collect_seldom
    from klarsyn.disclosure.delivering import deliver
    from klarsyn.durable import Due, Engine, Workshop
    from klarsyn.transport.connection import Surroundings

    # What is loaded when work begins is loaded before it is measured.
    import_module("klarsyn.durable.below")
    import_module("klarsyn.durable.carrying")
    bind = desk()
    collect_seldom()

    def run(work: Path, address: str, day: int, begun: Begun) -> None:
        shutil.copy(folder / f"day-{day}.csv", folder / "customers.csv")
        with company(
            folder,
            str(work / "klarsyn.sqlite"),
            (lambda _: bind, lambda _: Surroundings(detour=address)),
        ) as around:
            announce(around, ["pipedrive"])
            due = Due(around.storage, around.clock)
            shop = Workshop([deliver], around, due=due)
            with Engine(f"sqlite:///{work / 'klarsyn.sqlite'}", around.clock, KEYS, shop) as engine:
                begun()
                name = f"day-{day}"
                engine.start(deliver, name, lane="pipedrive", vendor="pipedrive", digest="")
                engine.work(lambda: engine.state(name).ended)
                state = engine.state(name)
            assert state.stage == "done", state

    return run


def desk() -> Any:
    """Return a connection to a vendor that takes lists of people, with the sheet that it needs."""
    from klarsyn.errors import said
    from klarsyn.transport.auth import NoAuth
    from klarsyn.transport.connection import Connection
    from klarsyn.transport.words import GET, POST, Api, Place, Repeat
    from klarsyn.vendors.connections import Bound
    from klarsyn.vendors.elements import Element
    from klarsyn.vendors.sheet import Delivery, Depth, HowFar, Record, Row, RowOutcome, Vendor

    take = POST("/people", body={"people": Place("people")}, repeat=Repeat.SAFE)

    def sent(connection: Connection, rows: Sequence[Row], _: object) -> Iterator[RowOutcome]:
        people = [{"id": row.key, **row.values} for row in rows]
        results = connection.call(take, people=people).json["results"]
        for row, told in zip(rows, results, strict=True):
            yield RowOutcome(row, told["status"], told["id"])

    api = Api(
        base="https://api.desk.example",
        hosts=("api.desk.example",),
        auth=NoAuth(),
        settings=(),
        reference="",
        read_on="2026-11-26",
    )
    person = Record(
        name="person",
        about=said("people"),
        read=GET("/people"),
        elements=tuple(Element(name) for name in FIELDS),
        deliver=Delivery(send=sent, most=BATCH, match_on="reference", by_key=True),
    )
    far = HowFar(Depth.FULL)
    vendor = Vendor(
        id="desk",
        name="Desk",
        api=api,
        records=(person,),
        read=far,
        find=far,
        rectify=far,
        erase=far,
        deliver=far,
    )
    places = {f"person.{name}": ("person", name) for name in FIELDS}
    return Bound("pipedrive", vendor, {}, places, enabled=True)


def drt(folder: Path, *, kept: bool) -> Run:
    """Drt's engine as its command sets it up; `kept`: with idempotency ledger and audit trail."""
    from drt.config.models import SyncConfig
    from drt.config.profiles import PostgresProfile, SQLiteProfile
    from drt.destinations.rest_api import RestApiDestination
    from drt.engine.observer import CompositeObserver, StatePersistingObserver
    from drt.engine.sync import run_sync
    from drt.sources.sqlite import SQLiteSource
    from drt.state.history import HistoryManager
    from drt.state.manager import LocalStateManager

    if kept:
        import psycopg2

        with psycopg2.connect(host=os.environ["DRT_POSTGRES"], user="postgres") as postgres:
            postgres.cursor().execute("drop schema if exists _drt cascade")  # of an earlier turn

    def run(work: Path, address: str, day: int, begun: Begun) -> None:
        sync = SyncConfig.model_validate(
            {
                "name": "desk",
                "model": "select customer_no as id, name, email, phone from customers",
                "destination": {
                    "type": "rest_api",
                    "url": f"{address}/people",
                    "method": "POST",
                    "headers": {"Content-Type": "application/json"},
                    "body_mode": "batch",
                    "batch_template": '{"people": {{ rows | tojson_safe }}}',
                    "max_records_per_request": BATCH,
                },
                "sync": {
                    "mode": "full",
                    "batch_size": BATCH,
                    "rate_limit": {"requests_per_second": 1_000_000},
                    "idempotency_key": "{{ row.values() | join(':') }}",
                },
            }
        )
        state = LocalStateManager(work)
        more: dict[str, Any] = {}
        if kept:
            from drt.state.warehouse import (
                PostgresComplianceAuditTrail,
                PostgresWarehouseIdempotencyLedger,
            )

            socket, user = os.environ["DRT_POSTGRES"], "postgres"
            postgres = PostgresProfile(type="postgres", host=socket, user=user, dbname=user)
            more = {
                "idempotency_ledger": PostgresWarehouseIdempotencyLedger(postgres),
                "audit_trail": PostgresComplianceAuditTrail(postgres),
                "audit_fields": ["id"],
            }
        begun()
        result = run_sync(
            sync,
            SQLiteSource(),
            RestApiDestination(),
            SQLiteProfile(type="sqlite", database=str(folder / f"day-{day}.sqlite")),
            work,
            state_manager=state,
            history_manager=HistoryManager(work),
            observer=CompositeObserver([StatePersistingObserver(state, None)]),
            **more,
        )
        assert not result.failed, result.row_errors[:1]

    return run


CONTESTANTS: dict[str, Callable[[Path], Run]] = {
    "klarsyn": ours,
    "drt": lambda folder: drt(folder, kept=False),
    KEPT: lambda folder: drt(folder, kept=True),
}


# Turns -------------------------------------------------------------------------------------------


def prepare(folder: Path, people: int) -> None:
    """Write the people of two days, as files for us and as tables for drt."""
    from benchmarks.planning import EXAMPLE, write

    shutil.copytree(EXAMPLE, folder)
    for day in (2, 1):
        write(folder, people, later=day == 2, gone=False)  # noqa: PLR2004  (the second day)
        file = folder / "customers.csv"
        shutil.copy(file, folder / f"day-{day}.csv")
        with file.open(encoding="utf-8", newline="") as stream:
            columns, *rows = csv.reader(stream, delimiter=";")
        with sqlite3.connect(folder / f"day-{day}.sqlite") as table:
            table.execute(f"create table customers ({', '.join(columns)})")
            places = ", ".join("?" * len(columns))
            table.executemany(f"insert into customers values ({places})", rows)  # noqa: S608


def postgres_time() -> float:
    """Return the seconds of CPU of PostgreSQL's processes, those that have ended among them."""
    folder = os.environ.get("DRT_POSTGRES")
    file = Path(folder or "/nowhere") / "postmaster.pid"
    if not file.is_file():
        return 0
    first = file.read_text(encoding="utf-8").split()[0]
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it may have ended meanwhile
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
            if stat.parent.name == first:
                ticks += sum(map(int, fields[11:15]))
            elif fields[1] == first:
                ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def work(name: str, folder: Path, address: str) -> None:
    """Load a contestant, let it deliver on two days, and print what each took."""
    from benchmarks.memory import peak

    run = CONTESTANTS[name](folder)
    took = []
    with tempfile.TemporaryDirectory(prefix="klarsyn-bench-") as made:
        for day in (1, 2):
            gc.collect()
            began, used = 0.0, 0.0

            def begun() -> None:
                nonlocal began, used
                began, used = time.perf_counter(), time.process_time() + postgres_time()

            run(Path(made), address, day, begun)
            wall = time.perf_counter() - began
            cpu = time.process_time() + postgres_time() - used
            with urlopen(address) as told:  # noqa: S310  (the server of this run)
                took.append({"wall": wall, "cpu": cpu, "peak": peak(), **json.load(told)})
    print(json.dumps(took))


def turn(name: str, folder: Path, address: str, peers: Path, socket: str) -> list[dict[str, float]]:
    """Let a process take a turn; return what each day took and what arrived."""
    python = sys.executable if name == "klarsyn" else environment(peers)
    words = [python, __file__, "--worker", name, "--folder", folder, "--address", address]
    environ = {**os.environ, "DRT_POSTGRES": socket}
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True, env=environ)
    told: list[dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return told


def environment(folder: Path) -> Path:
    """Return the Python of drt's environment, made where it is missing."""
    python = folder / "bin" / "python"
    if not python.exists():
        uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", python, *PACKAGES], check=True)
    return python


@contextmanager
def served() -> Iterator[str]:
    """Yield the address of the server, which is gone afterwards."""
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    try:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def compare(folder: Path, asked: argparse.Namespace) -> None:
    """Let everybody take turns, and print medians and ratios within a turn."""
    from tests.testing.postgres import start

    names = [one for one in CONTESTANTS if asked.only is None or one in asked.only]
    data = Path(tempfile.mkdtemp(prefix="klarsyn-pg-"))
    socket = str(start(data)) if KEPT in names else ""
    every: dict[str, list[list[dict[str, float]]]] = {name: [] for name in names}
    with served() as address:
        for _ in range(asked.turns):
            for name, took in every.items():
                took.append(turn(name, folder, address, asked.peers, socket))
                assert took[-1][0]["rows"] == asked.people, took[-1]
    print(f"\n{asked.people:,} people, {BATCH} in a call, {asked.turns} turns; medians")
    heads = f"{'rows':>7}{'calls':>7}{'CPU s':>7}{'us a row':>10}{'rows/s':>8}{'MB':>5}"
    print(f"{'':32}{heads}  CPU, times ours")
    for day in (0, 1):
        print("everybody is new" if day == 0 else f"one in {CHANGED} has changed")
        for name, took in every.items():
            cpu, wall, peak, rows, calls = (
                statistics.median(each[day][one] for each in took)
                for one in ("cpu", "wall", "peak", "rows", "calls")
            )
            pairs = zip(took, every[names[0]], strict=True)
            ratios = sorted(a[day]["cpu"] / b[day]["cpu"] for a, b in pairs)
            print(
                f"  {name:30}{rows:7.0f}{calls:7.0f}{cpu:7.2f}{cpu / rows * 1e6:10.0f}"
                f"{rows / wall:8.0f}{peak:5.0f}  {statistics.median(ratios):.2f} "
                f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
            )
    changed = asked.people // CHANGED
    least = (-(-asked.people // BATCH), -(-changed // BATCH))
    print(f"the least number of calls: {least[0]} for everybody, {least[1]} for the changed")


def main() -> None:
    """Take turns and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--only", action="append", choices=CONTESTANTS)
    parser.add_argument("--peers", type=Path, default=ROOT / "build" / "peers-delivering")
    for hidden in ("--worker", "--address"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve()
    elif asked.worker:
        work(asked.worker, asked.folder, asked.address)
    else:
        with ExitStack() as stack:
            made = stack.enter_context(tempfile.TemporaryDirectory(prefix="klarsyn-bench-"))
            folder = Path(made) / "company"
            prepare(folder, asked.people)
            compare(folder, asked)


if __name__ == "__main__":
    main()
