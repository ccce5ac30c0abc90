"""
How vendors' files of gigabytes are read: seconds, megabytes a second, and the most memory held.

    .venv/bin/python scripts/big_files.py                  5 GB each
    .venv/bin/python scripts/big_files.py --size 50MB      what CI runs
    .venv/bin/python scripts/big_files.py --only slack

Each file is made in a temporary folder, read in a process of its own and deleted. The people in it
are invented. A reader that held more than 120 MB, Python included, ends the script with 1.

    enex    notes with pictures inline; one video takes a fifth of the file
    notes   an ENEX export of text only
    slack   a ZIP file of 20 channels, uncompressed as large as asked for
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
MOST_MEMORY = 120
SEED = 1
CHANNELS = 20
NAMES = [f"{first} {last}" for first in ("Anna", "Bo", "Åse") for last in ("Berg", "Dahl", "Lund")]
WORDS = (
    *("faktura", "order", "rör", "kund", "leverans", "möte", "betalt", "vecka", "lager", "pris"),
    *("montage", "imorgon", "ring", "avtal", "elcentral", "offert", "Lund", "Malmö", "Aarhus"),
    *("kabel", "retur", "svar", "tack", "hej", "projekt", "ritning"),
)


def sentence(draw: random.Random, words: int) -> str:
    """Return words with a person among them."""
    name = draw.choice(NAMES)
    mail = f"{name.split()[0].lower()}{draw.randrange(10**6)}@example.org"
    return " ".join([*draw.choices(WORDS, k=words), name, mail])


# ENEX

HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export4.dtd">
<en-export export-date="20261101T120000Z" application="Evernote" version="10.106.6">
"""
NOTE = """<note><title>{title}</title><created>20260131T120000Z</created><tag>kund</tag>\
<note-attributes><author>{author}</author></note-attributes><content><![CDATA[\
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd"><en-note>{text}</en-note>]]>\
</content>"""


def write_notes(path: Path, size: int, *, files: bool = False) -> int:
    """Write an export of notes of about that size, and return the size."""
    draw = random.Random(SEED)  # noqa: S311 -- the same file each time, no secret
    noise = draw.randbytes(1 << 22)
    with path.open("wb") as out:
        out.write(HEAD)
        if files:
            out.write(note(draw))
            write_file(out, noise, size // 5)
            out.write(b"</note>\n")
        while out.tell() < size:
            out.write(note(draw))
            if files and draw.random() < 1 / 8:
                write_file(out, noise[draw.randrange(1 << 21) :], draw.randrange(1 << 21))
            out.write(b"</note>\n")
        out.write(b"</en-export>\n")
        return out.tell()


def note(draw: random.Random) -> bytes:
    """Return a note without its end."""
    lines = (f"<div>{sentence(draw, 12)}</div>" for _ in range(draw.randrange(1, 40)))
    return NOTE.format(
        title=sentence(draw, 3), author=draw.choice(NAMES), text="".join(lines)
    ).encode()


def write_file(out: BinaryIO, noise: bytes, encoded: int) -> None:
    """Write a file in a note, in lines as the desktop program does."""
    out.write(b'<resource><data encoding="base64">\n')
    lines = base64.encodebytes(noise[: 57 * 1024])
    out.writelines(lines for _ in range(encoded // len(lines)))
    out.write(b"</data><mime>image/png</mime><resource-attributes><file-name>kvitto.png")
    out.write(b"</file-name></resource-attributes></resource>")


# Slack


def write_slack(path: Path, size: int) -> int:
    """Write an export of a workspace of about that size, uncompressed, and return the size."""
    draw = random.Random(SEED)  # noqa: S311 -- the same file each time, no secret
    channels = [{"id": f"C{n:08}", "name": f"kund-{n}"} for n in range(CHANNELS)]
    written = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("channels.json", json.dumps(channels))
        archive.writestr("users.json", json.dumps([{"id": "U1", "name": "anna"}]))
        for number in range(size):
            if written >= size:
                break
            day = date(2020, 1, 1) + timedelta(days=number // CHANNELS)
            name = f"kund-{number % CHANNELS}/{day}.json"
            with archive.open(name, "w", force_zip64=True) as out:
                # One day in a hundred is a thousand times as busy as the quietest.
                count = draw.choice((2, 20, 200) * 33 + (2000,)) if size >= UNITS["GB"] else 20
                text = ",\n".join(message(draw) for _ in range(count))
                written += out.write(f"[\n{text}\n]".encode())
    return written


def message(draw: random.Random) -> str:
    """Return a message with its text twice, as Slack writes it."""
    text = sentence(draw, draw.randrange(2, 60))
    author = draw.choice(NAMES)
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    body = {
        "client_msg_id": f"{draw.getrandbits(128):032x}",
        "type": "message",
        "text": text,
        "user": f"U{draw.randrange(500):08}",
        "ts": f"{draw.randrange(10**9, 2 * 10**9)}.{draw.randrange(10**6):06}",
        "blocks": [{"type": "rich_text", "block_id": "b1", "elements": [section]}],
        "user_profile": {"real_name": author, "display_name": author, "team": "T1"},
    }
    return json.dumps(body, indent=4)


# Reading


def read(kind: str, path: Path) -> None:
    """Read a file to its end and print how that went (runs in a process of its own)."""
    from klarsyn.transport.enex import enex_notes
    from klarsyn.transport.slackexport import slack_export

    started = time.perf_counter()
    found: Iterator[object] = slack_export(path) if kind == "slack" else enex_notes(path)
    count = sum(1 for _ in found)
    seconds, busy = time.perf_counter() - started, time.process_time()
    # Not getrusage: its figure holds the process that started this one.
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert peak
    print(json.dumps([count, seconds, busy, int(peak[1]) * 1024 / 10**6]))


WRITERS: dict[str, Callable[[Path, int], int]] = {
    "enex": lambda path, size: write_notes(path, size, files=True),
    "notes": write_notes,
    "slack": write_slack,
}


def measure(kind: str, size: int) -> float:
    """Make a file, read it in a child, print a line, and return the peak in MB."""
    with tempfile.TemporaryDirectory(prefix="klarsyn-big-") as folder:
        path = Path(folder) / kind
        plain = WRITERS[kind](path, size) / 10**6
        command = [sys.executable, __file__, "--read", kind, str(path)]
        ran = subprocess.run(command, check=True, capture_output=True, text=True)
        count, seconds, busy, peak = json.loads(ran.stdout)
        disk = path.stat().st_size / 10**6
        print(
            f"| {kind} | {plain:,.0f} | {disk:,.0f} | {count:,} | {seconds:.1f} "
            f"| {plain / seconds:,.0f} | {busy:.1f} | {peak:.0f} |",
            flush=True,
        )
        return float(peak)


def in_bytes(text: str) -> int:
    """Return a size given as 5GB or 50MB."""
    found = re.fullmatch(r"(\d+)(KB|MB|GB)", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text} is not like 50MB or 5GB")
    return int(found[1]) * UNITS[found[2]]


def main() -> int:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--size", type=in_bytes, default="5GB", help="of each file (default 5GB)")
    parser.add_argument("--only", choices=WRITERS, help="one kind of file")
    parser.add_argument("--read", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        read(given.read[0], Path(given.read[1]))
        return 0
    heads = ["file", "MB read", "MB on disk", "records", "s", "MB/s", "CPU s", "peak MB"]
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|", flush=True)
    peaks = [measure(kind, given.size) for kind in ([given.only] if given.only else WRITERS)]
    return int(max(peaks) > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
