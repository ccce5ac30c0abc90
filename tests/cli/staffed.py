"""
A company in which people sign in by files, for tests of commands that need somebody.
"""

import json
import sqlite3
from datetime import timedelta
from typing import NamedTuple

from click.testing import CliRunner

from klarsyn import keys as klarsyn_keys
from klarsyn import storage
from klarsyn.cli.group import group
from klarsyn.clock import SystemClock
from klarsyn.errors import KlarsynError, said
from klarsyn.journal import Journal
from klarsyn.personal import Secret
from klarsyn.tasks import Approvals, Users
from tests.cli.connected import company

PHRASES = {
    "freja": "granite lantern swims at noon",
    "nils": "seven kettles under the birch",
    "tove": "a ladder of quiet oranges",
}
KEY = klarsyn_keys.made("2026")


class Told(NamedTuple):
    """What a command said."""

    returncode: int
    stdout: str
    stderr: str


class Office:
    """A folder with a register, a key, and people who run commands in it."""

    def __init__(self, folder, four_eyes=True):
        """Copy KlarPris and add an administrator, an approver and an editor."""
        self.folder = company(folder / "klarpris", signifly="connection: {}\n")
        settings = self.folder / "klarsyn.yaml"
        switched = "" if four_eyes else "four_eyes: false\n"
        settings.write_text(settings.read_text(encoding="utf-8") + switched, encoding="utf-8")
        self.files = {}
        for name, phrase in PHRASES.items():
            self.files[name] = folder / f"{name}.txt"
            self.files[name].write_text(f"{phrase}\n", encoding="utf-8")
        self.run("users", "add", "freja", "--passphrase-file", self.files["freja"])
        for name, role in (("nils", "approver"), ("tove", "editor")):
            words = ("users", "add", name, "--role", role, "--passphrase-file", self.files[name])
            done = self.run(*words, who="freja")
            assert 0 == done.returncode, done.stderr

    def run(self, *words, who=None, typed=None, **environ):
        """Run a command, as somebody or as nobody; a refusal becomes its exit code and text."""
        if who:
            environ |= {"KLARSYN_USER": who, "KLARSYN_PASSPHRASE_FILE": str(self.files[who])}
        whole = ["-C", str(self.folder), *map(str, words)]
        told = CliRunner().invoke(group, whole, input=typed, env={"KLARSYN_KEYS": KEY, **environ})
        if isinstance(told.exception, KlarsynError):
            return Told(told.exception.exit_code, told.stdout, str(told.exception))
        if told.exception and not isinstance(told.exception, SystemExit):
            raise told.exception
        return Told(told.exit_code, told.stdout, told.stderr)

    def json(self, *words, who=None):
        """Run a command and return what it prints for programs."""
        done = self.run(*words, "--json", who=who)
        assert 0 == done.returncode, done.stderr
        return json.loads(done.stdout)

    def ask(self, who, key="plan:7", lasts=timedelta(days=1)):
        """Ask for an approval, as a delivery will."""
        keys, clock = klarsyn_keys.load({"KLARSYN_KEYS": KEY}), SystemClock()
        with storage.open(f"sqlite:///{self.folder / 'klarsyn.sqlite'}") as opened:
            journal = Journal(opened, clock, keys)
            users = Users(opened, clock, keys, journal)
            approvals = Approvals(opened, clock, keys, users, journal)
            by = users.sign_in(who, Secret(PHRASES[who])) if who else None
            what = said("Remove {count} people from {vendor}.", count=120, vendor="Mailchimp")
            return approvals.ask(key, "deliver.remove", what, "d1" * 32, by, lasts).id

    def everything(self):
        """Return all bytes of the database, with what waits in its log."""
        database = self.folder / "klarsyn.sqlite"
        with sqlite3.connect(database) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        connection.close()
        found = [one for one in self.folder.iterdir() if "sqlite" in one.name]
        return b"".join(one.read_bytes() for one in found)
