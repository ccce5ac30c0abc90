"""
The choice of languages at the site's own address: the one page that is in no language's folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication.pages.frame import placed, templates

if TYPE_CHECKING:
    from klarsyn.publication.pages.frame import Assets, Edition

PATH = "index.html"


def page(edition: Edition, assets: Assets) -> tuple[str, str]:
    """Return path and HTML of the page."""
    company = edition.register.company
    first = company.languages[0]
    return PATH, templates().get_template("languages.html").render(
        site=assets,
        lang=first,
        languages=placed(edition.register, f"{first}/index.html")["languages"],
        company=company.name,
        titles=company.title,
        introductions=company.introduction,
    )
