import pytest

from tests.docs.blocks import DOCS, Block, blocks, matches, play, sessions
from tests.register.builders import BASE

HOW_TO = sorted((DOCS / "how-to").glob("*.md"))


@pytest.fixture
def small_register(tmp_path):
    """A folder with klarsyn.yaml and the register of tests/register/builders.py."""
    for name, text in BASE.items():
        path = tmp_path / "register" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "klarsyn.yaml").write_text("format: 1\n")
    return tmp_path


@pytest.mark.slow
def test_tutorial_does_what_it_says(tmp_path, rewrite):
    """
    Every file is written and every command run, in an empty folder, and prints what is shown.
    """
    assert [] == play(DOCS / "tutorial.md", tmp_path, rewrite=rewrite)


@pytest.mark.slow
@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_how_to_does_what_it_says(page, small_register, rewrite):
    """
    The same for every how-to, beside a small register.
    """
    assert [] == play(page, small_register, rewrite=rewrite)


def test_tutorial_shows_something():
    """
    A page whose fences are spelt otherwise must not pass for one that was run.
    """
    commands = [
        command
        for block in blocks(DOCS / "tutorial.md")
        if block.language == "console"
        for command, _ in sessions(block)
    ]

    assert len(commands) > 10
    assert {"init", "check", "explain", "publish"} <= {one.split()[1] for one in commands}


def test_shown_output_may_leave_lines_out():
    """
    A line of three dots stands for any number of lines, and for nothing else.
    """
    assert matches("a\n...\nd\n", "a\nb\nc\nd\n")
    assert matches("a\n...\nd\n", "a\nd\n")
    assert not matches("a\n...\nd\n", "a\nb\n")
    assert not matches("", "something\n")


def test_session_is_commands_with_their_output():
    """
    What follows a command, up to the next one, is what it prints.
    """
    block = Block("console", "", "$ one\nsaid\n$ two\n")

    assert [("one", "said\n"), ("two", "")] == sessions(block)
