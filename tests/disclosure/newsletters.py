"""
Two newsletters of one company, and a customer who leaves one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klarsyn.disclosure.optouts.learning import opt_outs
from klarsyn.disclosure.optouts.optins import opt_in
from klarsyn.durable import Run
from klarsyn.personal import Personal, Secret
from klarsyn.tasks.evidence import Evidence

if TYPE_CHECKING:
    from klarsyn.tasks import Task
    from tests.disclosure.world import World

BOTH = ("mailchimp", "activecampaign")
FREJA = "freja.1@example.com"


def run(found: World) -> dict[str, Any]:
    """Look for opt-outs everywhere, as the schedule does."""
    found.runs += 1
    ended: Any = opt_outs.do(Run(f"opt-outs-{found.runs}", found.around))
    return dict(ended)


def member(found: World, email: str = FREJA) -> Any:
    """Return somebody at Mailchimp."""
    everybody = found.standins["mailchimp"].audiences.values()
    return next(one for each in everybody for one in each.members.values() if one.email == email)


def statuses(found: World, email: str = FREJA) -> set[str]:
    """Return the status of somebody on each list at ActiveCampaign."""
    site = found.standins["activecampaign"]
    return {one["status"] for one in site.of("contactLists", site.by_email(email)["id"])}


def leave(found: World, vendor: str) -> None:
    """Let Freja unsubscribe, by the link in a newsletter."""
    if vendor == "mailchimp":
        member(found).status = "unsubscribed"
    else:
        site = found.standins["activecampaign"]
        site.set_list(site.by_email(FREJA), "1", "2")


def has_left(found: World) -> dict[str, bool]:
    """Return which vendors say that Freja has left them."""
    return {
        "mailchimp": member(found).status == "unsubscribed",
        "activecampaign": statuses(found) == {"2"},
    }


def kinds(found: World) -> list[str]:
    """Return what the journal says of opt-outs."""
    return [one.kind for one in found.around.journal.entries() if one.kind.startswith("optout")]


def due(found: World) -> list[Any]:
    """Return what waits of this work."""
    waiting = found.around.due.waiting()
    return [one for one in waiting if one.what == "disclosure.opt-outs"]


def proved(found: World, address: str = FREJA) -> Task:
    """Note that somebody opted in again, as a colleague who signs in for it."""
    users, phrase = found.around.users, Secret("granite lantern swims at noon")
    if not users.all():
        users.add("Nils", phrase, "administrator", None)
    who = users.sign_in("Nils", phrase)
    proof = Evidence(Personal("form.txt"), b"signed up, and confirmed by mail")
    return opt_in(found.around, Personal(address), [proof], who)
