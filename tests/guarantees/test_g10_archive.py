"""G10. A page of the archive stays byte for byte as it was written."""

from datetime import date

import pytest

from tests.guarantees.folders import contents, klarsyn
from tests.register.builders import COMPANY, add
from tests.register.repositories import ANOTHER_ELEMENT, ANOTHER_VENDOR, Repository

GREEN = add(COMPANY, 'look: {accent: "#0a6b4f"}\n')


@pytest.fixture
def published(tmp_path):
    """A register in git that was published on the day of its first version."""
    repository = Repository(tmp_path / "ours")
    (repository.root / "klarsyn.yaml").write_text("format: 1\n")
    repository.commit(date(2026, 1, 10))
    assert 0 == klarsyn(repository.root, "publish", "site", "--date", "2026-01-11").returncode
    return repository


def archived(root):
    """Return the archived pages of the first day."""
    files = contents(root / "site")
    return {name: page for name, page in files.items() if name.startswith("2026-01-10/")}


def test_archived_pages_outlast_changes_of_register_and_look(published):
    """
    Another vendor and other colours: the old pages keep their bytes, and their style sheet.
    """
    before = archived(published.root)
    published.commit(date(2026, 2, 20), ANOTHER_VENDOR, GREEN)

    assert 0 == klarsyn(published.root, "publish", "site", "--date", "2026-02-21").returncode
    site = contents(published.root / "site")
    styles = {page.split(b"assets/style.")[1].split(b'"')[0] for page in before.values()}

    assert before
    assert before == archived(published.root)
    assert {True} == {f"assets/style.{one.decode()}" in site for one in styles}
    assert "2026-02-20/en/index.html" in site


def test_day_that_is_not_over_has_no_page_yet(published):
    """
    Another version may come on the same day, and the last one of a day is the one that stays.
    """
    published.commit(date(2026, 3, 1), ANOTHER_VENDOR)
    assert 0 == klarsyn(published.root, "publish", "site", "--date", "2026-03-01").returncode
    assert not (published.root / "site" / "2026-03-01").exists()

    published.commit("2026-03-01T18:00:00Z", ANOTHER_VENDOR, ANOTHER_ELEMENT)
    assert 0 == klarsyn(published.root, "publish", "site", "--date", "2026-03-02").returncode
    assert b"Order score" in (published.root / "site/2026-03-01/en/index.html").read_bytes()


def test_changed_page_of_the_archive_stops_the_build(published):
    """
    Whoever touched it, the build says so, and the site stays as it is.
    """
    page = published.root / "site" / "2026-01-10" / "en" / "index.html"
    page.write_bytes(page.read_bytes().replace(b"Postdesk", b"Nobody"))
    before = contents(published.root / "site")

    refused = klarsyn(published.root, "publish", "site", "--date", "2026-01-12")

    assert 17 == refused.returncode
    assert "2026-01-10/en/index.html" in refused.stderr
    assert "[archive-damaged]" in refused.stderr
    assert before == contents(published.root / "site")
