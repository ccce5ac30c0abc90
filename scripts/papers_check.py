"""
Export every paper of both examples as PDF and let programs of others judge the files.

    python scripts/papers_check.py [OUT] [--pictures LANGUAGE ...] [--date YYYY-MM-DD]

Each PDF is read by page-validation (all of its rules for PDF/UA-1), pdfua (16 rules), poppler's
pdfinfo (tagged, PDF/UA, one structure tree with words) and `qpdf --check`; then every page is drawn
as a picture (pdftoppm), into OUT/pictures for the languages asked for. What this machine lacks is
said as "not run". None of these is veraPDF: docs/decisions/0014-who-checks-pdf-ua.md.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import get_args

from klarsyn.publication import papers
from klarsyn.register import load
from klarsyn.register.facts import Language

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
NAMES = ("nordlys", "klarpris")
DAY = date(2026, 11, 22)
SHOWN = 10
RESOLUTION = 80  # dots per inch: enough to see what is ugly


class NotRun(Exception):
    """A check could not run: this machine lacks what it needs."""


def main(arguments: list[str] | None = None) -> int:
    """Export, check, draw; 1 if anything is wrong."""
    options = read_arguments(arguments)
    with tempfile.TemporaryDirectory(prefix="klarsyn-papers-") as scratch:
        out = options.out or Path(scratch)
        files = list(exported(out, options.date))
        say(f"{len(files)} papers as PDF")
        failed = [name for name, check in CHECKS.items() if not passed(name, check, files)]
        try:
            drawn = draw(files, out / "pictures", options.pictures)
            say(f"{drawn} pages drawn")
        except NotRun as absent:
            say(f"not run: pictures: {absent}")
    for rule in sorted(SKIPPED):
        say(f"not run: pdfua, rule {rule}: it gives up on these files")
    say("not run: veraPDF: it is in none of the registries at hand")
    return 1 if failed or not files else 0


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, nargs="?", metavar="OUT", help="keep files there")
    parser.add_argument(
        "--pictures", nargs="*", choices=get_args(Language), default=[], help="keep pictures of"
    )
    parser.add_argument("--date", type=date.fromisoformat, default=DAY, help="as of this day")
    return parser.parse_args(arguments)


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")


def exported(out: Path, on: date) -> Iterator[Path]:
    """Write every paper of both examples in every language, and yield the files."""
    for name in NAMES:
        register = load(EXAMPLES / name / "register")
        for path, content in papers.all_files(register, on, ["pdf"]).items():
            file = out / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            yield file


def passed(name: str, check: Callable[[Path], list[str]], files: list[Path]) -> bool:
    """Run one check on every file and tell what it found; a check that cannot run fails nothing."""
    try:
        found = {file: told for file in files if (told := check(file))}
    except NotRun as absent:
        say(f"not run: {name}: {absent}")
        return True
    say(f"{name}: {len(files) - len(found)} of {len(files)} passed")
    for file, told in list(found.items())[:SHOWN]:
        say(f"  {'/'.join(file.parts[-3:])}: {'; '.join(told[:SHOWN])}")
    return not found


# The checks, each by a program that nobody here wrote.


def page_validation(file: Path) -> list[str]:
    """Every rule for PDF/UA-1 of page-validation."""
    try:
        import page
    except ImportError:
        raise NotRun("page-validation is not installed") from None
    report = page.validate_pdf(file, profile=page.ValidationProfile.PDF_UA_1)
    return [f"{one.rule_id} {one.message}" for one in report.failures]


SKIPPED: set[str] = set()
"""Rules that pdfua itself gave up on: they passed nothing."""


def pdfua(file: Path) -> list[str]:
    """The rules of PDF/UA-1 that pdfua knows."""
    try:
        from pdfua import validate
    except ImportError:
        raise NotRun("pdfua is not installed") from None
    report = validate(str(file))
    SKIPPED.update(one.rule_id for one in report.skipped)
    return [f"{one.rule_id} {one.message}" for one in report.findings]


def poppler(file: Path) -> list[str]:
    """What poppler says of the file: tagged, of the standard, with a structure that has words."""
    _need("pdfinfo")
    told = _run("pdfinfo", str(file)).stdout
    metadata = _run("pdfinfo", "-meta", str(file)).stdout
    structure = _run("pdfinfo", "-struct-text", str(file)).stdout
    wanted = {
        "not tagged": "Tagged:          yes" in told,
        "no title": "Title:" in told,
        "not PDF/UA": "<pdfuaid:part>1</pdfuaid:part>" in metadata,
        "no headings in the structure": "H1" in structure and '"' in structure,
    }
    return [problem for problem, holds in wanted.items() if not holds]


def qpdf(file: Path) -> list[str]:
    """Whether the file is sound, by qpdf."""
    _need("qpdf")
    done = _run("qpdf", "--check", str(file))
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()


CHECKS = {
    "page-validation, PDF/UA-1": page_validation,
    "pdfua, PDF/UA-1": pdfua,
    "poppler": poppler,
    "qpdf": qpdf,
}


def draw(files: list[Path], out: Path, languages: list[str]) -> int:
    """Draw every page, keep the pictures of some languages, and return how many were drawn."""
    _need("pdftoppm")
    drawn = 0
    for file in files:
        with tempfile.TemporaryDirectory() as folder:
            resolution = str(RESOLUTION)
            done = _run("pdftoppm", "-r", resolution, "-png", str(file), f"{folder}/{file.stem}")
            pictures = sorted(Path(folder).iterdir())
            if done.returncode or not pictures:
                raise SystemExit(f"{file} cannot be drawn: {done.stderr}")
            drawn += len(pictures)
            language, example = file.parts[-2], file.parts[-3]
            if language in languages:
                target = out / example / language
                target.mkdir(parents=True, exist_ok=True)
                for picture in pictures:
                    shutil.copy(picture, target / picture.name)
    return drawn


def _need(command: str) -> None:
    if shutil.which(command) is None:
        raise NotRun(f"{command} is not on this machine")


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)


if __name__ == "__main__":
    sys.exit(main())
