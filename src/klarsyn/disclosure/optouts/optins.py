"""
A fresh opt-in, proved: the only thing that lifts an opt-out (R14, R42; Art. 7(1) GDPR).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.optouts.leavers import known_by
from klarsyn.errors import UnknownName, said
from klarsyn.people.gate import MARKETING
from klarsyn.personal import Personal
from klarsyn.tasks import SignedIn
from klarsyn.tasks.evidence import Evidence
from klarsyn.tasks.work import NewTask, Task


def opt_in(
    around: Around, address: Personal[str], proof: Sequence[Evidence], who: SignedIn
) -> Task:
    """
    Lift every opt-out of the person with an address, and return the task that holds the proof.

    The file is kept, sealed, as any evidence of a task is. UnknownName where it is no address, or
    nobody of it has opted out. A vendor that has them as unsubscribed still keeps them so.
    """
    identities = known_by(address)
    if not identities:
        raise UnknownName(said("This is no e-mail address."))
    by, now = around.users.check(who, "work").pseudonym, around.clock.now()
    forms = around.hashes.identities(identities, around.keys.secrets)
    people = {person for form in forms for person in around.ledger.people_known_by(form)}
    also = {form for person in people for form in around.ledger.identities_of(person)}
    subjects = sorted(around.journal.subjects.of(people).values())
    with around.storage.transaction():
        new = NewTask(
            key=f"opt-in:{secrets.token_hex(8)}",
            kind="manual",
            vendor="",
            what=said("a person has opted in to marketing again; the proof is with this task"),
            due=around.today,
            subject=subjects[0] if subjects else "",
        )
        task = around.tasks.done(around.tasks.open(new, who).id, proof, who)
        if not around.facts.opt_in(identities, now, f"task:{task.id}", also=also):
            raise UnknownName(said("Nobody with this address has opted out."))
        around.journal.append(
            f"opt-in:{task.id}",
            "optin.proved",
            by=by,
            facts={"family": MARKETING, "task": task.id},
            people=[(one, {"task": task.id}) for one in subjects],
        )
    return task
