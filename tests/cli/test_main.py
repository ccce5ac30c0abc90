import os
import shutil
import subprocess
import sys
from importlib.metadata import version

import pytest
from click.testing import CliRunner

from klarsyn import errors
from klarsyn.cli import COMMANDS
from klarsyn.cli.group import group
from tests.acceptance.processes import EXAMPLES, KLARSYN, klarsyn, python

KLARPRIS = EXAMPLES / "klarpris"


def kinds(base=errors.KlarsynError):
    """Return every error of ours that can be raised."""
    for kind in base.__subclasses__():
        yield from kinds(kind)
        if "id" in vars(kind):
            yield kind


@pytest.fixture
def register(tmp_path):
    """A folder with a klarsyn.yaml and KlarPris's register, to be spoilt."""
    shutil.copytree(KLARPRIS, tmp_path / "klarpris")
    return tmp_path / "klarpris"


# Help


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_help_names_every_command(words):
    """
    Whoever types only the name learns what there is.
    """
    done = klarsyn(*words)

    assert 0 == done.returncode
    assert "" == done.stderr
    assert [] == [name for name in COMMANDS if f"\n  {name} " not in done.stdout]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    """
    The help of a command begins with how it is called and what it does.
    """
    told = CliRunner().invoke(group, [name, "--help"], prog_name="klarsyn")

    assert 0 == told.exit_code
    assert told.output.startswith(f"Usage: klarsyn {name} ")
    assert 80 < len(told.output)


def test_help_is_the_same_with_and_without_the_library():
    """
    The quick way to the help and the long one print the same.
    """
    quick = klarsyn("--help").stdout
    told = CliRunner().invoke(group, ["--help"]).output

    assert quick.split() == told.split()


def test_help_loads_neither_click_nor_the_register():
    """
    Help answers at once because nothing is imported for it.
    """
    code = "import sys, klarsyn.cli; klarsyn.cli.main(); print(*sys.modules)"
    loaded = python(code, "--help").splitlines()[-1].split()

    assert "klarsyn.cli" in loaded
    assert set() == {"click", "msgspec", "jinja2", "klarsyn.register"} & set(loaded)


def test_version_is_told():
    """
    The version is that of the installed package.
    """
    assert f"klarsyn {version('klarsyn')}\n" == klarsyn("--version").stdout


@pytest.mark.parametrize(
    "words", [["publsh"], ["check", "--formt", "json"], ["publish"], ["explain"]]
)
def test_wrong_words_are_a_mistake_of_usage(words):
    """
    An unknown command, an unknown option or a missing word is exit code 2 with a message.
    """
    done = klarsyn("-C", KLARPRIS, *words)

    assert 2 == done.returncode
    assert "" == done.stdout
    assert "Error" in done.stderr
    assert "Traceback" not in done.stderr


def test_module_is_the_same_program():
    """
    `python -m klarsyn` is `klarsyn`.
    """
    done = subprocess.run(
        [sys.executable, "-m", "klarsyn", "--version"], capture_output=True, text=True, check=True
    )

    assert klarsyn("--version").stdout == done.stdout


# Errors and their codes


def test_every_error_has_an_id_and_a_code_of_its_own():
    """
    A script can tell the errors apart.
    """
    found = list(kinds())

    assert 8 <= len(found)
    assert len({one.id for one in found}) == len(found)
    assert len({one.exit_code for one in found}) == len(found)
    assert set() == {0, 2, 70} & {one.exit_code for one in found}


def test_folder_without_settings_is_told():
    """
    10: no klarsyn.yaml; what to do about it is said.
    """
    done = klarsyn("-C", EXAMPLES, "check")

    assert 10 == done.returncode
    assert "" == done.stdout
    assert "klarsyn.yaml:1: there is no klarsyn.yaml in" in done.stderr
    assert "klarsyn init" in done.stderr
    assert "[settings-invalid]" in done.stderr


