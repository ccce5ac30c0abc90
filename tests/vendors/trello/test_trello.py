"""
What is special about Trello, against its stand-in; the contract referees what Klarsyn sends.
"""

from dataclasses import replace

import pytest

from klarsyn.errors import (
    KeyRefused,
    RecordRefused,
    RightsMissing,
    Throttled,
    VendorDown,
    VendorError,
)
from klarsyn.testing import contract
from klarsyn.testing.faults import Trouble
from klarsyn.testing.serving import Reply
from klarsyn.testing.standins.trello import TrelloStandIn
from klarsyn.testing.standins.trello_wire import plain
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.reading import Coverage, read
from klarsyn.vendors.sheet import Level
from klarsyn.vendors.trello import trello
from klarsyn.vendors.trello_cards import BEFORE, CARDS, probe
from tests.testing.referee import refereed
from tests.vendors.trials import TRELLO

pytestmark = pytest.mark.network

#: Records by what the stand-in calls a place.
RECORDS = {
    "action.data.text": "comment",
    "action.data.text (another's card)": "comment",
    "action.data.old.desc": "activity",
    "checkItem.name": "check_item",
    "customFieldItem.value.text": "custom_field_value",
}
#: Parts that are changed by their own addresses: the element, and a stand-in's list of them.
PARTS = {"comment": "text", "check_item": "name", "custom_field_value": "text"}


@pytest.fixture(scope="module")
def exchanges():
    """All calls in this module, judged when it ends."""
    with refereed("trello") as kept:
        yield kept


@pytest.fixture
def site(exchanges):
    """A workspace whose clock stands still, and the sheet."""
    with TRELLO.running() as running:
        yield running
    exchanges.extend(running.standin.exchanges)


def all_of(site, record):
    """Return all records of a kind, and what was missed."""
    coverage = Coverage()
    with site.open(Purpose.AUDIT) as connection:
        pages = list(read(connection, trello.record(record), coverage))
    return [seen for page in pages for seen in page], coverage


def first(site, record, suits=lambda _raw: True):
    """Return the first record of a kind that suits, as a job wants it."""
    return next(seen.target for seen in all_of(site, record)[0] if suits(seen.raw))


def erase(site, target):
    """Erase a record."""
    with site.open(Purpose.ERASE) as connection:
        return jobs.erase(connection, target)


def gone(site, target):
    """Return whether a record is gone, by the sheet's own proof."""
    with site.open(Purpose.FIND) as connection:
        return jobs.gone(connection, target)


def rectify(site, target, **changes):
    """Set elements of a record."""
    with site.open(Purpose.RECTIFY) as connection:
        return jobs.rectify(connection, target, changes)


def ping(site):
    """Ask whether the key is valid, without patience."""
    with site.open(Purpose.AUDIT, patience=0) as connection:
        return connection.call(trello.api.ping)


def texts_of(seen):
    """Return all that a record says."""
    found = [*seen.values().values(), *(text for _, text in seen.texts())]
    return " ".join(one.reveal() for one in found)


@pytest.mark.parametrize(
    "check",
    [contract.check_rectification, contract.check_erasure],
    ids=lambda check: check.__name__,
)
def test_suite_sends_what_the_contract_knows(exchanges, check):
    """
    The suite that tries every sheet is refereed where it writes.
    """

    class Kept(TrelloStandIn):
        def stop(self):
            super().stop()
            exchanges.extend(self.exchanges)

    check(replace(TRELLO, standin=Kept))


# Reading


def test_everybody_is_read_in_the_record_that_their_place_is_in(site):
    """
    Lines, values, attachments, labels and old texts are records of their own.
    """
    found, _ = site.everything()
    told = [(seen.record.name, texts_of(seen)) for seen in found]

    for planted in site.standin.planted:
        record = RECORDS.get(planted.place, planted.place.partition(".")[0])
        person = planted.person
        known = (person.name, person.email, person.phone, person.company)
        assert any(kind == record and any(k in said for k in known) for kind, said in told), (
            planted.place
        )


def test_person_on_a_line_of_anothers_card_does_not_make_the_card_theirs(site):
    """
    What hangs on a card is found, and erased, by itself: the other customer's card stays.
    """
    planted = next(one for one in site.standin.planted if one.place == "checkItem.name")

    found = [one.seen.record.name for one in site.find(planted.person, "email").matches]

    assert ["check_item"] == found


