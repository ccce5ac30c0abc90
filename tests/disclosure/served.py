"""
Each vendor that is delivered to: how it is made ready, and what it holds afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from klarsyn.disclosure.delivering import place, resume
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.disclosure.plans.planning import ceilings
from klarsyn.durable import Run
from klarsyn.personal import Personal
from klarsyn.testing.serving import Exchange, StandIn
from klarsyn.testing.standins.economic import EconomicStandIn
from klarsyn.transport.connection import Purpose
from klarsyn.transport.paths import texts
from klarsyn.vendors.connections import variable
from klarsyn.vendors.reading import read
from tests.disclosure.world import World, customer, world
from tests.testing.contracts import FILES
from tests.testing.referee import refereed
from tests.vendors.hosted_databases import Hosted
from tests.vendors.test_contract import different

READS = frozenset({"GET", "HEAD"})
BY_PLECTO = {"updating_api_provider": "KlarPris"}


@dataclass(frozen=True, kw_only=True)
class Served:
    """A vendor, and what its trials change there."""

    vendor: str
    most: int = 1
    """People in one call, by the vendor's own documents."""
    changes: str = "phone"
    """The column of the source whose element is changed."""
    clears: str = "phone"
    """The column that is emptied."""
    whole: bool = False
    """Whether a change sends all that is there: the vendor replaces, or remembers nothing."""
    constants: frozenset[str] = frozenset()
    """Texts that a call has beside values of the source."""
    by_email: bool = True
    """Whether an e-mail address is sent there at all."""
    tells_by: str = ""
    """The field by which a reply tells what became of a row."""
    refuses: Mapping[str, str] = field(default_factory=dict)
    """What a customer must not be like, there."""
    keeps_runs: bool = False
    """Whether what was sent is a run that no call changes or erases."""
    ready: Callable[[World, ExitStack], None] = lambda _found, _stack: None
    """What has to be there before anything can be delivered."""


def members(found: World, _stack: ExitStack) -> None:
    """Let Plecto know everybody: a registration of somebody unknown would make a member."""
    for number in range(1, 110):
        given = {"updating_api_provider_id": str(number), "name": f"freja.{number}"}
        found.standins["plecto"].write_member(_Given({**BY_PLECTO, **given}))


@dataclass(frozen=True, slots=True)
class _Given:
    """A request of the company's own to Plecto."""

    body: Mapping[str, str]

    def json(self) -> Mapping[str, str]:
        """Return the body."""
        return self.body


def bookkeeping(found: World, stack: ExitStack) -> None:
    """Deliver to e-conomic what Reviso is delivered."""
    folder = found.folder / "register" / "vendors"
    text = (folder / "reviso.yaml").read_text(encoding="utf-8")
    text = text.replace("connection:\n", "connection:\n  sheet: e-conomic\n")
    (folder / "e-conomic.yaml").write_text(text.replace("Reviso", "e-conomic"), encoding="utf-8")
    _join(found, stack.enter_context(EconomicStandIn(count=0, clock=found.clock)), "e-conomic")


def warehouse(found: World, stack: ExitStack) -> None:
    """Deliver to a database of the company's what Pipedrive is delivered."""
    folder = found.folder / "register" / "vendors"
    text = (folder / "pipedrive.yaml").read_text(encoding="utf-8")
    text = text.replace("settings: {company: klarpris}", "settings: {tables: contacts}")
    text = text.replace("Pipedrive", "Datalager")
    for one in ("name", "email", "phone"):
        text = text.replace(f"person.{one}: person.{one}", f"person.{one}: contacts.{one}")
    text = text.replace("connection:\n", "connection:\n  sheet: microsoft\n")
    (folder / "datalager.yaml").write_text(text, encoding="utf-8")
    database = stack.enter_context(Hosted())
    database.run("DELETE FROM contacts")
    _join(found, database, "datalager")


def _join(found: World, standin: Any, vendor: str) -> None:
    found.standins = {**found.standins, vendor: standin}
    found.environ[variable("standin", vendor)] = getattr(standin, "url", "")
    found.environ |= {variable(vendor, name): one for name, one in standin.secrets.items()}
    found.reload()
    found.announce(vendor)


