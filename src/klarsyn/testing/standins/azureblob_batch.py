"""
Batches of Azure Storage: many requests in one, each signed and answered by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import parse_qs, unquote, urlsplit

from klarsyn.testing.serving import Reply, Request
from klarsyn.testing.standins.azureblob_keeping import Refused

MOST_REQUESTS = 256


def answer_batch(request: Request, answer: Callable[[Request], Reply], number: str) -> Reply:
    """Return the answers to all requests in a batch, in their order; only deletes are known."""
    parts = subrequests(request)
    if len(parts) > MOST_REQUESTS:
        raise Refused("ExceedsMaxBatchRequestCount")
    if not parts or any(part.method != "DELETE" for _, part in parts):
        raise Refused("InvalidInput")
    mark = f"batchresponse_{number}"
    body = b"".join(_part(mark, content_id, answer(part)) for content_id, part in parts)
    kind = f"multipart/mixed; boundary={mark}"
    return Reply(202, body + f"--{mark}--\r\n".encode(), {}, kind)


def subrequests(request: Request) -> list[tuple[str, Request]]:
    """Return the requests in a batch with their Content-ID."""
    kind = request.headers.get("content-type", "")
    mark = re.search(r'boundary="?([^";]+)', kind)
    if not kind.startswith("multipart/mixed") or mark is None:
        raise Refused("InvalidHeaderValue", detail=("HeaderName", "Content-Type"))
    parts = request.body.decode().replace("\r\n", "\n").split(f"--{mark[1]}")
    return [_subrequest(part) for part in parts[1:] if part.strip() and part[:2] != "--"]


def _subrequest(part: str) -> tuple[str, Request]:
    envelope, _, inner = part.strip("\n").partition("\n\n")
    line, _, rest = inner.partition("\n")
    try:
        method, target, _ = line.split(" ")
    except ValueError as error:
        raise Refused("InvalidInput") from error
    url = urlsplit(target)
    query = parse_qs(url.query, keep_blank_values=True)
    headers = _headers(rest.partition("\n\n")[0])
    asked = Request(method, unquote(url.path), query, headers, b"", raw_path=target)
    return _headers(envelope).get("content-id", ""), asked


def _headers(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _part(mark: str, content_id: str, reply: Reply) -> bytes:
    lines = [f"--{mark}", "Content-Type: application/http"]
    if content_id:
        lines.append(f"Content-ID: {content_id}")
    lines += ["", f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.content:
        lines += [f"Content-Length: {len(reply.content)}", f"Content-Type: {reply.content_type}"]
    head = "\r\n".join([*lines, "", ""]).encode()
    return head + reply.content + b"\r\n"
