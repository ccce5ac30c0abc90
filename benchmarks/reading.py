"""
Reading a paged API measured beside its peers: one core, all in one run, turn by turn.

    .venv/bin/python benchmarks/reading.py                   all of it
    .venv/bin/python benchmarks/reading.py --peers FOLDER    where the peers' environment is

A server of its own process, on another core where there is one, holds ready-made pages: 100,000
invented records of eight fields, 100 a page, paged by number. Every contestant is a process of its
own that loads first and then waits; they take turns, and each reads all records and touches the
same five values of each. Their CPU seconds are counted, so that a busy machine is busy for all;
ratios within one run count.
The peers are installed into an environment of their own (`--peers`, made where missing).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("dlt", "airbyte-cdk")
RECORDS, SIZE, TURNS = 100_000, 100, 5
FIELDS = ("id", "email", "name", "phone", "company", "city", "country", "updated_at")
TOUCHED = ("email", "name", "phone", "company", "city")
BARE, OURS = "httpx2 and msgspec, bare", "klarsyn, generic reader"
Run = Callable[[str, int], int]


# The server -------------------------------------------------------------------------------------


def pages() -> list[bytes]:
    """Return every reply, ready to be sent; the last one is empty."""
    found = []
    for first in range(0, RECORDS + 1, SIZE):
        records = [
            {
                "id": n,
                "email": f"person.{n}@example.org",
                "name": f"Maja Fjordvik {n}",
                "phone": f"+44 7700 900{n % 1000:03}",
                "company": f"Fjordvik Rør {n} ApS",
                "city": "Nordenby",
                "country": "DK",
                "updated_at": "2026-11-26T09:00:00Z",
            }
            for n in range(first, min(first + SIZE, RECORDS))
        ]
        body = json.dumps({"data": records}, ensure_ascii=False).encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        )
        found.append(head.encode() + b"\r\n" + body)
    return found


def serve() -> None:
    """Answer `GET ...page=N...` from memory; print the port first."""
    import asyncio

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    ready = pages()

    class Answering(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            self.waiting = b""

        def data_received(self, data: bytes) -> None:
            self.waiting += data
            while b"\r\n\r\n" in self.waiting:
                head, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
                line = head.partition(b"\r\n")[0]
                number = line.partition(b"page=")[2].split(b"&")[0].split(b" ")[0]
                page = min(int(number or b"1"), len(ready)) - 1
                assert isinstance(self.transport, asyncio.WriteTransport)
                self.transport.write(ready[page])

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Answering, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(main())


# The contestants: each returns what reads that many records --------------------------------------


def bare() -> Run:
    """Pages by httpx2, decoded into dicts by msgspec; five values of each record are looked up."""
    import httpx2
    import msgspec

    def run(address: str, records: int) -> int:
        count = 0
        with httpx2.Client() as client:
            for page in range(1, records // SIZE + 1):
                reply = client.get(f"{address}/people", params={"page": page, "size": SIZE})
                for record in msgspec.json.decode(reply.content)["data"]:
                    count += len([value for name in TOUCHED if (value := record.get(name))]) > 0
        return count

    return run


def ours() -> Run:
    """Klarsyn's generic reader with a sheet of one record, all guards on; values of each record."""
    from klarsyn.errors import said
    from klarsyn.transport.auth import NoAuth
    from klarsyn.transport.connection import Connection, Purpose, Surroundings
    from klarsyn.transport.words import GET, Api, Numbered
    from klarsyn.vendors.elements import Element
    from klarsyn.vendors.reading import Coverage, read
    from klarsyn.vendors.sheet import Record

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
        read=GET("/people", items="data", pages=Numbered("size", SIZE)),
        elements=tuple(Element(name) for name in TOUCHED),
    )

    def run(address: str, records: int) -> int:
        around, count = Surroundings(detour=address), 0
        with Connection("desk", api, {}, purpose=Purpose.AUDIT, around=around) as connection:
            for page in read(connection, person, Coverage()):
                for seen in page:
                    count += len(seen.values()) > 0
                if count >= records:
                    break
        return count

    return run


def dlt() -> Run:
    """Its rest_api source, iterated only: nothing is normalised or loaded."""
    import logging

    from dlt.sources.rest_api import rest_api_source

    logging.disable(logging.CRITICAL)

    def run(address: str, records: int) -> int:
        paginator = {
            "type": "page_number",
            "base_page": 1,
            "page_param": "page",
            "total_path": None,
            "maximum_page": records // SIZE + 1,  # the first that is not asked for
        }
        endpoint = {
            "path": "people",
            "params": {"size": SIZE},
            "data_selector": "data",
            "paginator": paginator,
        }
        config: Any = {
            "client": {"base_url": address},
            "resources": [{"name": "people", "endpoint": endpoint}],
        }
        count = 0
        for record in rest_api_source(config).resources["people"]:
            count += len([value for name in TOUCHED if (value := record.get(name))]) > 0
        return count

    return run


