"""What the checks need of the machine: Chromium, Java, Node and two npm packages."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

from scripts.site_checks.outcome import NotRun, say

NODE_PROJECT = Path(__file__).resolve().parent.parent / "site"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no name resolves: stay offline
]
INSTALL_SECONDS = 600


def program(name: str, spoken: str) -> str:
    """The path of a program, found on PATH."""
    found = shutil.which(name)
    if found is None:
        raise NotRun(f"no {spoken} on this machine")
    return found


def chromium() -> str:
    """The path of a Chromium: CHROME_PATH, or the first of its names on PATH."""
    named = os.environ.get("CHROME_PATH", "")
    candidates = [named, *BROWSERS] if named else list(BROWSERS)
    found = next((path for name in candidates if (path := shutil.which(name))), None)
    if found is None:
        raise NotRun("no Chromium on this machine (chromium on PATH, or CHROME_PATH)")
    return found


def npm_package(name: str) -> Path:
    """The folder of an npm package in its pinned version; npm ci installs what is missing."""
    folder = NODE_PROJECT / "node_modules" / name
    with (NODE_PROJECT / "package.json").open(encoding="utf-8") as declared:
        fcntl.flock(declared, fcntl.LOCK_EX)  # two checks at once: one installs, one waits
        pinned = json.load(declared)["dependencies"][name]
        if installed_version(folder) != pinned:
            install()
    return folder


def installed_version(folder: Path) -> str | None:
    """The version of an installed npm package, if it is there."""
    try:
        version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        return None
    return str(version)


def install() -> None:
    """Install what scripts/site/package-lock.json pins; packages' own scripts never run."""
    npm = program("npm", "npm")
    say(f"installing the HTML validator and Lighthouse into {NODE_PROJECT.name}/node_modules ...")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run(
            command,
            cwd=NODE_PROJECT,
            check=True,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
        )
    except subprocess.CalledProcessError as failed:
        lines = [line for line in failed.stderr.splitlines() if line.strip()] or ["no message"]
        raise NotRun(f"npm ci failed: {lines[0]}") from failed
    except subprocess.TimeoutExpired as slow:
        raise NotRun(f"npm ci took longer than {INSTALL_SECONDS} s") from slow
