"""
The command line: one file per command.

Nothing is imported here, so that `klarsyn --help` answers at once; running.py calls the commands.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def mark(text: str) -> str:
    """Mark a text for translation, as klarsyn.language.mark does, without importing it."""
    return text


ABOUT = mark(
    "Klarsyn reads a company's register of vendors, says what is open in it, and publishes the "
    "page of its processors and sub-processors."
)

COMMANDS = {
    "init": mark("Make a small register, or draft one from a page kept by hand."),
    "check": mark("Examine the register and print what it leaves open."),
    "explain": mark("Tell why a finding matters and what to do about it."),
    "diff": mark("Say in words what changed between two versions of the register."),
    "history": mark("Say in words what changed on which day, from git."),
    "publish": mark("Build the site of the register in a folder."),
    "export": mark("Fill in legal papers: annexes, records, notices and plans."),
    "recognise": mark("Count the personal data in a file, masked."),
    "vendors": mark("Print how far each job goes at each vendor; show, map or enable one."),
    "source": mark("Read the company's own people once, and count what is wrong."),
    "keys": mark("Make a key for what Klarsyn stores."),
    "evidence": mark("Verify what was recorded, export it with proofs, print the public keys."),
    "deliver": mark("Plan what is sent to vendors, send it, and tell how it stands."),
    "who-has": mark("Print every vendor that has, or once had, somebody's data."),
    "sent": mark("Print of how many people a vendor was sent what, and since when."),
    "work": mark("Carry out what was started, is due or scheduled, until it is stopped."),
    "storage": mark("Back up, restore and examine the database; see how long everything is kept."),
    "doctor": mark("Look whether every connection works, without telling anybody."),
    "tasks": mark("Print what only a person can do; open, do and attest it."),
    "approve": mark("Print what waits for approval, or approve it with your own passphrase."),
    "users": mark("Add and remove those who approve and do tasks."),
    "score": mark("Explain one person's score to them, in words."),
    "standins": mark("Start vendors' stand-ins on this machine, to try things without a key."),
    "schema": mark("Print the JSON Schema of the register's files."),
}
"""The commands, in the order in which one meets them, and a line on each."""

OPTIONS = {
    "-C DIRECTORY": mark("Work beside the klarsyn.yaml of this directory."),
    "--version": mark("Print the version."),
    "-h, --help": mark("Print this; `klarsyn COMMAND --help` tells of one command."),
}


def help_text(say: "Callable[[str], str]") -> str:
    """Return the help in the language that `say` speaks."""
    import textwrap

    lines = ["Usage: klarsyn [-C DIRECTORY] COMMAND ...", "", *textwrap.wrap(say(ABOUT), 80), ""]
    for table in (COMMANDS, OPTIONS):
        lines += [f"  {word:<14} {say(told)}" for word, told in table.items()]
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    locale = next(
        filter(None, map(os.environ.get, ("KLARSYN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))), "C"
    )
    is_english = locale[:2] not in {"sv", "da", "nb", "nn", "no", "de", "fi"}
    if is_english and sys.argv[1:] in ([], ["--help"], ["-h"]):
        sys.stdout.write(help_text(str))
        return
    from klarsyn.cli.running import run

    run()