def test_mistakes_in_settings_are_told(register):
    """
    10: an unknown key with its line and the nearest that is known.
    """
    (register / "klarsyn.yaml").write_text("format: 1\nregistr: register\n")
    done = klarsyn("-C", register, "check")

    assert 10 == done.returncode
    assert done.stderr.startswith("klarsyn.yaml:2: ")
    assert "did you mean 'register'?" in done.stderr


def test_every_mistake_of_the_register_is_told_with_file_and_line(register):
    """
    11: mistakes in two files, told at once, each on a line that editors can jump to.
    """
    company = register / "register/company.yaml"
    company.write_text(company.read_text().replace("country: {value: DK", "country: {value: XX"))
    vendor = register / "register/vendors/zapier.yaml"
    vendor.write_text(vendor.read_text().replace("kind: automation", "knd: automation"))
    at = company.read_text().splitlines()
    line = next(n for n, text in enumerate(at, 1) if text.startswith("country:"))
    done = klarsyn("-C", register, "check")
    told = done.stderr.splitlines()

    assert 11 == done.returncode
    assert told[0].startswith(f"register/company.yaml:{line}: 'XX' is no country: ")
    assert told[1].startswith("register/vendors/zapier.yaml:3: ")
    assert told[-1].endswith("[register-invalid]")
    assert "" == done.stdout


def test_register_that_is_not_there_is_told(register):
    """
    11: the folder that klarsyn.yaml names does not exist.
    """
    (register / "klarsyn.yaml").write_text("format: 1\nregister: elsewhere\n")

    assert 11 == klarsyn("-C", register, "check").returncode


@pytest.mark.parametrize("content", [b"\x00\x01", b"\xff\xfe", b"- a list\n", b"", b"a: &b c\n"])
def test_unreadable_file_is_told_without_a_traceback(register, content):
    """
    11: whatever lies there, the answer is a message.
    """
    (register / "register/purposes.yaml").write_bytes(content)
    done = klarsyn("-C", register, "check")

    assert 11 == done.returncode
    assert done.stderr.startswith("register/purposes.yaml:")
    assert "Traceback" not in done.stderr


# The terminal


@pytest.mark.parametrize(
    "words", [["check", "--format", "json"], ["check", "--format", "each"], ["schema"]]
)
def test_broken_pipe_prints_no_traceback(words):
    """
    `klarsyn check | head -1` ends in silence.
    """
    with subprocess.Popen(
        [KLARSYN, "-C", KLARPRIS, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        told = process.stderr.read()
        process.wait(60)

    assert b"" == told


@pytest.mark.parametrize(
    ("variables", "open_points"),
    [
        ({"LANG": "da_DK.UTF-8"}, "åbne"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "nb_NO.UTF-8"}, "åpne"),
        ({"LANG": "C.UTF-8", "KLARSYN_LANG": "sv"}, "öppna"),
        ({"LANG": "fr_FR.UTF-8"}, "findings are open"),
        ({"LANG": "C.UTF-8"}, "findings are open"),
    ],
)
def test_command_line_speaks_the_readers_language(variables, open_points):
    """
    The language of the terminal decides; English where it is none of the six.
    """
    done = klarsyn("-C", KLARPRIS, "check", "--date", "2026-11-22", **variables)

    assert 0 == done.returncode
    assert open_points in done.stdout


def test_danish_terminal_gets_danish_errors():
    """
    A refusal is in the reader's language too; its id stays.
    """
    done = klarsyn("-C", KLARPRIS, "explain", "rolle", LANG="da_DK.UTF-8")

    assert 15 == done.returncode
    assert "[unknown-name]" in done.stderr
    assert "There is no finding" not in done.stderr


def test_ascii_terminal_is_no_failure():
    """
    A terminal that knows ASCII only gets its answer.
    """
    done = klarsyn("-C", KLARPRIS, "explain", "role-missing", LANG="C", PYTHONUTF8="0", LC_ALL="C")

    assert 0 == done.returncode
    assert "Traceback" not in done.stderr
    assert os.environ["NO_COLOR"]


def test_no_colour_where_nobody_looks():
    """
    What goes into a file or a pipe holds no signs for colours.
    """
    assert "\x1b" not in klarsyn("-C", KLARPRIS, "check").stdout
