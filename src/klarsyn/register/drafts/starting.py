"""
Put a new register into a folder: all of it, or nothing; and tell what a page's lines were used for.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from klarsyn import settings
from klarsyn.errors import OutputRefused, RegisterExists, said
from klarsyn.language import Translator
from klarsyn.register import loading
from klarsyn.register.drafts.draftcompany import PageFile
from klarsyn.register.drafts.handwritten import LARGEST_PAGE, HandwrittenPage
from klarsyn.register.drafts.pagetables import Use

REGISTER = "register"


def refuse_existing(folder: Path) -> None:
    """Raise RegisterExists where a register lies already: `init` never writes over one."""
    for name in (settings.FILE, REGISTER):
        if (folder / name).exists() or (folder / name).is_symlink():
            what = said("There is {name} in {folder} already.", name=name, folder=str(folder))
            raise RegisterExists(what, said("Name another directory, or move it away yourself."))


def begin(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Write the files of a new register below a folder, which is made where it is lacking.

    They are written beside their place and read back first; whatever fails, nothing is left.
    """
    refuse_existing(folder)
    try:
        around = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        with tempfile.TemporaryDirectory(prefix=".klarsyn-", dir=around) as beside:
            new = Path(beside) / "new"
            for name, content in files.items():
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                (new / name).write_bytes(content)
            loading.load(new / REGISTER)
            _move(new, folder)
    except OSError as failure:
        reason = failure.strerror or "?"
        what = said("{folder} cannot be written ({reason}).", folder=str(folder), reason=reason)
        raise OutputRefused(what, said("Check its rights, or name another directory.")) from failure


def _move(new: Path, folder: Path) -> None:
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        new.rename(folder)
        return
    moved: list[Path] = []
    # klarsyn.yaml comes last: where it lies, the register is whole.
    names = sorted((one.name for one in new.iterdir()), key=lambda name: name == settings.FILE)
    try:
        for name in names:
            (new / name).rename(folder / name)
            moved.append(folder / name)
    except BaseException:
        for one in moved:
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        raise


def read_bounded(file: Path) -> bytes:
    """Return a file's content, or as much of it as is enough to refuse it."""
    with file.open("rb") as opened:
        return opened.read(LARGEST_PAGE + 1)


def page_file(folder: Path, file: Path, content: bytes) -> tuple[PageFile, dict[str, bytes]]:
    """Return how the register names the page, and its copy where it does not lie there already."""
    sha256 = hashlib.sha256(content).hexdigest()
    there = folder / file.name
    if there.exists() and there.read_bytes() == content:
        return PageFile(file.name, sha256), {}
    taken = there.exists() or file.name in {settings.FILE, REGISTER}
    name = f"{file.stem}-{sha256[:8]}{file.suffix}" if taken else file.name
    return PageFile(name, sha256), {name: content}


def account(page: HandwrittenPage, voice: Translator) -> str:
    """Tell what every line of a page was used for."""
    uses = Counter(line.use for line in page.lines)
    told: dict[Use, str] = {
        "title": voice.plural("{n} title", "{n} titles", uses["title"]),
        "updated": voice.plural("{n} date", "{n} dates", uses["updated"]),
        "intro": voice.plural("{n} introduction", "{n} introductions", uses["intro"]),
        "group": voice.plural("{n} group", "{n} groups", uses["group"]),
        "table-header": voice.plural(
            "{n} column heading", "{n} column headings", uses["table-header"]
        ),
        "heading": voice.plural("{n} heading", "{n} headings", uses["heading"]),
        "row": voice.plural("{n} row", "{n} rows", uses["row"]),
        "purpose": voice.plural("{n} purpose", "{n} purposes", uses["purpose"]),
        "element": voice.plural("{n} element", "{n} elements", uses["element"]),
        "statement": voice.plural("{n} statement", "{n} statements", uses["statement"]),
        "column": voice.plural("{n} further fact", "{n} further facts", uses["column"]),
        "outro": voice.plural("{n} closing text", "{n} closing texts", uses["outro"]),
        "markup": voice.plural("{n} of markup", "{n} of markup", uses["markup"]),
        "ignored": voice.plural("{n} ignored", "{n} ignored", uses["ignored"]),
    }
    parts = [text for use, text in told.items() if uses[use]]
    parts.append(voice.text("{n} not understood", n=uses["not-understood"]))
    lines = len({line.number for line in page.lines})
    if lines == len(page.lines):
        whole = voice.plural("{n} line", "{n} lines", lines)
    else:
        texts = len(page.lines)
        whole = voice.plural(
            "{texts} texts in {n} line", "{texts} texts in {n} lines", lines, texts=texts
        )
    return f"{whole}: {', '.join(parts)}"
