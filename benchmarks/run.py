"""
Publishing measured: beside mkdocs, as the register grows, and how fast the command line starts.

    .venv/bin/python benchmarks/run.py                 all, as a table
    .venv/bin/python benchmarks/run.py --only growth   one part (beside, growth, start, papers)

Whole processes are timed, from outside, the contestants in turn in one run; medians are printed,
and ratios are what to quote: the machine's own speed drifts.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.growing import grown

LARGE = 1000  # vendors; fewer rounds from here on
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took: seconds on the wall, seconds of CPU, megabytes at its peak."""

    wall: float
    cpu: float
    peak: float


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(words: list[str], home: Path) -> Run:
    """Run a command with its own caches and measure it as the kernel accounts for it."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(home), "LANG": "C.UTF-8"}
    # As after any installation: bytecode is there from the second run on, for every contestant.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    actions = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    actions += [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(words[0], words, environment, file_actions=actions)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {' '.join(words)}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median(runs: list[Run], figure: str) -> float:
    """Return the median of a figure."""
    return float(statistics.median(getattr(one, figure) for one in runs))


def beside_mkdocs(work: Path, rounds: int) -> None:
    """Publish about 500 pages with Klarsyn, cold and warm, and the same text with mkdocs."""
    register = grown(work / "beside", 82)
    site = work / "site"
    publish = [str(BIN / "klarsyn"), "-C", str(register), "publish", str(site)]
    run(publish, work / "first")
    pages = [path for path in sorted(site.rglob("*.html")) if path.name != "findings.html"]
    docs = as_markdown(pages, site, work / "mkdocs")
    mkdocs = [str(BIN / "mkdocs"), "build", "-q", "-f", str(docs / "mkdocs.yml")]
    run(mkdocs, work / "first")
    cold, warm, other = [], [], []
    for number in range(rounds):
        home = work / f"cache-{number}"
        cold.append(run(publish, home))
        warm.append(run(publish, home))
        shutil.rmtree(docs / "site", ignore_errors=True)
        other.append(run(mkdocs, home))
    count = len(pages)
    say(f"{'':24}{'pages':>7}{'wall s':>9}{'pages/s':>9}{'CPU s':>8}{'MB':>7}")
    for name, runs in (("klarsyn, cold", cold), ("klarsyn, warm", warm), ("mkdocs", other)):
        wall = median(runs, "wall")
        cpu, peak = median(runs, "cpu"), median(runs, "peak")
        say(f"{name:24}{count:7}{wall:9.2f}{count / wall:9.0f}{cpu:8.2f}{peak:7.0f}")
    for name, runs in (("cold", cold), ("warm", warm)):
        ratios = [b.wall / a.wall for a, b in zip(runs, other, strict=True)]
        say(f"mkdocs takes {statistics.median(ratios):.1f} times as long as klarsyn, {name}")


def as_markdown(pages: list[Path], site: Path, folder: Path) -> Path:
    """Write the text of pages as Markdown, with their headings, lists and tables."""
    for path in pages:
        text = path.read_text(encoding="utf-8")
        body = text[text.index("<main") : text.index("</main>")]
        body = re.sub(r"<dt>(.*?)</dt><dd>(.*?)</dd>", r"\n* **\1**: \2", body, flags=re.DOTALL)
        body = re.sub(r"<h1[^>]*>", "\n# ", body)
        body = re.sub(r"<h2[^>]*>", "\n## ", body)
        body = re.sub(r"<li[^>]*>", "\n* ", body)
        body = re.sub(r"<t[hd][^>]*>", " | ", body)
        body = re.sub(r"<tr[^>]*>", "\n\n", body)
        body = re.sub(r"<[^>]+>", "", body)
        target = (folder / "docs" / path.relative_to(site)).with_suffix(".md")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(html.unescape(body), encoding="utf-8")
    settings = "site_name: Comparable\ntheme: mkdocs\nplugins: []\n"
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    return folder


def growth(work: Path, rounds: int) -> None:
    """Publish registers of 16, 100 and 1,000 vendors, cold and warm."""
    head = f"{'vendors':>8}{'pages':>7}{'cold s':>8}{'warm s':>8}{'check s':>9}{'MB':>6}"
    say(f"{head}{'ms a page':>11}")
    for vendors in (16, 100, 1000):
        register = grown(work / f"growth-{vendors}", vendors)
        site = work / f"site-{vendors}"
        publish = [str(BIN / "klarsyn"), "-C", str(register), "publish", str(site)]
        check = [str(BIN / "klarsyn"), "-C", str(register), "check"]
        cold, warm, checked = [], [], []
        for number in range(rounds if vendors < LARGE else max(1, rounds - 2)):
            home = work / f"growth-cache-{vendors}-{number}"
            cold.append(run(publish, home))
            warm.append(run(publish, home))
            checked.append(run(check, home))
        pages = len(list(site.rglob("*.html")))
        wall = median(warm, "wall")
        say(
            f"{vendors:8}{pages:7}{median(cold, 'wall'):8.2f}{wall:8.2f}"
            f"{median(checked, 'wall'):9.2f}{median(cold, 'peak'):6.0f}{wall / pages * 1000:11.2f}"
        )


def start(work: Path, rounds: int) -> None:
    """Time `klarsyn --help` beside a bare interpreter, in turn."""
    bare, helped, checked = [], [], []
    example = Path(__file__).resolve().parent.parent / "examples" / "klarpris"
    for _ in range(rounds * 5):
        bare.append(run([sys.executable, "-c", "pass"], work))
        helped.append(run([str(BIN / "klarsyn"), "--help"], work))
        checked.append(run([str(BIN / "klarsyn"), "-C", str(example), "check"], work))
    for name, runs in (
        ("python -c pass", bare),
        ("klarsyn --help", helped),
        ("klarsyn check, 16 vendors, warm", checked),
    ):
        ratios = [a.wall / b.wall for a, b in zip(runs, bare, strict=True)]
        wall = median(runs, "wall") * 1000
        say(f"{name:34}{wall:8.0f} ms{statistics.median(ratios):8.1f} x bare")


def papers(work: Path, rounds: int) -> None:
    """Export every paper of Nordlys in six languages: as PDF, and as Markdown and HTML."""
    example = Path(__file__).resolve().parent.parent / "examples" / "nordlys"
    export = [str(BIN / "klarsyn"), "-C", str(example), "export", "--date", "2026-11-22"]
    head = f"{'':24}{'files':>7}{'wall s':>9}{'ms each':>9}{'MB':>7}"
    say(head)
    for name, forms in (("PDF", ["pdf"]), ("Markdown and HTML", ["md", "html"])):
        out = work / f"papers-{name[:3]}"
        words = [*export, "--all", str(out), *(part for one in forms for part in ("--format", one))]
        runs = [run(words, work / "papers-cache") for _ in range(rounds)]
        files = sum(path.suffix[1:] in forms for path in out.rglob("*.*"))
        wall = median(runs, "wall")
        each = wall / files * 1000
        say(f"{name:24}{files:7}{wall:9.2f}{each:9.1f}{median(runs, 'peak'):7.0f}")


PARTS = {"beside": beside_mkdocs, "growth": growth, "start": start, "papers": papers}


def main() -> None:
    """Run the parts that were asked for."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--only", choices=PARTS)
    words.add_argument("--rounds", type=int, default=5)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="klarsyn-bench-") as folder:
        for name, part in PARTS.items():
            if asked.only in {None, name}:
                say(f"\n{name}")
                part(Path(folder), asked.rounds)


if __name__ == "__main__":
    main()