@pytest.mark.parametrize("by_place", [False, True])
def test_cards_are_paged_whatever_their_order(site, by_place):
    """
    A page goes on before its least id, be it the newest first or as the board lies.
    """
    site.standin.PAGES_BY_PLACE = by_place
    card = replace(trello.record("card"), read=CARDS.but(pages=replace(BEFORE, most=3)))

    with site.open(Purpose.AUDIT) as connection:
        keys = [seen.key for page in read(connection, card) for seen in page]

    known = site.standin.cards.values()
    seen = {one["id"] for one in known if site.standin.sees(site.standin.boards[one["idBoard"]])}
    assert (seen, len(seen)) == (set(keys), len(keys))


def test_board_of_others_is_read_once(site):
    """
    The member's own list and the workspace's have boards in common.
    """
    names = [texts_of(seen).split()[0] for seen in all_of(site, "board")[0]]

    assert sorted(names) == ["Kunder", "Kunder", "Salg", "Support"]


def test_uploaded_file_is_not_read_and_said_so(site):
    """
    Of a file the name is read; what stands in it is a finding of the audit.
    """
    _, coverage = all_of(site, "attachment")

    ((kind, count),) = [(name, n) for (name, _), (_, n) in coverage.unread.items()]
    assert ("attachment", True) == (kind, count >= 1)


# Keys


def test_key_and_token_go_in_a_header_only(site):
    """
    An address ends in logs of proxies; no key ever stands in one.
    """
    ping(site)

    (exchange,) = site.standin.exchanges
    assert {"fields": ["id"]} == dict(exchange.request.query)
    assert exchange.request.headers["authorization"].startswith("OAuth oauth_consumer_key=")


@pytest.mark.parametrize("lacking", ["", "write"])
def test_probe_tells_rights_and_end(site, lacking):
    """
    Whether the token may read and write, and until when it lives.
    """
    site.standin.scopes = {"read", "write"} - {lacking}

    with site.open(Purpose.AUDIT) as connection:
        told = probe(connection)

    assert {lacking} - {""} == told["lacking"]
    assert site.standin.expires.date() == told["until"]


def test_token_that_never_ends_has_no_day(site):
    """
    `dateExpires` is null then.
    """
    reply = Reply(200, {"permissions": [{"read": True, "write": False}], "dateExpires": None})
    site.standin._done = lambda _request: reply

    with site.open(Purpose.AUDIT) as connection:
        told = probe(connection)

    assert (None, {"read"}) == (told["until"], told["scopes"])


def test_refused_probe_does_not_print_the_token(site):
    """
    The token stands in the path of the probe, and errors print paths unfilled.
    """
    site.standin.revoked = True

    with site.open(Purpose.AUDIT) as connection, pytest.raises(KeyRefused) as told:
        probe(connection)

    assert "GET /tokens/{token}" in str(told.value)
    assert site.standin.TOKEN not in f"{told.value} {told.value!r}"


# Errors


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (plain(401, "invalid key"), KeyRefused),
        (plain(401, "invalid token"), KeyRefused),
        (Reply(401, {"error": "something new", "message": "-"}), KeyRefused),
        (plain(503, "invalid token"), VendorDown),
        (plain(401, "unauthorized card permission requested"), RightsMissing),
        (plain(400, "invalid id"), RecordRefused),
        (plain(400, "invalid value for name"), RecordRefused),
        (Reply(200, {"error": "API_TOKEN_DB_LIMIT_EXCEEDED", "message": "-"}), Throttled),
        (Reply(200, {"error": "something new", "message": "-"}), VendorError),
        (Reply(429, {"error": "API_KEY_LIMIT_EXCEEDED", "message": "-"}), Throttled),
    ],
    ids=lambda one: str(getattr(one, "body", one.__class__.__name__)),
)
def test_line_of_text_is_understood(site, reply, error):
    """
    A 401 is a wrong key or a lacking right, as its text says; what is unknown is never repeated.
    """
    site.standin._dispatch = lambda _request: reply

    with pytest.raises(error) as told:
        ping(site)

    assert "something new" not in str(told.value)
    # These replies are made up, and no contract is asked about them.
    site.standin.exchanges.clear()


def test_limit_is_waited_for_ten_seconds(site):
    """
    There is no Retry-After; the window is ten seconds long.
    """
    site.standin.faults.add(Trouble.THROTTLED, on="GET *")
    begun = site.clock.now()

    with site.open(Purpose.AUDIT) as connection:
        connection.call(trello.api.ping)

    assert 10 == (site.clock.now() - begun).total_seconds()