def airbyte() -> Run:
    """A declarative manifest, read as its own command does; always to the end, in its threads."""
    import logging

    from airbyte_cdk.models import (
        AirbyteStream,
        ConfiguredAirbyteCatalog,
        ConfiguredAirbyteStream,
        DestinationSyncMode,
        SyncMode,
        Type,
    )
    from airbyte_cdk.sources.declarative.concurrent_declarative_source import (
        ConcurrentDeclarativeSource,
    )

    logging.disable(logging.CRITICAL)
    schema = {"type": "object", "properties": {name: {} for name in FIELDS}}

    def run(address: str, _records: int) -> int:
        stream = {
            "type": "DeclarativeStream",
            "name": "people",
            "primary_key": "id",
            "retriever": {
                "type": "SimpleRetriever",
                "requester": {
                    "type": "HttpRequester",
                    "url_base": address,
                    "path": "/people",
                    "http_method": "GET",
                    "request_parameters": {"size": str(SIZE)},
                },
                "record_selector": {
                    "type": "RecordSelector",
                    "extractor": {"type": "DpathExtractor", "field_path": ["data"]},
                },
                "paginator": {
                    "type": "DefaultPaginator",
                    "page_token_option": {
                        "type": "RequestOption",
                        "inject_into": "request_parameter",
                        "field_name": "page",
                    },
                    "pagination_strategy": {
                        "type": "PageIncrement",
                        "page_size": SIZE,
                        "start_from_page": 1,
                        "inject_on_first_request": True,
                    },
                },
            },
            "schema_loader": {"type": "InlineSchemaLoader", "schema": schema},
        }
        manifest = {
            "version": "6.0.0",
            "type": "DeclarativeSource",
            "check": {"type": "CheckStream", "stream_names": ["people"]},
            "streams": [stream],
        }
        catalog = ConfiguredAirbyteCatalog(
            streams=[
                ConfiguredAirbyteStream(
                    stream=AirbyteStream(
                        name="people",
                        json_schema=schema,
                        supported_sync_modes=[SyncMode.full_refresh],
                    ),
                    sync_mode=SyncMode.full_refresh,
                    destination_sync_mode=DestinationSyncMode.append,
                )
            ]
        )
        source = ConcurrentDeclarativeSource(catalog, {}, [], source_config=manifest)
        count = 0
        for message in source.read(logging.getLogger("airbyte"), {}, catalog, None):
            if message.type == Type.RECORD and message.record:
                record = message.record.data
                count += len([value for name in TOUCHED if (value := record.get(name))]) > 0
        return count

    return run


CONTESTANTS: dict[str, Callable[[], Run]] = {
    BARE: bare,
    OURS: ours,
    "dlt rest_api, iterated only": dlt,
    "airbyte-cdk, manifest": airbyte,
}
PEERS = {"dlt rest_api, iterated only": 2.5, "airbyte-cdk, manifest": 5.0}
"""The peers, and how many times our CPU a record they are to take."""


# Turns -------------------------------------------------------------------------------------------


def work(name: str, address: str) -> None:
    """Load a contestant, then answer each number of records with the seconds and CPU it took."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    run = CONTESTANTS[name]()
    assert run(address, 20 * SIZE) >= 20 * SIZE  # warm
    gc.collect()
    gc.freeze()  # what is loaded is no garbage, for anybody
    print("ready", flush=True)
    for line in sys.stdin:
        began, used = time.perf_counter(), time.process_time()
        count = run(address, int(line))
        used, wall = time.process_time() - used, time.perf_counter() - began
        assert count == int(line), f"{name} read {count} of {line}"
        print(wall, used, flush=True)


class Contestant:
    """A process that waits for its turn."""

    def __init__(self, name: str, python: Path, address: str) -> None:
        self.name = name
        self.turns: list[tuple[float, float]] = []
        self._process = subprocess.Popen(
            [python, __file__, "--worker", name, "--address", address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        while (line := self._line()) != "ready":
            print(f"{name}: {line}")

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended early")
        return line.strip()

    def turn(self, records: int) -> None:
        """Read all records once."""
        assert self._process.stdin
        self._process.stdin.write(f"{records}\n")
        self._process.stdin.flush()
        wall, used = map(float, self._line().split())
        self.turns.append((wall, used))

    def end(self) -> None:
        """Let the process go."""
        self._process.communicate()


def environment(folder: Path) -> Path:
    """Return the Python of the peers' environment, made where it is missing."""
    python = folder / "bin" / "python"
    if not python.exists():
        uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", python, *PACKAGES], check=True)
    return python


def report(every: list[Contestant]) -> None:
    """Print rates, CPU and ratios, turn by turn beside the others of the same turn."""
    bare_, ours_ = every[0].turns, every[1].turns
    print(f"\n{RECORDS} records, {len(bare_)} turns, median; CPU in microseconds a record")
    print(f"{'':30}records/s    CPU   x bare   CPU x ours")
    for one in every:
        rate = statistics.median(RECORDS / wall for wall, _ in one.turns)
        used = statistics.median(cpu / RECORDS * 1e6 for _, cpu in one.turns)
        pairs = zip(bare_, ours_, one.turns, strict=True)
        speed, cost = zip(*((b[0] / t[0], t[1] / o[1]) for b, o, t in pairs), strict=True)
        print(
            f"{one.name:30}{rate:9,.0f}{used:7.1f}{statistics.median(speed):9.2f}"
            f"{statistics.median(cost):13.2f}"
        )
    by_cpu = statistics.median(b[1] / o[1] for b, o in zip(bare_, ours_, strict=True))
    print(f"ours, by CPU: {by_cpu:.2f} of bare (aim 0.8)")


def main() -> None:
    """Take turns and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--peers", type=Path, default=ROOT / "build" / "peers-reading")
    parser.add_argument("--only", action="append", help="contestants beside bare and ours")
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--address", help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve()
    elif asked.worker:
        work(asked.worker, asked.address)
    else:
        compare(asked)


def compare(asked: argparse.Namespace) -> None:
    """Start the server and everybody, and let them take turns."""
    python = environment(asked.peers) if asked.only != [] else Path(sys.executable)
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    address = f"http://127.0.0.1:{server.stdout.readline().strip()}"
    try:
        every = [
            Contestant(name, python if name in PEERS else Path(sys.executable), address)
            for name in CONTESTANTS
            if name not in PEERS or not asked.only or name in asked.only
        ]
        for _ in range(asked.turns):
            for one in every:
                one.turn(RECORDS)
        report(every)
        for one in every:
            one.end()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
