"""
A company with a few customers, vendors that listen in this process, and people who sign in.
"""

import csv
import shutil
import time
from contextlib import ExitStack, contextmanager

from klarsyn.cli.connected import HURRY
from klarsyn.testing.clock import HurriedClock
from klarsyn.testing.standins import standin
from klarsyn.vendors.connections import variable
from tests.acceptance.processes import EXAMPLES
from tests.cli.staffed import PHRASES, Office
from tests.disclosure.world import FIELDS, customer

__all__ = ["Shop", "customer", "shop"]


class Shop(Office):
    """KlarPris, which delivers to these vendors and to no other."""

    def __init__(self, folder, standins, environ, four_eyes=True):
        """Nobody works here yet, and no connection may write."""
        self.folder = folder / "klarpris"
        shutil.copytree(EXAMPLES / "klarpris", self.folder)
        self.standins = standins
        self.environ = environ
        self.files = {}
        for name, phrase in PHRASES.items():
            self.files[name] = folder / f"{name}.txt"
            self.files[name].write_text(f"{phrase}\n", encoding="utf-8")
        if not four_eyes:
            self.append("klarsyn.yaml", "four_eyes: false\n")
        for file in (self.folder / "register" / "vendors").glob("*.yaml"):
            if file.stem not in standins:
                self.rewrite(f"register/vendors/{file.name}", "\ndeliver: {", "\n# {")
        self.write(customer(1), customer(2))

    def run(self, *words, who=None, typed=None, **environ):
        """Run a command with the way to the stand-ins in its environment."""
        return super().run(*words, who=who, typed=typed, **self.environ, **environ)

    def hire(self, *names):
        """Let people work here: freja as administrator, nils as approver, tove as editor."""
        roles = {"freja": "administrator", "nils": "approver", "tove": "editor"}
        for name in names:
            words = ("users", "add", name, "--role", roles[name])
            who = None if name == "freja" else "freja"
            assert 0 == self.run(*words, "--passphrase-file", self.files[name], who=who).returncode

    def enable(self, *vendors, who="freja"):
        """Let connections write, and what is declared come into effect."""
        done = self.run("vendors", "enable", "--yes", *vendors, who=who)
        assert 0 == done.returncode, done
        return done

    def write(self, *customers):
        """Let the source say this."""
        with (self.folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FIELDS, delimiter=";", restval="")
            writer.writeheader()
            writer.writerows(customers)

    def append(self, file, text):
        """Add to a file."""
        with (self.folder / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    def rewrite(self, file, old, new):
        """Change a file, where it says so."""
        path = self.folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@contextmanager
def shop(folder, *vendors, four_eyes=True):
    """Yield a company whose vendors hold nobody; time passes quickly between us and them."""
    folder.mkdir(exist_ok=True)
    clock = HurriedClock(60, time.time())
    environ = {HURRY: str(clock)}
    with ExitStack() as stack:
        running = {}
        for vendor in vendors:
            one = running[vendor] = stack.enter_context(standin(vendor)(count=0, clock=clock))
            environ[variable("standin", vendor)] = one.url
            environ |= {variable(vendor, name): value for name, value in one.secrets.items()}
        yield Shop(folder, running, environ, four_eyes)
