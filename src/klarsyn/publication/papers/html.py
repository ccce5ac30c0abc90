"""
A paper as one HTML file that needs nothing else: no script, no picture, nothing loaded.

Its style stands in the file itself, allowed by its hash in the content security policy.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from klarsyn.publication.papers.document import Bullets, Fields, Heading, Paragraph, Table

if TYPE_CHECKING:
    from klarsyn.publication.papers.document import Block, Field, Line, Lines, Paper

_PAGE = Markup("""\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{hash}'; \
base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title} – {company}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{edition}
{blocks}
</main>
</body>
</html>
""")


def html(paper: Paper) -> bytes:
    """Return the paper as a standalone page; every text in it is escaped."""
    style, digest = _style()
    return _PAGE.format(
        language=paper.language,
        hash=digest,
        title=paper.title,
        company=paper.company,
        style=style,
        edition=_fields(paper.edition, "edition"),
        blocks=Markup("\n").join(map(_block, paper.blocks)),
    ).encode()


@cache
def _style() -> tuple[Markup, str]:
    """Return the style sheet and its hash for the content security policy."""
    text = files(__package__).joinpath("paper.css").read_text(encoding="utf-8")
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{digest}"  # noqa: S704  (our own file)


def _block(block: Block) -> Markup:
    if isinstance(block, Heading):
        return Markup("<h{0}>{1}</h{0}>").format(block.level, block.text)
    if isinstance(block, Paragraph):
        return Markup("<p>{}</p>").format(_line(block.line))
    if isinstance(block, Bullets):
        items = Markup("").join(Markup("<li>{}</li>").format(_line(one)) for one in block.lines)
        return Markup("<ul>{}</ul>").format(items)
    if isinstance(block, Fields):
        return _fields(block.fields, "fields")
    return _table(block)


def _fields(fields: tuple[Field, ...], kind: str) -> Markup:
    rows = (
        Markup("<div><dt>{}</dt>{}</div>").format(
            one.label,
            Markup("").join(Markup("<dd>{}</dd>").format(_line(each)) for each in one.lines),
        )
        for one in fields
    )
    return Markup('<dl class="{}">\n{}\n</dl>').format(kind, Markup("\n").join(rows))


def _table(table: Table) -> Markup:
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in table.header)
    rows = Markup("\n").join(map(_row, table.rows))
    caption = Markup("<caption>{}</caption>\n").format(table.caption)
    return Markup(
        '<div class="wide" role="region" aria-label="{}" tabindex="0">\n'
        "<table>\n{}<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n"
        "</table>\n</div>"
    ).format(table.caption, "" if table.is_headed else caption, head, rows)


def _row(row: tuple[Lines, ...]) -> Markup:
    first, *others = row
    cells = Markup("").join(Markup("<td>{}</td>").format(_cell(one)) for one in others)
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(_cell(first), cells)


def _cell(lines: Lines) -> Markup:
    return Markup("<br>").join(map(_line, lines))


def _line(line: Line) -> Markup:
    if line.state == "blank":
        return Markup('<span class="blank"></span>')
    words = escape(line.text)
    if line.is_name:
        words = Markup('<bdi translate="no">{}</bdi>').format(words)
    if line.state == "unknown":
        return Markup('<span class="unknown">{}</span>').format(words)
    if line.state == "unverified":
        return words + Markup(' <span class="unverified">({})</span>').format(line.doubt)
    return words