# Rectifying


@pytest.mark.parametrize(("record", "element"), PARTS.items())
def test_part_of_a_card_is_rectified_at_its_own_address(site, record, element):
    """
    Comments, lines of checklists and values of custom fields.
    """
    target = first(site, record)

    outcome = rectify(site, target, **{element: "Nyt Navn"})

    assert "done" == outcome.state
    with site.open(Purpose.FIND) as connection:
        assert jobs.rectified(connection, target, {element: "Nyt Navn"})


def test_cleared_value_is_taken_off_the_card(site):
    """
    A field without a value is not on the card at all.
    """
    target = first(site, "custom_field_value")

    assert "done" == rectify(site, target, text=None).state

    assert target.key not in site.standin.field_items


def test_number_is_rectified_as_a_number(site):
    """
    A value is sent under the kind that its field has, and under no other.
    """
    standin = site.standin
    board = next(iter(standin.boards.values()))
    field = standin.new_field(board, "Kundenr.", "number")
    standin.set_field(next(iter(standin.cards.values())), field, {"number": "4711"})
    target = first(site, "custom_field_value", lambda raw: "number" in (raw["value"] or {}))

    assert "done" == rectify(site, target, number="4712").state

    assert {"number": "4712"} == standin.field_items[target.key]["value"]


@pytest.mark.parametrize("record", ["board", "list", "label"])
def test_names_are_rectified(site, record):
    """
    Boards, lists and labels may be named after somebody.
    """
    target = first(site, record, lambda raw: raw["name"] != "Salg")

    assert "done" == rectify(site, target, name="Uden navn").state
    assert any("Uden navn" in texts_of(seen) for seen in all_of(site, record)[0])


def test_rectified_text_stays_in_the_history_and_is_told(site):
    """
    Each change writes down what was there; the residue says so, and the audit finds it.
    """
    target = first(site, "card", lambda raw: raw["desc"].startswith("Kontakt"))

    outcome = rectify(site, target, desc="Findes i systemet")

    assert any("history keeps the old text" in what.text for what, _ in outcome.residue)
    kept = [texts_of(seen) for seen in all_of(site, "activity")[0]]
    assert any(target.raw["desc"] in said for said in kept)


# Erasing


def test_erased_card_takes_its_history_along(site):
    """
    The proof reads the card, and what its board still tells of it.
    """
    target = first(site, "card", lambda raw: raw["desc"].startswith("Kontakt"))
    assert not gone(site, target)

    outcome = erase(site, target)

    assert ("done", Level.PURGED) == (outcome.state, outcome.level)
    assert gone(site, target)
    assert any("other cards" in what.text for what, _ in outcome.residue)


def test_card_whose_name_stays_in_the_history_is_not_gone(site):
    """
    Nobody knows whether Trello deletes a card's history for sure, so the proof looks.
    """
    target = first(site, "card", lambda raw: raw["desc"].startswith("Kontakt"))
    kept = {key: one for key, one in site.standin.actions.items() if "card" in one["data"]}

    erase(site, target)
    site.standin.actions.update(kept)

    assert not gone(site, target)


@pytest.mark.parametrize(
    "record",
    ["comment", "check_item", "checklist", "custom_field_value", "attachment", "label"],
)
def test_part_is_erased_and_may_be_again(site, record):
    """
    What hangs on a card goes by itself; gone already is as good.
    """
    target = first(site, record)

    assert "done" == erase(site, target).state
    assert gone(site, target)
    assert erase(site, target).state in {"done", "refused"}


def test_history_of_another_card_cannot_be_erased(site):
    """
    Only comments can be deleted; an old text goes with its card, and a person is told so.
    """
    target = first(site, "activity", lambda raw: "desc" in raw["data"].get("old", ()))

    outcome = erase(site, target)
    assert ("refused", Level.IMPOSSIBLE) == (outcome.state, outcome.level)
    assert not gone(site, target)

    card = target.raw["data"]["card"]["id"]
    erase(site, first(site, "card", lambda raw: raw["id"] == card))
    assert "done" == erase(site, target).state
    assert gone(site, target)


def test_card_on_a_board_of_others_is_refused_with_a_remedy(site):
    """
    Who reads a board by the workspace may not write there.
    """
    target = first(site, "card", lambda raw: raw["name"].startswith("Emne"))

    outcome = erase(site, target)

    assert "refused" == outcome.state
    assert target.key in site.standin.cards