SERVED = {
    one.vendor: one
    for one in (
        Served(
            vendor="activecampaign",
            most=250,
            clears="partner",
            tells_by="batchId",
            refuses={"email": ""},
        ),
        Served(
            vendor="mailchimp",
            most=500,
            changes="partner",
            clears="partner",
            tells_by="new_members",
            refuses={"name": ""},
        ),
        Served(
            vendor="pipedrive",
            constants=frozenset({"work"}),
            tells_by="data",
            refuses={"name": ""},
        ),
        Served(
            vendor="plecto",
            most=100,
            changes="company",
            clears="company",
            whole=True,
            by_email=False,
            tells_by="uuid",
            refuses={"username": "nobody.they.know"},
            ready=members,
        ),
        Served(vendor="recurly", clears="address", tells_by="id", refuses={"name": "N" * 300}),
        Served(vendor="reviso", whole=True, tells_by="customerNumber", refuses={"name": ""}),
        Served(
            vendor="e-conomic",
            whole=True,
            tells_by="customerNumber",
            refuses={"name": ""},
            ready=bookkeeping,
        ),
        Served(
            vendor="teamviewer",
            changes="name",
            clears="name",
            tells_by="code",
            refuses={"email": ""},
        ),
        Served(
            vendor="zapier",
            changes="partner",
            clears="partner",
            whole=True,
            tells_by="status",
            keeps_runs=True,
        ),
        Served(
            vendor="zendesk",
            most=100,
            changes="name",
            clears="name",
            tells_by="job_status",
            refuses={"name": ""},
        ),
        Served(vendor="datalager", refuses={"email": ""}, ready=warehouse),
    )
}
OF_ANOTHER = ("e-conomic", "datalager")
"""Vendors that KlarPris delivers nothing to: here they are given what another is."""


@contextmanager
def company_of(folder: Path, vendor: str) -> Iterator[World]:
    """Yield a company that delivers to a vendor; its exchanges are refereed at the end."""
    names = () if vendor in OF_ANOTHER else (vendor,)
    with ExitStack() as stack:
        found = stack.enter_context(world(folder, *names))
        SERVED[vendor].ready(found, stack)
        yield found
        referee(found, vendor)


def referee(found: World, vendor: str) -> None:
    """Hold what was said against the vendor's contract, where there is one."""
    if vendor in FILES:
        with refereed(vendor) as exchanges:
            exchanges.extend(different([found.standins[vendor]]))


# What was sent


def exchanges(found: World, vendor: str) -> list[Exchange]:
    """Return all exchanges with a vendor; a database has none."""
    standin = found.standins[vendor]
    return standin.exchanges if isinstance(standin, StandIn) else []


def writes(found: World, vendor: str) -> list[Exchange]:
    """Return the exchanges that were to change something."""
    return [one for one in exchanges(found, vendor) if one.request.method not in READS]


def sent_texts(these: Iterable[Exchange]) -> set[str]:
    """Return every text in the bodies of requests."""
    bodies = (json.loads(one.request.body) for one in these if one.request.body)
    return {text for body in bodies for _, text in texts(body)}


# What is there


def opened(found: World, vendor: str) -> Ceiling:
    """Return what may be sent to a vendor."""
    (ceiling,) = ceilings(found.around, [vendor], found.around.facts.load())
    assert isinstance(ceiling, Ceiling), ceiling
    return ceiling


def holds(found: World, vendor: str) -> list[dict[str, str]]:
    """Return what the vendor shows of everybody, element by element of what is sent there."""
    ceiling, bound = opened(found, vendor), found.bind(vendor)
    shown = []
    with bound.open(Purpose.AUDIT, found.surroundings(vendor)) as connection:
        deliver = found.register.vendors[vendor].deliver
        where = place(connection, ceiling.record, deliver.into if deliver else {})
        for page in read(connection, ceiling.record):
            for seen in page:
                if where.items() <= seen.places.items():
                    values = {name: one.reveal() for name, one in seen.values().items()}
                    own = {name: one for name, one in values.items() if name in ceiling.names}
                    shown.append({"": seen.key, **own})
    return shown


def should_hold(found: World, vendor: str, of: Mapping[str, str]) -> dict[str, str]:
    """Return what the vendor should show of a customer."""
    columns = found.around.source.settings.columns
    values = {one.name: of[columns[one.element]] for one in opened(found, vendor).sent}
    return {name: value for name, value in values.items() if value}


def is_held(found: World, vendor: str, of: Mapping[str, str]) -> int:
    """Return how many records a vendor has that say exactly this of a customer."""
    wanted = should_hold(found, vendor, of)
    shown = [{name: value for name, value in one.items() if name} for one in holds(found, vendor)]
    return shown.count(wanted)


def told_as_held(found: World, vendor: str) -> dict[str, str]:
    """Return of whom the ledger says that the vendor has something: number -> the vendor's key."""
    ledger, hashes = found.around.ledger, found.around.hashes
    held = {one.person: one.known_as for one in ledger.holdings_at(vendor) if one.held}
    people = {one["customer_no"]: one for one in found.customers}
    return {
        number: held[person]
        for number in people
        if (person := hashes.person(Personal(number))) in held
    }


def resumed(found: World, vendor: str, seconds: float = 0) -> dict[str, Any]:
    """Go on with what waits, after a while."""
    found.clock.move(seconds=seconds)
    found.runs += 1
    ended: Any = resume.do(Run(f"run-{found.runs}", found.around), vendor=vendor)
    return dict(ended)


def people(count: int) -> list[dict[str, str]]:
    """Return invented customers."""
    return [customer(one) for one in range(1, count + 1)]
