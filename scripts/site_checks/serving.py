"""Serve a folder on loopback the way a plain static host does: gzip, ETag, a short max-age."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zlib import crc32

COMPRESSED = {".html", ".css", ".svg", ".json", ".txt", ".xml"}


class StaticHost(SimpleHTTPRequestHandler):
    """Answers with files; no charset in the header, so that a page must declare its own."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave in one piece
    disable_nagle_algorithm = True
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".svg": "image/svg+xml",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
    }

    def do_GET(self) -> None:
        """Send a file, or say that it is not there."""
        self.answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send the headers of a file."""
        self.answer(with_body=False)

    def answer(self, *, with_body: bool) -> None:
        """Find the file of a request, a folder's index or a redirect to it, and send it."""
        target = Path(self.translate_path(self.path))
        address = self.path.partition("?")[0]
        if target.is_dir() and not address.endswith("/"):
            self.head(HTTPStatus.MOVED_PERMANENTLY, {"Location": f"{address}/"}, b"")
            return
        target = target / "index.html" if target.is_dir() else target
        if not target.is_file():
            body = b"not found\n" if with_body else b""
            self.head(HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain"}, body)
            return
        self.send_file(target, with_body=with_body)

    def send_file(self, target: Path, *, with_body: bool) -> None:
        """Send a file, compressed where its kind gains by it and the client can read it."""
        body = target.read_bytes()
        headers = {
            "Content-Type": self.guess_type(target),
            "Cache-Control": "max-age=600",
            "ETag": f'"{crc32(body):08x}-{len(body):x}"',
        }
        if self.headers.get("If-None-Match") == headers["ETag"]:
            self.head(HTTPStatus.NOT_MODIFIED, headers, b"")
            return
        if target.suffix in COMPRESSED:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                headers["Content-Encoding"] = "gzip"
                body = gzip.compress(body, mtime=0)
        self.head(HTTPStatus.OK, headers, body, with_body=with_body)

    def head(
        self, status: HTTPStatus, headers: dict[str, str], body: bytes, *, with_body: bool = True
    ) -> None:
        """Send the status line, the headers and, unless asked for them alone, the body."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Stay silent."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder while the block runs and give its address, which ends in a slash."""
    handler = partial(StaticHost, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
