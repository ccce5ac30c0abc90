"""
Write the generated pages of docs/reference, or tell which are stale.

    python scripts/reference.py [--check]

Nothing is said twice: help comes from the command line, meanings from the docstrings in the
source, findings from the rules. What a key's own name cannot say and no docstring says stands in
docs/reference/keys.toml. The same source gives the same bytes.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

# Texts are documented in the language of the source, whatever the terminal speaks.
os.environ["KLARSYN_LANG"] = "en"

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "klarsyn"
MODULES = (
    "settings.py",
    "sourcesettings.py",
    "register/facts.py",
    "register/measures.py",
    "register/calculation.py",
    "register/company.py",
    "register/vendor.py",
    "register/register.py",
)
FILES = {
    "klarsyn": "klarsyn.yaml",
    "company": "register/company.yaml",
    "elements": "register/elements.yaml",
    "purposes": "register/purposes.yaml",
    "vendor": "register/vendors/ID.yaml",
    "score": "register/scores/ID.yaml",
    "customers": "register/customers.yaml",
    "accepted": "register/accepted.yaml",
}
_NOTE = "<!-- Written by scripts/reference.py; change the source and run `just docs`. -->\n"


def main() -> int:
    """Write every page; with --check, compare and fail on a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a page is stale")
    check = parser.parse_args().check
    stale = []
    for name, text in pages().items():
        path = OUT / name
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        if old == text:
            continue
        stale.append(name)
        if not check:
            OUT.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/reference/{name} {'is stale: run `just docs`' if check else 'written'}")
    return 1 if check and stale else 0


def pages() -> dict[str, str]:
    """Return every generated page by its name."""
    made = {
        "cli.md": cli(),
        "errors.md": errors(),
        "findings.md": findings(),
        "register.md": register(),
        "retention.md": retention(),
        "settings.md": settings(),
        "vocabulary.md": vocabulary(),
    }
    return {name: _NOTE + "\n" + text.rstrip() + "\n" for name, text in made.items()}


# The command line.


def cli() -> str:
    """Return the help of every command, as `--help` prints it."""
    import click

    from klarsyn.cli import COMMANDS, help_text
    from klarsyn.cli.group import group

    parts = [
        "# Command line",
        (
            "Every command has `--help`; this is what it prints.\n"
            "Messages come in the reader's language: see [settings](settings.md#environment).\n"
            "Exit codes are in [errors](errors.md); 2 means that the command line itself was wrong."
        ),
        "## klarsyn",
        _fenced(help_text(str)),
    ]
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        below = command.commands if isinstance(command, click.Group) else {}
        for words, one in {
            name: command,
            **{f"{name} {sub}": two for sub, two in below.items()},
        }.items():
            context = click.Context(
                one,
                info_name=f"klarsyn {words}",
                terminal_width=80,
                help_option_names=["-h", "--help"],
            )
            parts += [f"## klarsyn {words}", _fenced(one.get_help(context))]
    return "\n\n".join(parts)


