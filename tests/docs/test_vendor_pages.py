import re
import subprocess
import sys

import pytest

from klarsyn.vendors import names, sheet
from scripts import vendor_pages
from tests.acceptance.processes import ROOT

PAGES = vendor_pages.pages()


def test_pages_are_fresh():
    """
    `just docs` would change nothing.
    """
    done = subprocess.run(
        [sys.executable, "scripts/vendor_pages.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stdout)


def test_every_vendor_has_a_page_and_no_page_is_left_over():
    """
    One page a sheet, and an index that leads to all of them.
    """
    files = {one.name for one in (ROOT / "docs" / "reference" / "vendors").iterdir()}

    assert {"index.md", *(f"{one}.md" for one in names())} == files
    assert list(names()) == sorted(re.findall(r"\]\((\S+)\.md\)", PAGES["index.md"]))


@pytest.mark.parametrize("name", names())
def test_page_tells_what_the_code_relies_on(name):
    """
    Every unconfirmed fact, every blind spot, every place, every key stands there.
    """
    vendor, page = sheet(name), PAGES[f"{name}.md"]
    told = [*(str(one.what) for one in vendor.assumptions), *map(str, vendor.unseen)]
    places = [f"`{path}`" for record in vendor.records for path in record.open_fields]

    assert [] == [one for one in (*told, *places) if one not in page]
    assert all(f"| {one.name} |" in page for record in vendor.records for one in record.elements)
