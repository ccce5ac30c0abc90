"""
Gather the texts of the code into klarsyn.pot, and bring every catalogue up to date.

    python scripts/messages.py            write what changed
    python scripts/messages.py --check    write nothing; fail if something would change

The files name no date, no person, no tool and no line number, so a diff shows changed texts only.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "klarsyn"
LOCALES = SOURCE / "locales"
#: The source language is English and has no catalogue: its texts are the msgids.
LANGUAGES = ("sv", "da", "nb", "de", "fi")
#: What takes a text: `_` and `ngettext` in templates, the others in the code.
KEYWORDS = {
    "_": None,
    "ngettext": (1, 2),
    "plural": (1, 2),
    "mark": None,
    "said": None,
    "text": None,
}
#: Header lines that would differ between two runs, machines or people.
NOISE = (
    b'"Project-Id-Version:',
    b'"POT-Creation-Date:',
    b'"PO-Revision-Date:',
    b'"Last-Translator:',
    b'"Language-Team:',
    b'"Report-Msgid-Bugs-To:',
    b'"Generated-By:',
)


def gathered() -> Catalog:
    """Return every text marked for translation. `# Translators:` comments come along."""
    texts = Catalog(project="Klarsyn", copyright_holder="The Klarsyn authors", fuzzy=False)
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        SOURCE,
        keywords=KEYWORDS,
        method_map=methods,
        options_map=options,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for path, _line, message, comments, context in sorted(found, key=lambda found: found[:2]):
        place = Path(path).as_posix()
        texts.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    for text in texts:
        # One place is named once, however often the text stands there.
        text.locations = sorted(set(text.locations))
    return texts


def brought_up_to_date(language: str, texts: Catalog) -> Catalog:
    """Return a language's catalogue with today's texts. A new text stays empty, never guessed."""
    path = catalogue_path(language)
    if path.exists():
        with path.open("rb") as old:
            catalogue = read_po(old, locale=language, domain="klarsyn")
    else:
        catalogue = Catalog(locale=language, domain="klarsyn", project="Klarsyn", fuzzy=False)
    catalogue.update(texts, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    return catalogue


def catalogue_path(language: str) -> Path:
    """Return where a language's texts lie."""
    return LOCALES / language / "LC_MESSAGES" / "klarsyn.po"


def as_bytes(catalogue: Catalog, title: str) -> bytes:
    """Return the file's content: unwrapped, in the order of the source, without noise."""
    catalogue.header_comment = f"# {title}\n# SPDX-License-Identifier: Apache-2.0"
    written = io.BytesIO()
    write_po(written, catalogue, width=0, sort_by_file=True, include_lineno=False)
    return b"".join(
        line for line in written.getvalue().splitlines(keepends=True) if not line.startswith(NOISE)
    )


def wanted() -> dict[Path, bytes]:
    """Return what each file should hold."""
    texts = gathered()
    if not len(texts):
        return {}
    files = {LOCALES / "klarsyn.pot": as_bytes(texts, "The texts of Klarsyn")}
    for language in LANGUAGES:
        catalogue = brought_up_to_date(language, texts)
        name = catalogue.locale.english_name if catalogue.locale else language
        files[catalogue_path(language)] = as_bytes(catalogue, f"The texts of Klarsyn in {name}")
    return files


def main(arguments: list[str]) -> int:
    """Write or check, and return the exit code."""
    stale = [
        (path, content)
        for path, content in wanted().items()
        if not path.exists() or path.read_bytes() != content
    ]
    for path, content in stale:
        print(f"{path.relative_to(ROOT)}: {'not up to date' if arguments else 'written'}")
        if not arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    if arguments and stale:
        print("run: just messages")
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
