"""
Which papers there are, which of them a register can fill, and how one is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.errors import PaperRefused, UnknownName, said
from klarsyn.language import mark
from klarsyn.publication.papers import danish, recipients, ropa, scc914, scc915, supervision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from klarsyn.publication.papers.commission import Commission, Hat
    from klarsyn.publication.papers.document import Paper

ABOUT = {
    scc914.NAME: mark("annexes I to III for transfers to third countries, per vendor"),
    scc915.NAME: mark("annexes I to IV, towards customers or with --vendor"),
    danish.NAME: mark("appendix B of the Danish clauses, towards customers"),
    ropa.NAME: mark("records of processing, with --role controller or processor"),
    recipients.NAME: mark("block for the privacy notice, Art. 13 and 14"),
    supervision.NAME: mark("plan for the supervision of processors"),
}
"""Every paper, and a line on each."""

ROLES: tuple[Hat, ...] = ("controller", "processor")


@dataclass(frozen=True, slots=True)
class Choice:
    """A paper that is asked for: its name, and the vendor or role that it is about."""

    paper: str
    vendor: str | None = None
    role: str | None = None

    def __str__(self) -> str:
        """Return the choice as it is written on the command line."""
        words = [self.paper]
        if self.vendor:
            words += ["--vendor", self.vendor]
        if self.role:
            words += ["--role", self.role]
        return " ".join(words)


def choices(order: Commission) -> Iterator[Choice]:
    """Yield every paper that the register can fill, in the order of `ABOUT`, vendors by name."""
    vendors = order.register.vendors.items()
    acts_as = order.register.company.acts_as.value or [*ROLES]
    yield from (Choice(scc914.NAME, one) for one, each in vendors if scc914.applies(each, order))
    if "processor" in acts_as:
        yield Choice(scc915.NAME)
    yield from (Choice(scc915.NAME, one) for one, each in vendors if scc915.applies(each, order))
    if "processor" in acts_as:
        yield Choice(danish.NAME)
    if acts_as != ["processor"]:
        yield Choice(ropa.NAME, role="controller")
    if "processor" in acts_as:
        yield Choice(ropa.NAME, role="processor")
    yield Choice(recipients.NAME)
    yield Choice(supervision.NAME)


def make(order: Commission, choice: Choice) -> Paper:
    """
    Return the paper that is asked for.

    Raises UnknownName for a paper, vendor or role that does not exist, and PaperRefused where the
    register has no ground for the paper.
    """
    _refuse_unknown(choice.paper, list(ABOUT), "paper")
    if choice.vendor is not None:
        _refuse_unknown(choice.vendor, list(order.register.vendors), "vendor")
    if choice.role is not None:
        _refuse_unknown(choice.role, list(ROLES), "role")
    made = {scc914.NAME: _scc914, scc915.NAME: _scc915, ropa.NAME: _ropa}.get(choice.paper)
    if choice.vendor and choice.paper not in {scc914.NAME, scc915.NAME}:
        raise PaperRefused(
            said("The paper {paper} is not made for one vendor.", paper=choice.paper),
            said("Leave out --vendor."),
        )
    if choice.role and choice.paper != ropa.NAME:
        raise PaperRefused(
            said("The paper {paper} is not made for a role.", paper=choice.paper),
            said("Leave out --role."),
        )
    return made(order, choice) if made else _PLAIN[choice.paper](order)


_PLAIN: Mapping[str, Callable[[Commission], Paper]] = {
    danish.NAME: danish.paper,
    recipients.NAME: recipients.paper,
    supervision.NAME: supervision.paper,
}


def _scc914(order: Commission, choice: Choice) -> Paper:
    if choice.vendor:
        return scc914.paper(order, choice.vendor)
    vendors = order.register.vendors.items()
    names = [one for one, each in vendors if scc914.applies(each, order)]
    remedy = (
        said("Name one with --vendor: {names}.", names=", ".join(names))
        if names
        else said("No vendor has a transfer on standard contractual clauses.")
    )
    raise PaperRefused(said("The paper {paper} is made per vendor.", paper=choice.paper), remedy)


def _scc915(order: Commission, choice: Choice) -> Paper:
    return scc915.to_vendor(order, choice.vendor) if choice.vendor else scc915.to_customers(order)


def _ropa(order: Commission, choice: Choice) -> Paper:
    records: dict[str | None, Callable[[Commission], Paper]] = {
        "controller": ropa.as_controller,
        "processor": ropa.as_processor,
    }
    if choice.role is None:
        raise PaperRefused(
            said("There are two records of processing."),
            said("Name one with --role: {names}.", names=", ".join(ROLES)),
        )
    return records[choice.role](order)


def _refuse_unknown(name: str, known: list[str], kind: str) -> None:
    if name in known:
        return
    told = {
        "paper": said("There is no paper called {name}.", name=name),
        "vendor": said("There is no vendor called {name}.", name=name),
        "role": said("There is no role called {name}.", name=name),
    }
    raise UnknownName(told[kind], said("Name one of: {names}.", names=", ".join(known)))
