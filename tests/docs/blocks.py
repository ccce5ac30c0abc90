"""
The code blocks of a page: files to write, commands to run, and what they print.

A fence `yaml register/elements.yaml` is a file. A fence `console` is a session: a line after `$ `
is run, the lines below are what it prints; a line `...` stands for any number of lines.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DAY = "2026-11-22"

_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: Commands that look at the calendar get the day of the docs, so that gaps never lapse.
_DATED = re.compile(r"\b(klarsyn(?: -C \S+)? (?:init|check|publish)\b)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that it is, and what stands in it."""

    language: str
    file: str
    text: str


def blocks(page):
    """Return the fenced blocks of a page."""
    found = _FENCE.findall(page.read_text(encoding="utf-8"))
    return [Block(*one) for one in found]


def sessions(block):
    """Return each command of a console block with the output that is shown."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    return [tuple(part.partition("\n")[::2]) for part in parts]


def play(page, folder, *, rewrite=False):
    """Do what a page says, in `folder`; return the commands that print something else."""
    text, at, wrong = page.read_text(encoding="utf-8"), 0, []
    for block in blocks(page):
        if block.file:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        for command, shown in sessions(block) if block.language == "console" else ():
            printed = run(command, folder)
            old, new = (f"$ {command}\n{one}" for one in (shown, printed))
            at = text.index(old, at)
            if not matches(shown, printed):
                wrong.append(f"$ {command}\n{printed}\n--- shown:\n{shown}")
                text = text[:at] + new + text[at + len(old) :]
            at += len(f"$ {command}\n")
    if rewrite and wrong:
        page.write_text(text, encoding="utf-8")
    return wrong


def run(command, folder):
    """Return what a command prints, in English, on the day of the docs."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "KLARSYN_LANG": "en",
        **{f"GIT_{who}_{what}": f"{who}@example.org".lower()
           for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-c", _DATED.sub(rf"\1 --date {DAY}", command)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def matches(shown, printed):
    """Tell whether an output is what is shown, where a line `...` stands for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\s*\n"
        for line in shown.rstrip("\n").split("\n")
    )
    return re.fullmatch(pattern, printed.rstrip("\n") + "\n") is not None
