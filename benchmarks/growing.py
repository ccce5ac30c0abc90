"""
Registers of any size, made from the complete example: for benchmarks and tests of growth.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "nordlys"


def grown(folder: Path, vendors: int) -> Path:
    """
    Write a register with so many vendors into `folder` and return it.

    Each vendor is a vendor of the example under a name of its own, so that no two files, and no
    two pages, have the same bytes.
    """
    shutil.copytree(EXAMPLE, folder)
    pages = folder / "register" / "vendors"
    originals = sorted(pages.glob("*.yaml"))
    sources = {path.stem: path.read_text(encoding="utf-8") for path in originals}
    stems = sorted(sources)
    for number in range(len(stems), vendors):
        stem = stems[number % len(stems)]
        text = re.sub(r"(?m)^name: (.*)$", rf"name: \1 {number}", sources[stem], count=1)
        text = text.replace("is_source: true", "is_source: false")
        (pages / f"{stem}-{number}.yaml").write_text(text, encoding="utf-8")
    for stem in stems[vendors:]:
        (pages / f"{stem}.yaml").unlink()
    return folder