def _fenced(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"


# Errors and findings.


def errors() -> str:
    """Return id, exit code and meaning of every error."""
    from klarsyn.errors import KlarsynError

    rows = ["| id | exit code | meaning |", "|---|---|---|"]
    known = {one.id: one for one in _below(KlarsynError)} | {KlarsynError.id: KlarsynError}
    rows += [
        f"| `{one.id}` | {one.exit_code} | {_sentence(one)} |"
        for one in sorted(known.values(), key=lambda error: error.exit_code)
    ]
    return "\n\n".join(
        [
            "# Errors",
            (
                "An error ends a command; what was published stays as it was.\n"
                "It is one line on stderr, what is wrong and what to do, and ends in its id in "
                "brackets.\n"
                "Mistakes in files are told all at once, each as `file:line: what: remedy`.\n"
                "Ids and exit codes are [public](stability.md)."
            ),
            "\n".join(rows),
            "0 means that all went well; 2, that the command line was wrong.",
        ]
    )


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        if one.id != kind.id:
            yield one
        yield from _below(one)


def retention() -> str:
    """Return for how long Klarsyn keeps what is its own, and why."""
    from klarsyn.settings import OwnRetention
    from klarsyn.upkeep.kept import TABLE

    rows = ["| class | what | until | ground | tables | decided |", "|---|---|---|---|---|---|"]
    for one in TABLE:
        period = one.stated(OwnRetention())
        tables = ", ".join(f"`{table}`" for table in one.tables)
        until = f"{period} {_plain(str(one.ends))}" if period else _plain(str(one.ends))
        what, why = _plain(str(one.what)), _plain(str(one.why))
        rows.append(f"| `{one.id}` | {what} | {until} | {why} | {tables} | {one.decided} |")
    return "\n\n".join(
        [
            "# Own retention",
            (
                "What Klarsyn keeps of its own, for how long, and on which ground.\n"
                "`klarsyn storage retention` prints it with what is due; a job erases that each "
                "night.\n"
                "`retention:` in [klarsyn.yaml](settings.md#ownretention) has the periods that a "
                "company may choose; these are the usual ones."
            ),
            "\n".join(rows),
        ]
    )


def findings() -> str:
    """Return every rule: what it rests on, why it matters, what to do."""
    from klarsyn.register import RULES
    from klarsyn.register.findings import SEVERITIES

    rules = sorted(RULES.values(), key=lambda one: (SEVERITIES.index(one.severity), one.id))
    table = ["| id | severity | requirement | what |", "|---|---|---|---|"]
    table += [
        f"| [`{one.id}`](#{one.id}) | {one.severity} | {_linked(one.requirement)} | {one.title} |"
        for one in rules
    ]
    parts = [
        "# Findings",
        (
            "A finding is what the register leaves open.\n"
            "It never stops a page; `klarsyn check --strict` makes it a failure.\n"
            "`klarsyn explain ID` prints what stands here.\n"
            "Requirements (R) are in [requirements](requirements.md), defects of the first page "
            "(D) in [defects](defects.md).\n"
            "Words in braces are filled in for each case."
        ),
        f"There are {len(rules)} rules.",
        "\n".join(table),
    ]
    for one in rules:
        seen = _linked(one.seen_as) if one.seen_as else "-"
        parts += [
            f"## {one.id}",
            f"**{one.title}.**",
            (
                f"- Severity: {one.severity}\n- Requirement: {_linked(one.requirement)}\n"
                f"- Seen as: {seen}\n- Says: {_plain(one.what)}\n- Remedy: {_plain(one.remedy)}"
            ),
            _by_sentence(_plain(one.why)),
        ]
    return "\n\n".join(parts)


def _linked(text: str) -> str:
    """Return a text whose R and D numbers lead to their pages."""
    pattern = re.compile(r"(?<![\w#.\[-])([RD])(\d{1,2})(?!\w)(?:-[RD](\d{1,2})(?!\w))?")
    homes = {"R": "requirements.md", "D": "defects.md"}

    def link(found: re.Match[str]) -> str:
        letter, first, last = found[1], found[2], found[3]
        of = f"[{letter}{first}]({homes[letter]}#{letter.lower()}{first})"
        return f"{of}-[{letter}{last}]({homes[letter]}#{letter.lower()}{last})" if last else of

    return pattern.sub(link, text)


def _by_sentence(text: str) -> str:
    return re.sub(r"(?<=[a-z)\"][.]) (?=[A-Z])", "\n", text)


# The register's files.


@dataclass
class Model:
    """What the source says of the register's files: classes, and names for types."""

    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    aliases: dict[str, ast.expr] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    """Docstrings of aliases, and of keys as Class.key."""


@cache
def model() -> Model:
    """Read the model's modules, without running them."""
    found = Model()
    for module in MODULES:
        tree = ast.parse((SOURCE / module).read_text(encoding="utf-8"))
        _collect(tree.body, "", found)
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and _is_struct(node):
                found.classes[node.name] = node
                _collect(node.body, f"{node.name}.", found)
    return found


def _is_struct(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).split("[")[0] in {"Part", "Struct"} for base in node.bases)


def _collect(body: list[ast.stmt], prefix: str, into: Model) -> None:
    """Keep aliases, and the string that stands under a name."""
    for node, after in zip(body, [*body[1:], None], strict=True):
        name = _target(node)
        if name is None:
            continue
        if not prefix and isinstance(node, ast.Assign):
            into.aliases[name] = node.value
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            into.told[prefix + name] = inspect.cleandoc(str(after.value.value))


