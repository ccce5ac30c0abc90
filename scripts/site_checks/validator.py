"""The HTML validator (vnu): no error in any HTML, CSS or SVG file."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from scripts.site_checks.machine import npm_package, program
from scripts.site_checks.outcome import Outcome
from scripts.site_checks.pages import SitePage, read_fragments

NAME = "HTML validator"
ALL_UP_TO = 300  # pages that a sample validates too: it costs less than choosing
FILES_A_CALL = 5000  # far below the longest command line
ALSO_CHECKED = {".css", ".svg"}
# Read as a file a page has no origin, so that vnu takes the page's own stylesheet for a stranger's;
# the browser of the offline check sees the truth.
FILE_ORIGIN = re.compile(r"violates Content Security Policy .*“(?!\w+:|//)")


def validate(site: Path, pages: list[SitePage], chosen: list[SitePage]) -> Outcome:
    """Validate every page of a site of usual size, of a large one those chosen, and its assets."""
    outcome = Outcome(NAME)
    with outcome.timed():
        java = program("java", "Java")
        jar = npm_package("vnu-jar") / "build" / "dist" / "vnu.jar"
        read = pages if len(pages) <= ALL_UP_TO else chosen
        files = [page.path for page in read]
        assets = (file for file in site.rglob("*") if file.suffix in ALSO_CHECKED)
        files += sorted(file.relative_to(site).as_posix() for file in assets)
        outcome.pages = len(files)
        fragments = read_fragments(site)
        warnings: Counter[str] = Counter()
        for start in range(0, len(files), FILES_A_CALL):
            for message in messages(java, jar, site, files[start : start + FILES_A_CALL]):
                sort_in(message, site, outcome, warnings)
        if fragments:
            outcome.pages += len(fragments)
            with TemporaryDirectory(prefix="klarsyn-fragments-") as folder:
                for path, html in fragments.items():
                    target = Path(folder) / path
                    target.parent.mkdir(parents=True)
                    target.write_text(html, encoding="utf-8")
                for message in messages(java, jar, Path(folder), list(fragments)):
                    sort_in(message, Path(folder), outcome, warnings)
    outcome.notes += [f"{count} x warning: {text}" for text, count in warnings.most_common()]
    return outcome


def messages(java: str, jar: Path, site: Path, files: list[str]) -> list[dict[str, Any]]:
    """What vnu says of some files, in one process (the stack is for its HTML schema)."""
    command = [java, "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", str(jar), "--format", "json"]
    command += ["--stdout", "--exit-zero-always", "--also-check-css", "--also-check-svg"]
    ran = subprocess.run(
        [*command, *files], cwd=site, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    try:
        return list(json.loads(ran.stdout)["messages"])
    except (ValueError, KeyError):
        said = (ran.stderr or ran.stdout).strip().splitlines() or ["nothing"]
        return [{"type": "non-document-error", "message": f"vnu stopped, it said: {said[0]}"}]


def sort_in(message: dict[str, Any], site: Path, outcome: Outcome, warnings: Counter[str]) -> None:
    """Count a warning, record anything worse."""
    text = str(message.get("message", "no message"))
    if message.get("type") == "info":
        if message.get("subType") == "warning" and not FILE_ORIGIN.search(text):
            warnings[text] += 1
        return
    file = Path(unquote(urlsplit(str(message.get("url", "/(vnu)"))).path)).resolve()
    inside = file.is_relative_to(site.resolve())
    page = file.relative_to(site.resolve()).as_posix() if inside else str(file.name)
    line = message.get("lastLine")
    extract = " ".join(str(message.get("extract", "")).split())
    outcome.fail(f"{page}:{line}" if line else page, f"{text} In: {extract}" if extract else text)
