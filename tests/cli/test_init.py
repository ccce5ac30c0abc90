import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from klarsyn.cli.group import group
from klarsyn.errors import RegisterExists, SourcePageError
from klarsyn.register import load
from klarsyn.register.facts import Contact
from tests.acceptance.processes import klarsyn

KLARPRIS = Path(__file__).parents[2] / "examples" / "klarpris" / "page.txt"


class Terminal(io.StringIO):
    """Somebody sits there."""

    def isatty(self):
        """Say so."""
        return True


class System:
    """What the command asks of its surroundings."""

    stdin = Terminal()


def run(*words, catch=True):
    """Run `klarsyn init`."""
    return CliRunner().invoke(group, ["init", *map(str, words)], catch_exceptions=catch)


@pytest.fixture
def asked(monkeypatch):
    """Let every question be asked, and answer them in turn."""

    def answer(*answers):
        lines = list(answers)

        def prompt(text, default=None, value_proc=None):
            if not lines:
                raise KeyboardInterrupt
            said = lines.pop(0) or default
            return value_proc(said) if value_proc else said

        monkeypatch.setattr("klarsyn.cli.init.sys", System())
        monkeypatch.setattr("click.prompt", prompt)

    return answer


def test_klarpris_page_becomes_a_register_with_an_account(tmp_path):
    """
    What was made, what became of every line, what is open, and what to do next.
    """
    result = run(tmp_path / "new", "--from", KLARPRIS, "--date", "2026-11-22")

    assert 0 == result.exit_code, result.output
    assert (
        "75 lines: 1 title, 1 date, 1 introduction, 16 headings, 49 elements, 6 statements, "
        "1 closing text, 0 not understood"
    ) in result.output
    assert "14 open points" in result.output
    assert f"klarsyn -C {tmp_path / 'new'} check" in result.output
    assert 16 == len(load(tmp_path / "new" / "register").vendors)
    assert KLARPRIS.read_bytes() == (tmp_path / "new" / "page.txt").read_bytes()


def test_flags_make_a_register(tmp_path):
    """
    Nothing is asked where name and vendors are given.
    """
    words = ["--name", "Acme", "--country", "no", "--language", "nb", "--vendor", "Slack"]

    result = run(tmp_path, *words)
    register = load(tmp_path / "register")

    assert 0 == result.exit_code, result.output
    assert ("Acme", "NO", ["nb"]) == (
        register.company.name,
        register.company.country.value,
        register.company.languages,
    )
    assert ["slack"] == list(register.vendors)


def test_folder_of_the_group_is_the_default(tmp_path):
    """
    `klarsyn -C DIR init` means that directory.
    """
    words = ["-C", str(tmp_path), "init", "--name", "Acme", "--vendor", "Slack"]

    assert 0 == CliRunner().invoke(group, words).exit_code
    assert (tmp_path / "klarsyn.yaml").is_file()


@pytest.mark.parametrize("words", [[], ["--name", "Acme"], ["--vendor", "Slack"]])
def test_where_nobody_can_be_asked_the_flags_are_named(tmp_path, words):
    """
    One clear error, and nothing is written.
    """
    result = run(tmp_path / "new", *words)

    assert 2 == result.exit_code
    assert "--name NAME --vendor VENDOR, or --from FILE" in result.output
    assert [] == list(tmp_path.iterdir())


def test_country_that_is_none_is_refused(tmp_path):
    """
    UK is Ukraine to nobody: the code is GB.
    """
    result = run(tmp_path, "--name", "Acme", "--vendor", "Slack", "--country", "UK")

    assert 2 == result.exit_code
    assert "ISO 3166" in result.output


def test_refusal_is_one_line_with_its_own_exit_code(tmp_path):
    """
    As a process of its own: what was refused, what to do, and the id.
    """
    page = tmp_path / "page.txt"
    page.touch()

    done = klarsyn("init", "new", "--from", page, folder=tmp_path)

    assert 14 == done.returncode
    assert "[source-page-unread]" in done.stderr
    assert 1 == len(done.stderr.splitlines())


def test_register_that_is_there_is_left_alone(tmp_path):
    """
    There is no --force.
    """
    (tmp_path / "register").mkdir()

    with pytest.raises(RegisterExists):
        run(tmp_path, "--name", "Acme", "--vendor", "Slack", catch=False)


def test_page_without_a_vendor_leaves_nothing(tmp_path):
    """
    The refusal comes before anything is written.
    """
    page = tmp_path / "page.txt"
    page.write_text("Hello.\n")

    with pytest.raises(SourcePageError):
        run(tmp_path / "new", "--from", page, catch=False)

    assert [page] == list(tmp_path.iterdir())


def test_questions_propose_answers(tmp_path, asked):
    """
    Languages and time zone follow the country.
    """
    asked("Havblik", "dk", "", "hej@havblik.example", "", "Slack, Mailchimp")

    result = run(tmp_path / "new")
    register = load(tmp_path / "new" / "register")

    assert 0 == result.exit_code, result.output
    assert ["da", "en"] == register.company.languages
    assert "Europe/Copenhagen" == register.company.timezone
    assert Contact(email="hej@havblik.example") == register.company.contact.value
    assert {"slack", "mailchimp"} == set(register.vendors)


@pytest.mark.parametrize("answers", [[], ["Havblik", "DK", "da"]])
def test_breaking_off_leaves_nothing(tmp_path, asked, answers):
    """
    Ctrl-C at any question.
    """
    asked(*answers)

    result = run(tmp_path / "new")

    assert 0 != result.exit_code
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("answers", [["Havblik", "XX"], ["Havblik", "DK", "tlh"]])
def test_answer_that_is_not_known_is_refused(tmp_path, asked, answers):
    """
    A country or language that does not exist is asked for again.
    """
    asked(*answers)

    assert 2 == run(tmp_path / "new").exit_code
