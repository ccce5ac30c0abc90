"""
Compare the stand-in of Azure Blob Storage with Azurite, Microsoft's own emulator.

    npm install --prefix build/azurite azurite --no-audit --no-fund
    python scripts/azurite.py

Both get the same signed requests over plain HTTP. Status, error code and the names of the XML
elements have to be the same, but for what EXPECTED names with its reason. Azurite has no
versions, no soft delete and no holds, so those are switched off in the stand-in.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection
from pathlib import Path

from klarsyn.testing.standins.azureblob import AzureBlobStandIn
from klarsyn.testing.standins.azureblob_signing import shared_key

ROOT = Path(__file__).resolve().parent.parent
AZURITE = ROOT / "build/azurite/node_modules/.bin/azurite-blob"
VERSION = "2021-10-04"
PATIENCE = 30.0
"""Seconds that Azurite may take to listen."""


@dataclass(frozen=True)
class Step:
    """One request; {marker} and {snapshot} stand for what the last reply with one gave."""

    name: str
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    key: str = ""
    """A key of another account."""


@dataclass(frozen=True)
class Outcome:
    """What is compared of a reply."""

    status: int
    code: str
    elements: frozenset[str]


BLOCK = {"x-ms-blob-type": "BlockBlob"}
TAGS = b"<Tags><TagSet><Tag><Key>customer</Key><Value>K-1</Value></Tag></TagSet></Tags>"
BATCH = "batch_5f1c"
LIST = "/box?restype=container&comp=list"
STEPS = (
    Step("make a container", "PUT", "/box?restype=container", {"x-ms-meta-owner": "finance"}),
    Step("make it again", "PUT", "/box?restype=container"),
    Step("make one of a bad name", "PUT", "/Box_1?restype=container"),
    Step("make one of a short name", "PUT", "/b?restype=container"),
    Step("describe it", "GET", "/box?restype=container"),
    Step("describe none", "GET", "/none?restype=container"),
    Step("list containers", "GET", "/?comp=list&include=metadata"),
    Step("properties of the account", "GET", "/?restype=service&comp=properties"),
    Step("put", "PUT", "/box/a.txt", {**BLOCK, "x-ms-tags": "customer=K-1&kind=note"}, b"one"),
    Step("put in a folder", "PUT", "/box/f/b.txt", {**BLOCK, "x-ms-meta-who": "K-2"}, b"two"),
    Step("put a third", "PUT", "/box/f/c%20%C3%A6.txt", BLOCK, b"three"),
    Step("put where none may be", "PUT", "/box/a.txt", {**BLOCK, "If-None-Match": "*"}, b"x"),
    Step("put over another etag", "PUT", "/box/a.txt", {**BLOCK, "If-Match": '"0x1"'}, b"x"),
    Step("put without a type", "PUT", "/box/a.txt", {}, b"x"),
    Step("put into none", "PUT", "/none/a.txt", BLOCK, b"x"),
    Step("get", "GET", "/box/a.txt"),
    Step("get a range", "GET", "/box/a.txt", {"x-ms-range": "bytes=1-1"}),
    Step("get beyond the end", "GET", "/box/a.txt", {"x-ms-range": "bytes=9-10"}),
    Step("get none", "GET", "/box/none.txt"),
    Step("get from none", "GET", "/none/none.txt"),
    Step("get another etag", "GET", "/box/a.txt", {"If-Match": '"0x1"'}),
    Step("head", "HEAD", "/box/a.txt"),
    Step("head none", "HEAD", "/box/none.txt"),
    Step("list two", "GET", f"{LIST}&maxresults=2"),
    Step("list the rest", "GET", f"{LIST}&maxresults=2&marker={{marker}}"),
    Step("list by prefix", "GET", f"{LIST}&prefix=f/"),
    Step("list folders", "GET", f"{LIST}&delimiter=/"),
    Step("list with all", "GET", f"{LIST}&include=metadata,tags,snapshots"),
    Step("list none", "GET", "/none?restype=container&comp=list"),
    Step("list zero", "GET", f"{LIST}&maxresults=0"),
    Step("get tags", "GET", "/box/a.txt?comp=tags"),
    Step("set tags", "PUT", "/box/a.txt?comp=tags", {"Content-Type": "application/xml"}, TAGS),
    Step("get tags of none", "GET", "/box/none.txt?comp=tags"),
    Step("find by tags", "GET", "/?comp=blobs&where=%22customer%22%3D%27K-1%27"),
    Step("find nothing", "GET", "/?comp=blobs&where=%22customer%22%3D%27K-9%27"),
    Step("set metadata", "PUT", "/box/a.txt?comp=metadata", {"x-ms-meta-who": "K-1"}),
    Step("snapshot", "PUT", "/box/a.txt?comp=snapshot"),
    Step("snapshot of none", "PUT", "/box/none.txt?comp=snapshot"),
    Step("get the snapshot", "GET", "/box/a.txt?snapshot={snapshot}"),
    Step("list snapshots", "GET", f"{LIST}&include=snapshots"),
    Step("delete with snapshots", "DELETE", "/box/a.txt"),
    Step("delete the snapshot", "DELETE", "/box/a.txt?snapshot={snapshot}"),
    Step("delete it again", "DELETE", "/box/a.txt?snapshot={snapshot}"),
    Step("snapshot again", "PUT", "/box/a.txt?comp=snapshot"),
    Step("delete only those", "DELETE", "/box/a.txt", {"x-ms-delete-snapshots": "only"}),
    Step("snapshot once more", "PUT", "/box/a.txt?comp=snapshot"),
    Step("delete both", "DELETE", "/box/a.txt", {"x-ms-delete-snapshots": "include"}),
    Step("delete it twice", "DELETE", "/box/a.txt"),
    Step("delete by another key", "DELETE", "/box/f/b.txt", key="QW5vdGhlcg=="),
    Step("batch of one there and one not", "POST", "/?comp=batch"),
    Step("list what is left", "GET", LIST),
    Step("delete the container", "DELETE", "/box?restype=container"),
    Step("delete it once more", "DELETE", "/box?restype=container"),
)
#: Steps whose outcomes differ, and why the stand-in is the one to follow.
EXPECTED = {
    "put without a type": "Azurite's parser refuses without any code",
    "list zero": "the same",
    "delete by another key": "the service says AuthenticationFailed of a wrong signature",
}
#: Elements that only one of the two writes.
OPTIONAL = {
    "AccessTierChangeTime": "Azurite counts an inferred tier as changed",
    "DefaultServiceVersion": "an account has none until somebody sets it",
    "DeleteRetentionPolicy": "Azurite knows no soft delete",
    "MaxResults": "Azurite writes its default too",
}


def main() -> int:
    """Run all steps on both and tell the differences."""
    if not AZURITE.is_file() or not shutil.which("node"):
        print("not run: Azurite is not under build/azurite, or there is no node")
        return 1
    found = differences()
    for line in found:
        print(line)
    print(f"{len(STEPS)} steps, {len(found)} differ, {len(EXPECTED)} are known to")
    return 1 if found else 0


def differences() -> list[str]:
    """Return the steps with another outcome than at Azurite, less those that are expected."""
    with bare_standin().start() as standin, served_azurite(standin.secrets) as port:
        ours = outcomes(int(standin.url.rpartition(":")[2]), standin.secrets)
        theirs = outcomes(port, standin.secrets)
    rows = zip(STEPS, ours, theirs, strict=True)
    return [
        f"{step.name}: {told(one)}, Azurite {told(other)}"
        for step, one, other in rows
        if one != other and step.name not in EXPECTED
    ]


def bare_standin() -> AzureBlobStandIn:
    """Return an empty account, set up as Azurite is: nothing outlives a delete."""
    standin = AzureBlobStandIn(count=0)
    standin.keeping.tag_delay = timedelta(0)
    standin.protection.versioning = False
    standin.protection.blob_days = standin.protection.container_days = 0
    for container in list(standin.keeping.containers):
        standin.keeping.remove(container)
    return standin


@contextmanager
def served_azurite(secrets: dict[str, str]) -> Iterator[int]:
    """Let Azurite listen on a free port with the same account; it keeps all in memory."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    account = {"AZURITE_ACCOUNTS": f"{secrets['account']}:{secrets['account_key']}"}
    flags = ["--silent", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [str(AZURITE), "--blobPort", str(port), *flags],
            cwd=folder,
            env={**os.environ, **account},
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)


