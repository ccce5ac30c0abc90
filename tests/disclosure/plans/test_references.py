"""The company's own key of somebody stays in the company; a vendor gets a reference instead."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import pytest

from klarsyn.disclosure.plans import words
from klarsyn.disclosure.plans.ceiling import Closed
from klarsyn.disclosure.plans.plan import Limits
from klarsyn.disclosure.plans.planning import ceilings
from klarsyn.disclosure.plans.references import reference, references
from klarsyn.disclosure.sending.readback import read_back
from klarsyn.durable import Run
from klarsyn.personal import Personal
from klarsyn.storage.queries import Query
from tests.disclosure.sending.test_doubt import die
from tests.disclosure.served import (
    SERVED,
    company_of,
    exchanges,
    opened,
    resumed,
    told_as_held,
)
from tests.disclosure.test_rotation import BOTH
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network

FORM = re.compile(r"[0-9a-f]{32}")
SUBJECTS = Query("subjects", "select subject from journal_subject")
UNTOLD = Query("untold", "update delivery set known_as = ''")
CODE = "    person.name: account.name\n    account.username: account.code\n"


def numbered(number: int, **values: str) -> dict[str, str]:
    """Return a customer whose number can be searched for."""
    return customer(number, customer_no=f"kundenr-471100{number}", **values)


def there(found: World, vendor: str) -> set[str]:
    """Return by what references a vendor knows people."""
    standin: Any = found.standins[vendor]
    if vendor == "recurly":
        return {one["code"] for one in standin.accounts.values()}
    return {one["external_id"] for one in standin.registrations.values()}


def knowing(company: Companies, vendor: str, people: int = 0) -> World:
    """Return a company whose vendor knows all that it has to."""
    found = company(vendor, people=people)
    SERVED[vendor].ready(found, ExitStack())
    return found


def naming(found: World) -> None:
    """Let Recurly know people by what the register declares for that."""
    held = "    elements:\n      - element: account.username\n        direction: delivered\n"
    found.rewrite("recurly", "    elements:\n", held)
    found.rewrite("recurly", "    person.name: account.name\n", CODE)


# Nothing undeclared


@pytest.mark.slow
@pytest.mark.parametrize("vendor", SERVED)
def test_own_number_is_not_on_the_wire(tmp_path: Path, vendor: str) -> None:
    """Not when somebody is added, changed or removed; nor does a database have it."""
    with company_of(tmp_path / "company", vendor) as found:
        found.write(numbered(1), numbered(2))
        assert 2 == sum(found.deliver(vendor)["ends"].values())
        changed = SERVED[vendor].changes
        found.write(numbered(1, **{changed: customer(7)[changed]}), numbered(2))
        found.deliver(vendor)
        found.write(numbered(2))
        found.deliver(vendor)
        resumed(found, vendor, 90_000)
        asked = [one.request for one in exchanges(found, vendor)]
        wire = [unquote_plus(one.raw_path) + one.body.decode(errors="replace") for one in asked]
        if vendor == "datalager":
            wire = [str(row) for row in found.standins[vendor].run("SELECT * FROM contacts")]
        assert any("lyngholt" in one.casefold() for one in wire)
        # Not its digits alone, which may be in a random key.
        assert not [one for one in wire if "kundenr" in one.casefold()]
        assert not [one for one in asked if "kundenr" in json.dumps(dict(one.headers)).casefold()]


@pytest.mark.parametrize("vendor", ["recurly", "plecto"])
def test_reference_stands_for_what_is_not_declared(company: Companies, vendor: str) -> None:
    """One for each, of 32 digits, and the same again when something changes."""
    found = knowing(company, vendor)
    found.deliver(vendor)
    before = there(found, vendor)
    found.write(customer(1, phone="+44 7700 900777", company="Skovlund Rør ApS"), customer(2))
    assert {"updated": 1} == found.deliver(vendor)["ends"]
    assert (2, before) == (len(before), there(found, vendor))
    assert all(FORM.fullmatch(one) for one in before)


def test_two_vendors_cannot_join_their_lists(company: Companies) -> None:
    """Each has references of its own, and neither has the journal's subject."""
    found = company("recurly", "plecto")
    SERVED["plecto"].ready(found, ExitStack())
    for vendor in ("recurly", "plecto"):
        found.deliver(vendor)
    subjects = {str(one) for (one,) in found.storage.run(SUBJECTS)}
    assert 6 == len(subjects | there(found, "recurly") | there(found, "plecto"))


def test_reference_is_one_of_subject_and_vendor_alone() -> None:
    """It is the same on every machine and in every version: vendors keep it for years."""
    made = reference("recurly", "0123456789abcdef" * 2)
    assert "8e407babb9971454b68e414be3b7ab1c" == made
    assert made != reference("recurly", "0123456789abcdee" * 2)
    assert made != reference("plecto", "0123456789abcdef" * 2)


def test_own_number_is_sent_where_it_is_declared(company: Companies) -> None:
    """So accounts are found that the vendor has under it; one column is key and element."""
    found = company("recurly")
    naming(found)
    file = found.folder / "klarsyn.yaml"
    text = file.read_text(encoding="utf-8").replace(": username\n", ": customer_no\n")
    file.write_text(text, encoding="utf-8")
    found.announce("recurly")
    found.write(numbered(1))
    found.standins["recurly"].new_account("kundenr-4711001")
    assert {"updated": 1} == found.deliver("recurly")["ends"]
    assert {"kundenr-4711001"} == there(found, "recurly")