def _target(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return None


def keys(name: str) -> Iterator[ast.AnnAssign]:
    """Yield the keys of a part, in the order of the source."""
    for node in model().classes[name].body:
        if isinstance(node, ast.AnnAssign):
            yield node


@cache
def meanings() -> dict[str, str]:
    """Return what docs/reference/keys.toml says of keys, as Class.key."""
    text = (OUT / "keys.toml").read_text(encoding="utf-8")
    return {
        f"{part}.{key}": told
        for part, told_keys in tomllib.loads(text).items()
        for key, told in told_keys.items()
    }


def meaning(part: str, node: ast.AnnAssign) -> str:
    """Return a key's meaning: its docstring, else keys.toml, else that of the part it holds."""
    name = f"{part}.{_target(node)}"
    if told := model().told.get(name) or meanings().get(name):
        return told
    held = [one for one in _names(node.annotation) if one in model().classes and one != "Fact"]
    return _first_sentence(ast.get_docstring(model().classes[held[0]]) or "") if held else ""


def register() -> str:
    """Return every kind of file and every key."""
    from klarsyn.register.schemas import KINDS

    parts = [
        "# Files of the register",
        (
            "Every file begins with `format: 1`.\n"
            "A *fact* names its source or is [not yet known until a date](#fact).\n"
            "A *declaration* is the company's own decision and is written plainly.\n"
            "Unknown keys are refused, and the nearest known one is named.\n"
            "`klarsyn schema` prints the same as JSON Schema: see "
            "[editor completion](../how-to/editor-completion.md)."
        ),
        "\n".join(f"- [`{FILES[one]}`](#{_anchor(kind.__name__)})" for one, kind in KINDS.items()),
    ]
    done: list[str] = []
    for one, kind in KINDS.items():
        for name in _reachable(kind.__name__, done):
            title = f"## {name}" if name == kind.__name__ else f"### {name}"
            file = f"The file `{FILES[one]}`." if name == kind.__name__ else ""
            parts += [title, file, _by_sentence(_linked(_docstring(name))), _keys_table(name)]
    date_row = "| date | a date such as 2026-11-22 |"
    parts += ["## Kinds of value", _values_table(done, date_row)]
    return "\n\n".join(part for part in parts if part)


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _reachable(name: str, done: list[str]) -> Iterator[str]:
    """Yield a part and those inside it, each once."""
    if name in done:
        return
    done.append(name)
    yield name
    for node in keys(name):
        for inner in _names(node.annotation):
            if inner in model().classes:
                yield from _reachable(inner, done)


def _names(node: ast.expr) -> list[str]:
    """Return the names in an annotation, aliases opened."""
    found = []
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            found.append(one.id)
            if one.id in model().aliases:
                found += _names(model().aliases[one.id])
    return found


def _docstring(name: str) -> str:
    return " ".join((ast.get_docstring(model().classes[name]) or "").split())


def _keys_table(name: str) -> str:
    rows = ["| key | holds | needed | meaning |", "|---|---|---|---|"]
    for node in keys(name):
        needed = "yes" if node.value is None else _default(node.value)
        told = _linked(_plain(meaning(name, node)))
        rows.append(f"| `{_target(node)}` | {kind_of(node.annotation)} | {needed} | {told} |")
    return "\n".join(rows)


def _default(node: ast.expr) -> str:
    text = ast.unparse(node)
    if text in {"None", "[]", "{}"} or text.endswith("()"):
        return "no"
    value = ast.literal_eval(node)
    return f"no (`{str(value).lower() if isinstance(value, bool) else value}`)"


def kind_of(node: ast.expr) -> str:
    """Return an annotation in words."""
    if isinstance(node, ast.BinOp):  # "| None" only says that the key may be left out
        return kind_of(node.left)
    if isinstance(node, ast.Name):
        return _named(node.id)
    if not isinstance(node, ast.Subscript):
        raise TypeError(ast.unparse(node))
    outer, first, *others = ast.unparse(node.value), *_arguments(node)
    if outer == "Literal":
        return ", ".join(f"`{ast.literal_eval(one)}`" for one in (first, *others))
    words = {
        "Annotated": "{}" + "".join(map(_bounds, others)),
        "Fact": "[fact](#fact): {}",
        "list": "list of: {}",
        "dict": "mapping from {} to: " + "".join(map(kind_of, others if outer == "dict" else ())),
    }
    return words[outer].format(kind_of(first))


def _arguments(node: ast.Subscript) -> list[ast.expr]:
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


_PLAIN = {
    "str": "text",
    "bool": "`true` or `false`",
    "int": "number",
    "date": "date",
    "T_co": "the value",
}


def _named(name: str) -> str:
    if name in _PLAIN:
        return _PLAIN[name]
    if name in model().classes:
        return f"[{name}](#{_anchor(name)})"
    if _is_closed(name):
        return f"[{name}](vocabulary.md#{_anchor(name)})"
    return f"[{name}](#kinds-of-value)"


def _is_closed(name: str) -> bool:
    node = model().aliases.get(name)
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"


def _bounds(meta: ast.expr) -> str:
    words = {"ge": "at least {}", "le": "at most {}", "min_length": "{} or more"}
    given = meta.keywords if isinstance(meta, ast.Call) else []
    told = [words[one.arg].format(ast.unparse(one.value)) for one in given if one.arg in words]
    return f" ({', '.join(told)})" if told else ""


def _values_table(parts: list[str], *rows_before: str) -> str:
    """Return the kinds of value in some parts that are no closed set, with what `Meta` says."""
    used = {name for one in parts for node in keys(one) for name in _names(node.annotation)}
    rows = ["| name | is |", "|---|---|", *rows_before]
    for name, node in sorted(model().aliases.items()):
        if name not in used or _is_closed(name) or name == "T_co":
            continue
        told = meanings().get(f"values.{name}") or _description(node) or model().told.get(name, "")
        rows.append(f"| {name} | {_linked(_plain(told))} |")
    return "\n".join(rows)


def _description(node: ast.expr) -> str:
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "mark":
            return str(ast.literal_eval(one.args[0]))
    return ""


# Settings and vocabulary.


def settings() -> str:
    """Return the keys of klarsyn.yaml and the variables of the environment."""
    environment = {
        "KLARSYN_LANG": "The language of messages; before all others.",
        "LC_ALL": "The language of messages, where KLARSYN_LANG is not set.",
        "LC_MESSAGES": "The language of messages, where none of the above is set.",
        "LANG": "The language of messages, where none of the above is set.",
        "KLARSYN_USER": "Who signs in, where nobody types; with the next one.",
        "KLARSYN_PASSPHRASE_FILE": "A file whose first line is that person's own passphrase.",
        "KLARSYN_KEYS": "Klarsyn's own keys, oldest first, each as `klarsyn keys new` prints it; "
        "or KLARSYN_KEYS_FILE names a file that holds them.",
        "KLARSYN_SOURCE_PASSWORD": "The password of the database that `source:` names.",
        "KLARSYN_STANDINS_HURRY": "How much faster time passes between Klarsyn and stand-ins, "
        "and since when; `klarsyn standins --hurry` sets it.",
        "XDG_CACHE_HOME": "The folder in which files read before are kept, in `klarsyn/`; "
        "`~/.cache` where it is not set.",
    }
    done: list[str] = []
    inner = [
        text
        for name in list(_reachable("SettingsFile", done))[1:]
        for text in (f"### {name}", _by_sentence(_linked(_docstring(name))), _keys_table(name))
    ]
    rows = ["| variable | meaning |", "|---|---|"]
    rows += [f"| `{name}` | {told} |" for name, told in environment.items()]
    return "\n\n".join(
        [
            "# Settings",
            (
                "`klarsyn.yaml` is about this installation.\n"
                "What a company declares stands in its [register](register.md), never here."
            ),
            "## klarsyn.yaml",
            _keys_table("SettingsFile"),
            *inner,
            "### Kinds of value",
            _values_table(done),
            "## Environment",
            "\n".join(rows),
            (
                "Messages come in sv, da, nb, en, de or fi; any other language means English.\n"
                "The cache holds nothing but the register, and can be deleted at any time."
            ),
        ]
    )


def vocabulary() -> str:
    """Return every closed set of words, as files and JSON use them, with what pages print."""
    from klarsyn.language import LANGUAGES, language_name
    from klarsyn.publication import words
    from klarsyn.register.facts import BASES
    from klarsyn.rules.authorities import AUTHORITIES
    from klarsyn.rules.statutes import STATUTES
    from klarsyn.rules.transfers import ADEQUACY

    printed: dict[str, Mapping[Any, str]] = {
        "Role": words.ROLES,
        "Direction": words.DIRECTIONS,
        "LegalBasis": words.BASES_IN_LAW,
        "Basis": BASES,
        "Language": {one: language_name(one, "en") for one in LANGUAGES},
        "DataElement.about": words.ABOUT,
        "DataElement.origin": words.ORIGINS,
        "Transfer.mechanism": words.MECHANISMS,
        "Vendor.status": words.STATUSES,
        "Measure.heading": words.MEASURES,
    }
    parts = [
        "# Vocabulary",
        (
            "The closed sets of words in the register's files and in `subprocessors.json`.\n"
            "Any other word is refused, and the nearest one is named.\n"
            "*Printed as* is what the English page says, where a page says it."
        ),
    ]
    for name, node in sorted([*_closed_aliases(), *_closed_keys()]):
        told = _linked(_plain(model().told.get(name, "")))
        values = [str(ast.literal_eval(one)) for one in _arguments(node)]
        parts += [f"## {name}", _by_sentence(told), _choices(name, values, printed.get(name))]
    parts += ["## Statutes of retention", "Named by `retention.statute`."]
    rows = ["| id | country | years | counted from | source | grade |", "|---|---|---|---|---|---|"]
    for law in STATUTES.values():
        counted = law.counted_from.replace("-", " ")
        cells = (f"`{law.id}`", law.country, law.years, counted, law.source, law.grade)
        rows.append(f"| {' | '.join(map(str, cells))} |")
    parts += ["\n".join(rows), "## Adequacy decisions", _GRADES]
    rows = ["| country | since | until | only | source | grade |", "|---|---|---|---|---|---|"]
    for one in sorted(ADEQUACY, key=lambda row: (row.country, row.since)):
        cells_ = (one.country, one.since, one.until or "-", one.only or "-", one.source, one.grade)
        rows.append(f"| {' | '.join(map(str, cells_))} |")
    parts += [
        "\n".join(rows),
        "## Authorities",
        "The lead authority follows the main establishment.",
    ]
    rows = ["| country | id | name |", "|---|---|---|"]
    rows += [f"| {code} | `{one.id}` | {one.name} |" for code, one in sorted(AUTHORITIES.items())]
    parts.append("\n".join(rows))
    return "\n\n".join(part for part in parts if part)


_GRADES = (
    "Each answer is computed for the day that is asked about.\n"
    "Grade S was read in a public copy, OJ is the text of a legal act of the EU, M is not verified."
)


def _closed_aliases() -> Iterator[tuple[str, ast.Subscript]]:
    for name, node in model().aliases.items():
        if _is_closed(name) and isinstance(node, ast.Subscript):
            yield name, node


def _closed_keys() -> Iterator[tuple[str, ast.Subscript]]:
    for name in model().classes:
        for node in keys(name):
            for one in ast.walk(node.annotation):
                is_choice = isinstance(one, ast.Subscript) and ast.unparse(one.value) == "Literal"
                if is_choice and isinstance(one, ast.Subscript) and len(_arguments(one)) > 1:
                    yield f"{name}.{_target(node)}", one


def _choices(name: str, values: list[str], printed: Mapping[Any, str] | None) -> str:
    if printed is None:
        told = {one: meanings().get(f"{name}.{one}", "") for one in values}
        return "\n".join(f"- `{one}`{f': {told[one]}' if told[one] else ''}" for one in values)
    rows = ["| word | printed as |", "|---|---|"]
    return "\n".join([*rows, *(f"| `{one}` | {printed[one]} |" for one in values)])


def _plain(text: str) -> str:
    """Return a text on one line that no table and no HTML reader takes for its own."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _sentence(kind: type[Any]) -> str:
    return _plain(inspect.getdoc(kind) or "")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.])\s", " ".join(text.split()))[0]


if __name__ == "__main__":
    sys.exit(main())
