import re
import subprocess
import sys

import click
import msgspec
import pytest

import klarsyn
from klarsyn.cli import COMMANDS
from klarsyn.cli.group import group
from klarsyn.errors import KlarsynError
from klarsyn.publication import export
from klarsyn.register import RULES
from klarsyn.register.schemas import KINDS
from klarsyn.settings import SettingsFile
from scripts import reference
from tests.docs.blocks import DOCS, ROOT

REFERENCE = DOCS / "reference"
REQUIREMENTS = range(1, 99)
DEFECTS = range(1, 27)


def page(name):
    """Return the text of a page of the reference."""
    return (REFERENCE / name).read_text(encoding="utf-8")


def below(kind):
    """Yield every class below a class."""
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def structs(kind, found=None):
    """Return every struct at and below a type, each once."""
    found = {} if found is None else found
    for one in msgspec.inspect.multi_type_info([kind]):
        _collect(one, found)
    return found


def _collect(info, found):
    inner = [
        *(getattr(info, name, None) for name in ("type", "item_type", "key_type", "value_type")),
        *getattr(info, "types", ()),
    ]
    if isinstance(info, msgspec.inspect.StructType):
        if info.cls.__name__ in found:
            return
        found[info.cls.__name__] = info
        inner += [field.type for field in info.fields]
    for one in inner:
        if one is not None and not isinstance(one, type):
            _collect(one, found)


def test_generated_pages_are_fresh():
    """
    The pages are what the source says today; `just docs` writes them.
    """
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stdout + done.stderr)


def test_generated_pages_are_the_same_every_time():
    """
    Nothing of the machine, the day or the order of a set shows in them.
    """
    assert reference.pages() == reference.pages()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name):
    """
    Each command has its help in cli.md, with every option.
    """
    section = page("cli.md").split(f"\n## klarsyn {name}\n")[1].partition("\n## ")[0]
    command = group.get_command(click.Context(group), name)
    assert command is not None
    options = {
        word
        for one in command.params
        if isinstance(one, click.Option)
        for word in (*one.opts, *one.secondary_opts)
    }

    assert [] == [word for word in sorted(options) if word not in section]


def test_options_of_the_whole_are_documented():
    """
    What stands before a command, too.
    """
    section = page("cli.md").split("\n## klarsyn\n")[1].partition("\n## ")[0]

    assert [] == [one.opts for one in group.params if one.opts[0] not in section]
    assert [] == [name for name in COMMANDS if name not in section]


def test_every_error_is_documented():
    """
    Id and exit code of each error, on one line.
    """
    text = page("errors.md")
    rows = {(one.id, one.exit_code) for one in (KlarsynError, *below(KlarsynError))}

    assert [] == [row for row in sorted(rows) if f"| `{row[0]}` | {row[1]} |" not in text]


def test_every_finding_is_documented():
    """
    Each rule has a section of its own, which `klarsyn explain` could quote.
    """
    sections = re.findall(r"^## (.+)$", page("findings.md"), re.MULTILINE)

    assert sorted(RULES) == sorted(sections)


def test_every_setting_is_documented():
    """
    Keys of klarsyn.yaml, and the variables that the program reads.
    """
    text = page("settings.md")
    code = "".join(one.read_text() for one in (ROOT / "src" / "klarsyn").rglob("*.py"))
    variables = set(re.findall(r'"((?:KLARSYN|XDG|LC|LANG)(?:_[A-Z]+)*)"', code))

    assert [] == [one for one in SettingsFile.__struct_fields__ if f"| `{one}` |" not in text]
    assert {"KLARSYN_LANG", "XDG_CACHE_HOME"} <= variables
    assert [] == [one for one in sorted(variables) if f"| `{one}` |" not in text]


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_file_is_documented_with_a_meaning(kind):
    """
    Every part at and below a kind of file has a section; every key in it says what it means.
    """
    text = page("register.md")
    for name, info in structs(KINDS[kind]).items():
        heading = name.partition("[")[0]
        section = re.split(rf"^##+ {heading}$", text, flags=re.MULTILINE)[1]
        rows = dict(
            re.findall(r"^\| `(\w+)` \|.*\| (.+) \|$", section.partition("\n#")[0], re.MULTILINE)
        )

        assert [one.encode_name for one in info.fields] == list(rows), heading


def test_no_meaning_is_kept_for_what_does_not_exist():
    """
    keys.toml speaks of keys of today, and not of those that a docstring explains.
    """
    model = reference.model()
    known = {
        f"{part}.{reference._target(node)}"
        for part in model.classes
        for node in reference.keys(part)
    }
    known |= {f"values.{name}" for name in model.aliases}

    assert [] == sorted(set(reference.meanings()) - known)
    assert [] == sorted(one for one in reference.meanings() if one in model.told)


def test_every_public_name_is_documented():
    """
    stability.md lists klarsyn.__all__, and its example runs.
    """
    text = page("stability.md")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert sorted(klarsyn.__all__) == sorted(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert "9 0\n" == done.stdout


def test_every_key_of_the_published_list_is_documented():
    """
    json.md names each key of subprocessors.json.
    """
    text = page("json.md")
    keys = {
        field.encode_name
        for info in structs(export.SubProcessors).values()
        for field in info.fields
    }

    assert [] == [key for key in sorted(keys) if f"`{key}`" not in text]


def test_every_requirement_has_a_row():
    """
    R1 to R98, each once and in order, with an anchor that links can name.
    """
    rows = re.findall(r'^\| <a id="r(\d+)"></a>R(\d+) \|', page("requirements.md"), re.MULTILINE)

    assert [(str(one), str(one)) for one in REQUIREMENTS] == rows


def test_requirements_name_the_rules_that_rest_on_them():
    """
    Which rules cover a requirement is what the rules themselves say: no more, no less.
    """
    rows = dict(re.findall(r"^\| .*</a>(R\d+) \|(.*)$", page("requirements.md"), re.MULTILINE))
    told = {row: set(re.findall(r"\[([\w-]+)\]\(findings\.md", text)) for row, text in rows.items()}
    real = {
        row: {one.id for one in RULES.values() if row in one.requirement.split()} for row in rows
    }

    assert real == told


def test_requirements_name_keys_that_exist():
    """
    A key named in the column *today* is one of the model's.
    """
    keys = {
        reference._target(node)
        for part in reference.model().classes
        for node in reference.keys(part)
    }
    told = {
        part
        for row in re.findall(r"^\| <a.*$", page("requirements.md"), re.MULTILINE)
        for word in re.findall(r"`([a-z_.]+)(?::[^`]*)?`", row)
        for part in word.split(".")
    }

    assert [] == sorted(told - keys)


def test_every_defect_has_a_row():
    """
    D01 to D26, which rules name as where they were first seen.
    """
    rows = re.findall(r'^\| <a id="d(\d\d)"></a>D(\d\d) \|', page("defects.md"), re.MULTILINE)

    assert [(f"{one:02}", f"{one:02}") for one in DEFECTS] == rows
    assert {one for rule in RULES.values() for one in rule.seen_as.split()} <= {
        f"D{number}" for number, _ in rows
    }