def test_declared_element_takes_its_place(company: Companies) -> None:
    """Who has no value for it is known by a reference all the same."""
    found = company("recurly")
    naming(found)
    found.announce("recurly")
    found.write(customer(1), customer(2, username=""))
    found.deliver("recurly")
    (own,) = {one for one in there(found, "recurly") if not FORM.fullmatch(one)}
    assert ("freja.1", 2) == (own, len(there(found, "recurly")))
    assert {"looked": 2, "found": 2, "dropped": {}} == read(found, "recurly")


def test_nobody_is_sent_before_what_they_are_to_be_known_by(company: Companies) -> None:
    """Under a reference they would be there twice when the number is in effect at last."""
    found = company("recurly")
    naming(found)
    found.around.facts.end_effect("recurly", "account.username")
    (closed,) = ceilings(found.around, ["recurly"], found.around.facts.load())
    assert isinstance(closed, Closed)
    assert "the vendor is to know people by 'code', which is withheld" == str(closed.why)


def test_plan_says_by_what_people_are_known(company: Companies) -> None:
    """One line where references are used; none where the vendor has no place for one."""
    found = company("recurly", "mailchimp")
    line = "known there by 'code': a reference that says nothing, not your own number"
    assert line in told(found, "recurly")
    assert not [one for one in told(found, "mailchimp") if "known there" in one]
    naming(found)
    found.announce("recurly")
    line = "known there by 'code': account.username, or a reference that says nothing without it"
    assert line in told(found, "recurly")
    found.deliver("recurly")
    assert line not in told(found, "recurly")


def told(found: World, vendor: str) -> list[str]:
    """Return a plan in words."""
    return [str(one) for one in words.sentences(found.plan(vendor), Limits())]


# Found again


@pytest.mark.parametrize("vendor", ["recurly", "plecto"])
def test_new_key_of_the_hashes_keeps_references(company: Companies, vendor: str) -> None:
    """Nobody is there twice; what is recorded of them stays theirs."""
    found = knowing(company, vendor)
    found.deliver(vendor)
    before, subjects = there(found, vendor), found.storage.run(SUBJECTS)
    found.keys = BOTH
    found.write(customer(1, phone="+44 7700 900777", company="Skovlund Rør ApS"), customer(2))
    assert {"updated": 1} == found.deliver(vendor)["ends"]
    assert before == there(found, vendor)
    assert sorted(subjects) == sorted(found.storage.run(SUBJECTS))


def test_row_in_doubt_when_the_key_is_new_arrives_once(
    company: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent again under the reference that it had, and the vendor knows that."""
    found = company("recurly")
    die(found, "recurly", monkeypatch, sent=True)
    found.keys = BOTH
    found.deliver("recurly")
    resumed(found, "recurly", 90_000)
    found.deliver("recurly")
    assert 2 == len(there(found, "recurly"))
    assert {} == dict(found.plan("recurly").kinds)


def test_forgotten_subject_takes_its_reference_along(company: Companies) -> None:
    """Who comes back is somebody new."""
    found = company("recurly")
    opened_, person = opened(found, "recurly"), found.around.hashes.person(Personal("1"))
    before = references(found.around, opened_, [person])
    assert before == references(found.around, opened_, [person])
    assert found.around.journal.forget(person)
    assert before != references(found.around, opened_, [person])


def test_vendor_without_a_place_for_it_costs_no_subject(company: Companies) -> None:
    """Nothing is looked up, and rows are told apart by their number."""
    found = company("mailchimp")
    person = found.around.hashes.person(Personal("1"))
    assert {} == references(found.around, opened(found, "mailchimp"), [person])
    assert [] == found.storage.run(SUBJECTS)


@pytest.mark.parametrize("vendor", ["recurly", "plecto"])
def test_record_whose_key_was_never_told_is_found_by_reference(
    company: Companies, vendor: str
) -> None:
    """It is read back, and removed when its person leaves."""
    found = knowing(company, vendor, people=2)
    found.deliver(vendor)
    found.storage.run(UNTOLD)
    assert {"looked": 2, "found": 2, "dropped": {}} == read(found, vendor)
    found.write(customer(2))
    found.clock.move(seconds=90_000)
    found.deliver(vendor)
    resumed(found, vendor, 700)  # Recurly takes ten minutes to redact
    assert {"2"} == told_as_held(found, vendor).keys()


def test_registration_keeps_the_reference_that_it_has(company: Companies) -> None:
    """Made under another before, it is found by its uuid, and there is no second one."""
    found = knowing(company, "plecto")
    found.deliver("plecto")
    for number, one in enumerate(found.standins["plecto"].registrations.values()):
        one["external_id"] = f"old-{number}"
    found.write(customer(1, company="Skovlund Rør ApS"), customer(2))
    assert {"updated": 1} == found.deliver("plecto")["ends"]
    assert {"old-0", "old-1"} == there(found, "plecto")


def read(found: World, vendor: str) -> dict[str, Any]:
    """Read back the sample that is due."""
    (due,) = [one for one in found.around.due.waiting() if one.what == "disclosure.read-back"]
    told: Any = read_back.do(Run("read", found.around), **due.arguments)
    return dict(told)
