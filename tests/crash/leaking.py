"""
Everything that can happen to a few customers, so that afterwards their values can be looked for.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from argon2.profiles import CHEAPEST

from klarsyn.disclosure import delivering
from klarsyn.disclosure.plans.plan import Limits
from klarsyn.errors import ApprovalMissing
from klarsyn.personal import Personal, Secret
from klarsyn.tasks import Evidence, Users, Wanted
from klarsyn.tasks.passphrases import Passphrases
from klarsyn.testing.faults import Trouble
from tests.acceptance.processes import klarsyn
from tests.crash.company import KEY
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.trial import Trial

VENDORS = (
    *("mailchimp", "pipedrive", "zapier", "zendesk", "activecampaign"),
    *("plecto", "recurly", "reviso", "teamviewer"),
)
TROUBLES = {
    "mailchimp": Trouble.CUT_OFF,
    "pipedrive": Trouble.MALFORMED,
    "zapier": Trouble.CUT_OFF,
    "zendesk": Trouble.ERROR_IN_OK,
    "activecampaign": Trouble.DOWN,
    "plecto": Trouble.THROTTLED,
    "recurly": Trouble.RENAMED_FIELD,
    "reviso": Trouble.MALFORMED,
    "teamviewer": Trouble.EXPIRED_KEY,
}
#: Deaths of which one prints and one writes a core; and errors whose text has values in it.
POINTS = ("claimed", "taken by the vendor", "aborted")
STUMBLES = ("stumbling over rows", "stumbling over the source")
COMMANDS = (
    *("deliver plan --out {told}/plan.json --markdown {told}/plan.md", "deliver status mailchimp"),
    *("deliver letters mailchimp", "sent mailchimp", "source check", "tasks", "storage check"),
    *("evidence export {told}/evidence.jsonl", "storage backup {told}/backup"),
)
PHRASES = {"freja": Secret("granite lantern swims at noon"), "nils": Secret("seven kettles below")}


@dataclass
class People:
    """Five customers; all that is theirs has a word in it that stands nowhere else."""

    word: str
    numbers: tuple[str, ...]

    @classmethod
    def drawn(cls) -> Self:
        """Draw a word and organisation numbers."""
        word = "".join(secrets.choice("bdfgklmnpr") for _ in range(11))
        return cls(word, tuple(f"559{secrets.randbelow(10**7):07}" for _ in range(5)))

    def customer(self, number: int, **values: str) -> dict[str, str]:
        """Return one of them. The phone numbers lie in a range that is nobody's (PTS)."""
        named = f"Søren Grø{self.word} {number}"
        return customer(
            number,
            **{
                "name": named,
                "contact_person": named,
                "email": f"søren.{self.word}.{number}@example.com".replace("ø", "o"),
                "username": f"{self.word}{number}",
                "phone": f"+46 70 174 06 {10 + number}",
                "company": f"Grø{self.word} {number} AB",
                "org_number": f"{self.numbers[number][:6]}-{self.numbers[number][6:]}",
                "address": f"{self.word} {number}, 9999 Nordenby",
                "country": "SE",
                **values,
            },
        )

    @property
    def values(self) -> list[str]:
        """What must not be found; every name, address and firm has the word in it."""
        phones = [f"70 174 06 {10 + number}" for number in range(5)]
        phones += [one.replace(" ", "") for one in phones]
        dashed = [f"{one[:6]}-{one[6:]}" for one in self.numbers]
        return [self.word, *phones, *self.numbers, *dashed]


def live(trial: Trial, people: People) -> None:
    """Let everything happen to them."""
    everybody = {one: people.customer(one) for one in range(1, 5)}
    wrong = people.customer(0, customer_no="5", email=f"{people.word} at home")
    put(trial, {**everybody, 5: wrong})
    for vendor in trial.vendors:
        trial.company.standins[vendor].faults.add(TROUBLES[vendor], on="POST *", times=1)
    trial.begin()
    trial.heal()
    for at, point in enumerate(POINTS):
        put(trial, {**everybody, 1: people.customer(1, phone=f"+46 70 174 06 {12 + at}")})
        trial.begin()
        trial.die_at(point)
    for point in STUMBLES:
        put(trial, {**everybody, 2: people.customer(2, company=f"{people.word} {point} AB")})
        trial.born.bear(point)
        trial.begin()
        trial.rest()
        trial.born.kill_all()
    leave_and_return(trial, everybody)
    agree(trial, people)


def put(trial: Trial, customers: dict[int, dict[str, str]]) -> None:
    """Let the source say this."""
    trial.customers = dict(customers)
    trial.company.write(*customers.values())


def leave_and_return(trial: Trial, everybody: dict[int, dict[str, str]]) -> None:
    """
    Whoever Mailchimp erased for good is refused to the end: a dead letter.

    Two leave: of one, whoever that is, nobody knows whether Zapier has taken them.
    """
    put(trial, {number: one for number, one in everybody.items() if number not in {2, 3}})
    trial.begin()
    trial.heal()
    put(trial, everybody)
    trial.begin()
    trial.heal()


def agree(trial: Trial, people: People) -> None:
    """Do a task with a file that names somebody, and approve a delivery with two pairs of eyes."""
    company = trial.company
    around = replace(company.around, limits=Limits(removals=0))
    users = Users(
        company.storage, company.clock, around.keys, around.journal, Passphrases(CHEAPEST)
    )
    users.add("freja", PHRASES["freja"], "administrator", None)
    users.add("nils", PHRASES["nils"], "approver", users.sign_in("freja", PHRASES["freja"]))
    task = around.tasks.all(Wanted())[0]
    content = f"deleted {people.customer(3)}".encode()
    proof = Evidence(Personal(f"{people.word} proof.txt"), content)
    around.tasks.done(task.id, [proof], users.sign_in("freja", PHRASES["freja"]))
    put(trial, {number: one for number, one in trial.customers.items() if number != 4})
    stopped = delivering.begin(around, "approved", "pipedrive", "")
    request = str(stopped["request"])
    with suppress(ApprovalMissing):  # the first puts her name to what a schedule asked for
        freja = users.sign_in("freja", PHRASES["freja"])
        around.approvals.approve(around.approvals.get(request), freja)
    nils = users.sign_in("nils", PHRASES["nils"])
    around.approvals.approve(around.approvals.get(request), nils)


def ask(trial: Trial, told: Path) -> None:
    """Write into a folder what commands print and make, whatever they end in."""
    company = trial.company
    for number, command in enumerate(COMMANDS):
        done = klarsyn(
            *command.format(told=told).split(),
            folder=company.folder,
            KLARSYN_KEYS=KEY,
            TMPDIR=str(company.folder / "tmp"),
            **company.environ,
        )
        assert "Traceback" not in done.stderr, done.stderr
        (told / f"{number}").write_text(f"{command}\n{done.stdout}{done.stderr}")


def without_source(folder: Path) -> list[Path]:
    """Return what is the company's own: the people before Klarsyn reads them."""
    shutil.rmtree(folder / "draft", ignore_errors=True)
    return [folder / "customers.csv"]
