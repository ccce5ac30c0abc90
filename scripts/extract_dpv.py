"""
Take from the Data Privacy Vocabulary the names of the terms that a register may use.

    KLARSYN_STANDARDS=FOLDER python scripts/extract_dpv.py           write the list
    KLARSYN_STANDARDS=FOLDER python scripts/extract_dpv.py --check   fail if it would differ

FOLDER holds dpv-2.3/2.3 with dpv/dpv.csv, pd/pd.csv and legal/eu/gdpr/eu-gdpr.csv as the W3C
publishes them. Where loc/loc.csv is missing there, the countries stay as they are.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import textwrap
import tomllib
from pathlib import Path

from klarsyn.language import COUNTRIES

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "src/klarsyn/register/data/dpv.toml"
SOURCES = {
    "dpv": "dpv/dpv.csv",
    "pd": "pd/pd.csv",
    "eu-gdpr": "legal/eu/gdpr/eu-gdpr.csv",
    "loc": "loc/loc.csv",
}


def main() -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    named = os.environ.get("KLARSYN_STANDARDS")
    if not named:
        print("KLARSYN_STANDARDS names no folder", file=sys.stderr)
        return 2
    made = written(Path(named) / "dpv-2.3" / "2.3")
    if not check:
        OUTPUT.write_text(made, encoding="utf-8")
        return 0
    if OUTPUT.read_text(encoding="utf-8") == made:
        return 0
    print(f"{OUTPUT.name} is not what the standard gives", file=sys.stderr)
    return 1


def written(standard: Path) -> str:
    """Return the file: its head as it is, and the names of each vocabulary."""
    old = OUTPUT.read_text(encoding="utf-8")
    head = old.partition("[terms]")[0]
    kept: dict[str, str] = tomllib.loads(old).get("terms", {})
    parts = [f"{head}[terms]\n"]
    for prefix, file in SOURCES.items():
        source = standard / file
        names = terms(source) if source.exists() else kept[prefix].split()
        if prefix == "loc":
            names = [one for one in names if one in COUNTRIES]
        lines = textwrap.wrap(" ".join(names), 98, break_long_words=False, break_on_hyphens=False)
        parts.append(f'{prefix} = """\n' + "\n".join(lines) + '\n"""\n')
    return "".join(parts)


def terms(source: Path) -> list[str]:
    """Return the names in a table of the standard, sorted."""
    with source.open(encoding="utf-8", newline="") as table:
        return sorted({row["term"] for row in csv.DictReader(table)})


if __name__ == "__main__":
    sys.exit(main())
