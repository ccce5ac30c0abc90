import os
import pty
import re
import subprocess

import pytest

from klarsyn.cli import findings
from klarsyn.language import translator
from klarsyn.register import Outcome
from tests.acceptance.processes import EXAMPLES, KLARSYN, klarsyn
from tests.register.builders import ACCEPTED, VENDOR, add, examined, register, unknown

KLARPRIS = EXAMPLES / "klarpris"
ENGLISH = translator("en")
EACH = re.compile(r"(register/[\w./-]+\.yaml):(\d+): (.+): (.+) \[([a-z0-9-]+)\]")


def printed(capsys, *edits):
    """Return the table of the small register after some edits, line by line."""
    findings.print_table(register(*edits), examined(*edits), ENGLISH)
    return capsys.readouterr().out.splitlines()


@pytest.fixture(scope="module")
def table():
    """KlarPris's table."""
    return klarsyn("-C", KLARPRIS, "check", "--date", "2026-11-22").stdout.splitlines()


def test_table_begins_with_what_was_checked(table):
    """
    Whose register, how many vendors and elements, in which languages.
    """
    assert re.fullmatch(
        r"KlarPris: 16 vendors, \d+ data elements, languages sv da nb en de fi\.", table[0]
    )


def test_table_ends_with_the_next_steps(table):
    """
    How many are open, how to see each, and how to learn why.
    """
    assert re.fullmatch(r"\d+ findings are open\.", table[-3])
    assert table[-2].endswith("klarsyn check --format each")
    assert re.search(r"klarsyn explain [a-z-]+$", table[-1])


def test_table_is_ordered_by_gravity_then_number(table):
    """
    What is gravest and most frequent is read first.
    """
    heads = [one for one in table if one in {"high", "medium", "low"}]
    groups = "\n".join(table).split("\n\n")[1:4]
    counts = [[int(row.split()[0]) for row in group.splitlines()[1:]] for group in groups]

    assert ["high", "medium", "low"] == heads
    assert [sorted(group, reverse=True) for group in counts] == counts


def test_table_adds_up(table):
    """
    The rows make the total, and every row ends with a rule's id.
    """
    rows = [one for one in table if re.match(r" +\d+  ", one)]

    assert f"{sum(int(one.split()[0]) for one in rows)} findings are open." == table[-3]
    assert len({one.split()[-1] for one in rows}) == len(rows)


def test_nothing_open_is_said_and_nothing_more(capsys):
    """
    A complete register gets no advice.
    """
    assert "0 findings are open." == printed(capsys)[-1]


def test_one_is_one(capsys):
    """
    One finding is a finding, not "1 findings".
    """
    assert "1 finding is open." == printed(capsys, unknown(VENDOR, "risk"))[-3]


def test_accepted_findings_are_counted(capsys):
    """
    What was accepted in writing is not hidden.
    """
    accepted = add(
        ACCEPTED,
        "format: 1\naccepted:\n  - {finding: risk-missing, place: vendors/postdesk/risk, "
        "reason: is being judged, by: A. Jensen, until: 2027-01-01}\n",
    )

    assert (
        "0 findings are open, 1 accepted in writing."
        == (printed(capsys, unknown(VENDOR, "risk"), accepted)[-1])
    )


def test_each_finding_is_a_line_that_editors_can_jump_to():
    """
    file:line: what: remedy [id], for every open finding, and the file is there.
    """
    lines = klarsyn("-C", KLARPRIS, "check", "--format", "each").stdout.splitlines()
    found = [EACH.fullmatch(one) for one in lines]

    assert 100 < len(lines)
    assert [] == [line for line, one in zip(lines, found, strict=True) if one is None]
    assert all((KLARPRIS / one[1]).is_file() for one in found if one)


def test_no_findings_are_no_lines(capsys):
    """
    Nothing open, nothing printed: a script counts lines.
    """
    findings.print_each(register(), Outcome((), ()), ENGLISH)

    assert "" == capsys.readouterr().out


def on_a_terminal(*words, **environ):
    """Return what a person at a real terminal sees."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [KLARSYN, *map(str, words)],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environ},
    ):
        os.close(theirs)
        seen = b""
        try:
            while part := os.read(ours, 10_000):
                seen += part
        except OSError:  # Linux: the other side is closed
            pass
        os.close(ours)
    return seen.decode()


def test_terminal_sees_the_gravity_in_colour(monkeypatch):
    """
    Red is grave; a pipe gets no colour.
    """
    monkeypatch.delenv("NO_COLOR")
    words = ("-C", KLARPRIS, "check")

    assert "\x1b[31m" in on_a_terminal(*words)
    assert "\x1b" not in klarsyn(*words).stdout


def test_wish_for_no_colour_is_obeyed():
    """
    NO_COLOR is set: not even a terminal gets any.
    """
    assert "\x1b" not in on_a_terminal("-C", KLARPRIS, "check", NO_COLOR="1")