def wait_for(port: int) -> None:
    """Come back when somebody listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError(f"Azurite did not listen within {PATIENCE:.0f} seconds")


def outcomes(port: int, secrets: dict[str, str]) -> list[Outcome]:
    """Return the outcomes of all steps at one of the two."""
    known = {"marker": "", "snapshot": ""}
    found = []
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for step in STEPS:
            path = step.path.format(**known)
            headers, body = dict(step.headers), step.body
            if "comp=batch" in path:
                headers["Content-Type"] = f"multipart/mixed; boundary={BATCH}"
                body = batch(secrets, ("/box/f/b.txt", "/box/none.txt"))
            sent = signed(step.method, path, headers | {"Content-Length": str(len(body))}, secrets)
            if step.key:
                sent = signed(step.method, path, headers, secrets | {"account_key": step.key})
            connection.request(step.method, f"/{secrets['account']}{path}", body, sent)
            reply = connection.getresponse()
            content = reply.read().decode("utf-8-sig")
            if marker := re.search("<NextMarker>(.+?)</NextMarker>", content):
                known["marker"] = marker[1]
            known["snapshot"] = reply.getheader("x-ms-snapshot") or known["snapshot"]
            kind = reply.getheader("Content-Type") or ""
            names = frozenset(names_in(content)) if "text/plain" not in kind else frozenset()
            found.append(Outcome(reply.status, reply.getheader("x-ms-error-code") or "", names))
    return found


def names_in(content: str) -> Iterator[str]:
    """Return the names of XML elements that are not empty, and the statuses in a batch."""
    full = re.sub(r"<([A-Za-z][\w-]*)(?: ?/>|></\1>)", "", content)
    yield from set(re.findall(r"<([A-Za-z][\w-]*)", full)) - set(OPTIONAL)
    yield from re.findall(r"^HTTP/1.1 (\d+)", content, re.MULTILINE)


def signed(
    method: str, path: str, headers: dict[str, str], secrets: dict[str, str]
) -> dict[str, str]:
    """Return the headers of a request with date, version and signature."""
    sent = headers | {"x-ms-date": format_datetime(datetime.now(UTC), usegmt=True)}
    sent["x-ms-version"] = VERSION
    lower = {name.lower(): value for name, value in sent.items()}
    account = (secrets["account"], secrets["account_key"])
    return sent | {
        "Authorization": shared_key(method, f"/{secrets['account']}{path}", lower, account)
    }


def batch(secrets: dict[str, str], paths: Sequence[str]) -> bytes:
    """Return the body of a batch that deletes blobs."""
    parts = []
    for number, path in enumerate(paths):
        headers = signed("DELETE", path, {"Content-Length": "0"}, secrets)
        lines = [
            f"--{BATCH}",
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            f"Content-ID: {number}",
            "",
            f"DELETE /{secrets['account']}{path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
            "",
            "",
        ]
        parts.append("\r\n".join(lines))
    return ("".join(parts) + f"--{BATCH}--\r\n").encode()


def told(outcome: Outcome) -> str:
    """Return an outcome in a line."""
    return f"{outcome.status} {outcome.code} {' '.join(sorted(outcome.elements))}".strip()


if __name__ == "__main__":
    sys.exit(main())
