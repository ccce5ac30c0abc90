"""
What is special about Slack, against its stand-in; the contract referees what Klarsyn sends.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from klarsyn.errors import CallRefused, KeyRefused, RightsMissing, VendorDown
from klarsyn.testing.faults import Trouble
from klarsyn.testing.serving import Reply
from klarsyn.testing.standins.slack_calls import METHODS
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.reading import Coverage, read
from klarsyn.vendors.sheet import Level
from klarsyn.vendors.slack import OF_USERS, PER_MINUTE, probe, slack
from klarsyn.vendors.slack_messages import (
    DELETE_FILE,
    DELETE_MESSAGE,
    FOUND,
    MOST,
    PERMALINK,
    SEARCH,
    UPDATE,
    WORDS,
    at_message,
)
from tests.testing.referee import refereed
from tests.vendors.trials import SLACK

pytestmark = pytest.mark.network

CONTRACT = Path(os.environ.get("KLARSYN_CONTRACTS", os.devnull)) / "slack"
NANNA = "U0000000001"
#: Records by what the stand-in calls a place.
RECORDS = {"file.content": "content", "user.profile.fields.value": "profile"}


@pytest.fixture(scope="module")
def exchanges():
    """All calls of methods in this module, judged when it ends."""
    with refereed("slack") as kept:
        yield kept


@pytest.fixture
def space(exchanges):
    """A workspace whose clock stands still, and the sheet."""
    with SLACK.running() as running:
        yield running
    made = running.standin.exchanges
    exchanges.extend(one for one in made if one.request.path.startswith("/api/"))


def all_of(space, record, purpose=Purpose.AUDIT):
    """Return all records of a kind, and what was missed."""
    coverage = Coverage()
    with space.open(purpose) as connection:
        pages = list(read(connection, slack.record(record), coverage))
    return [seen for page in pages for seen in page], coverage


def first(space, record, suits=lambda _seen: True):
    """Return the first record of a kind that suits, as a job wants it."""
    return next(seen.target for seen in all_of(space, record)[0] if suits(seen))


def asked(space, method):
    """Return the calls of a method so far."""
    made = [one.request for one in space.standin.exchanges]
    return [one for one in made if one.path == f"/api/{method}"]


def as_bot(space):
    """Give connections the token of the app's bot."""
    space.trial = replace(SLACK, settings={"token": space.standin.bot_token})
    return space


def as_member(space):
    """Give connections the token of a member who is no admin."""
    space.trial = replace(SLACK, settings={"token": space.standin.member_token})
    return space


def erase(space, target):
    """Erase a record."""
    with space.open(Purpose.ERASE) as connection:
        return jobs.erase(connection, target)


def gone(space, target):
    """Return whether a record is gone, by the sheet's own proof."""
    with space.open(Purpose.FIND) as connection:
        return jobs.gone(connection, target)


# Reading


def test_everybody_is_read_in_the_record_that_their_place_is_in(space):
    """
    Messages, threads, files and what stands in them, profiles, topics, bookmarks, reminders.
    """
    found, _ = space.everything()
    told = {(seen.record.name, text.reveal()) for seen in found for _, text in seen.texts()}
    told |= {(seen.record.name, one.reveal()) for seen in found for one in seen.values().values()}

    for planted in space.standin.planted:
        record = RECORDS.get(planted.place, planted.place.partition(".")[0])
        known = (planted.person.name, planted.person.email, planted.person.company)
        about = [text for kind, text in told if kind == record and any(k in text for k in known)]
        assert about or any(
            planted.person.phone in text for kind, text in told if kind == record
        ), planted.place


def test_thread_is_read_without_the_message_that_it_began_with(space):
    """
    History has the first message, conversations.replies repeats it; together each comes once.
    """
    messages, _ = all_of(space, "message")
    replies, _ = all_of(space, "reply")
    marks = [(seen.places["channel"], seen.key) for seen in (*messages, *replies)]

    assert 3 == len(replies)
    assert len(marks) == len(set(marks))


def test_broadcast_reply_is_in_both(space):
    """
    What is sent to the channel, too, is read with the history and with the thread.
    """
    reply = first(space, "reply")
    workspace = space.standin.workspace
    workspace.messages[reply.places["channel"]][reply.key]["subtype"] = "thread_broadcast"

    assert reply.key in {seen.key for seen in all_of(space, "message")[0]}
    assert reply.key in {seen.key for seen in all_of(space, "reply")[0]}


def test_kind_without_its_scope_hides_no_other(space):
    """
    Each kind of conversation has a scope of its own; what lacks is named in the coverage.
    """
    whole, _ = all_of(space, "channel")
    token = space.standin.workspace.tokens[space.standin.secrets["token"]]
    token.scopes -= {"groups:read"}
    found, coverage = all_of(space, "channel")

    private = [seen for seen in whole if seen.raw.get("is_private") and not seen.raw["is_mpim"]]
    assert len(whole) - len(private) == len(found)
    assert "groups:read" in str(coverage.missed[0][1])


def test_channel_without_the_bot_is_missed_and_the_rest_is_read(space):
    """
    A bot reads only where it is; that is a part that is not covered, not an end.
    """
    found, coverage = all_of(as_bot(space), "message")

    assert {"message"} == {name for name, _ in coverage.missed}
    assert all("not_in_channel" in str(why) for _, why in coverage.missed)
    assert 2 == len({seen.places["channel"] for seen in found})


def test_missing_scope_is_named_with_what_to_do(space):
    """
    Slack tells which scope it wants; the hint passes it on.
    """
    space.standin.workspace.tokens[space.standin.secrets["token"]].scopes.clear()
    with space.open(Purpose.AUDIT) as connection, pytest.raises(RightsMissing) as caught:
        list(read(connection, slack.record("file")))

    assert "files:read" == caught.value.code
    assert "give the app the scope files:read" == str(caught.value.remedy)


@pytest.mark.parametrize("word", ["invalid_auth", "token_expired", "account_inactive"])
def test_key_that_is_none_is_told_though_the_status_is_200(space, word):
    """
    Only `ok` tells; the status is 200.
    """
    space.standin.workspace.tokens[space.standin.secrets["token"]].error = word
    with space.open(Purpose.AUDIT) as connection, pytest.raises(KeyRefused) as caught:
        connection.call(slack.api.ping)

    assert (200, word) == (caught.value.status, caught.value.code)


def test_fault_of_slacks_own_is_waited_for(space):
    """
    An internal error with status 200 passes like one with 500.
    """
    space.standin.faults.add(Trouble.ERROR_IN_OK, on="GET /api/users.list")
    assert 8 == len(all_of(space, "user")[0])
    space.standin.faults.add(Trouble.ERROR_IN_OK, on="GET /api/users.list", times=10_000)
    with space.open(Purpose.AUDIT) as connection, pytest.raises(VendorDown):
        list(read(connection, slack.record("user")))


@pytest.mark.skipif(not CONTRACT.is_dir(), reason="KLARSYN_CONTRACTS is not set: no tiers")
def test_every_method_has_the_limit_of_its_tier():
    """
    The limits of the sheet are those of the tiers that Slack publishes.
    """
    published = json.loads((CONTRACT / "rate_limit_tiers.json").read_text("utf-8"))
    special = {"auth.test", "chat.getPermalink"}
    tiers = {20: "Tier2", 50: "Tier3", 100: "Tier4"}
    told = {name: tiers[most] for most, names in PER_MINUTE.items() for name in names.split()}

    assert {name: published[name] for name in set(told) - special} == {
        name: tier for name, tier in told.items() if name not in special
    }


# Files


def files_with(space, **changes):
    """Change the description of every text file; return what is then read of them."""
    for file in space.standin.workspace.files.values():
        file.update(changes)
    return all_of(space, "content")


def test_words_of_text_files_are_read_and_of_others_it_is_told(space):
    """
    A table below its preview is read; of a drawing it is told that only its title is.
    """
    found, coverage = space.everything()
    whole = [seen.raw["text"] for seen in found if seen.record.name == "content"]

    assert any("navn;adresse;telefon" in text for text in whole)
    assert 1 == sum(count for (name, _), (_, count) in coverage.unread.items() if name == "file")


def test_large_file_is_missed_without_being_fetched(space):
    """
    A bound keeps an audit from downloading everything; what lies beyond counts as not read.
    """
    found, coverage = files_with(space, size=MOST + 1)

    assert [] == found
    assert f"{MOST} bytes" in str(coverage.missed[0][1])
    assert not [one for one in space.standin.exchanges if "/files-pri/" in one.request.path]


def test_file_elsewhere_is_not_fetched(space):
    """
    What only points to another vendor is left out, and the token is sent to nobody else.
    """
    assert [] == files_with(space, is_external=True)[0]
    with space.open(Purpose.AUDIT) as connection, pytest.raises(CallRefused):
        connection.at(WORDS, "https://files.example.com/files-pri/T1-F1/liste.csv")


def test_page_to_sign_in_is_no_file(space):
    """
    Without the right Slack leads to a page to sign in, or shows one; neither is what was asked for.
    """
    standin = space.standin
    file = first(space, "content", lambda seen: "html" not in seen.places["type"])
    standin.error_in_ok = lambda _: Reply(200, "<html>Sign in</html>", content_type="text/html")
    standin.faults.add(Trouble.ERROR_IN_OK, on="GET /files-pri/*", times=10_000)
    found, coverage = all_of(space, "content")
    assert file.key not in {seen.key for seen in found}
    assert "a page to sign in" in str(coverage.missed[0][1])
    standin.faults.clear()
    standin.faults.add(Trouble.EXPIRED_KEY, on="GET /files-pri/*", times=10_000)
    assert "files:read" in str(all_of(space, "content")[1].missed[0][1])


def test_deleted_file_is_gone_with_its_words(space):
    """
    Record and content are one file; the second deletion finds nothing left to do.
    """
    target = first(space, "content")

    assert not gone(space, target)
    assert "done" == erase(space, target).state
    assert gone(space, target)
    assert "done" == erase(space, target).state
    assert target.key not in {seen.key for seen in all_of(space, "content")[0]}


def test_somebody_elses_file_is_left_to_a_person(space):
    """
    The task names the file by its id: its address ends in its name, which may be somebody's.
    """
    as_member(space)
    outcome = erase(space, first(space, "file", lambda seen: seen.raw["user"] != "U0000000002"))

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)
    assert str(outcome.why).startswith("only who shared this file, or an admin, may delete it: F")


# Finding


def test_address_is_searched_as_a_phrase_and_read_again(space):
    """
    To Slack an address is several words; what a search shows is a summary that may be old.
    """
    person = space.standin.people[0]
    finding = space.find(person, "email")
    kinds = {match.seen.record.name for match in finding.matches}

    assert [f'"{person.email}"'] == asked(space, "search.messages")[0].query["query"]
    assert {"message", "file"} <= kinds
    assert finding.coverage.complete


def test_search_finds_messages_and_replies_each_in_its_place(space):
    """
    A search does not tell what is a reply; each is found as reading finds it, in its thread.
    """
    reply = first(space, "reply", lambda seen: "Det var " in seen.raw["text"])
    person = next(one for one in space.standin.people if one.name in reply.raw["text"])
    found = {
        (match.seen.record.name, match.seen.key): dict(match.seen.places)
        for match in space.find(person, "name").matches
    }

    assert reply.places == found["reply", reply.key]
    assert ("message", reply.key) not in found


def test_index_lags_and_reading_does_not(space):
    """
    A message is searched for in vain until the index has it; a thorough search finds it at once.
    """
    person, workspace = space.standin.people[0], space.standin.workspace
    own = first(space, "message", SLACK.suits)
    ts = workspace.stamp()
    text = {"type": "message", "user": NANNA, "ts": ts, "text": f"Skriv til {person.email}"}
    workspace.write(own.places["channel"], text)

    assert ts not in {match.seen.key for match in space.find(person, "email").matches}
    assert ts in {one.seen.key for one in space.find(person, "email", thorough=True).matches}
    space.clock.move(seconds=31)
    assert ts in {match.seen.key for match in space.find(person, "email").matches}
    workspace.erase(own.places["channel"], ts)
    assert ts not in {match.seen.key for match in space.find(person, "email").matches}


def test_numbers_are_looked_for_by_reading(space):
    """
    Nobody knows how a number was spelt; it is told by its last digits.
    """
    finding = space.find(space.standin.people[0], "phone")

    assert {"message", "file"} <= {match.seen.record.name for match in finding.matches}
    assert [] == asked(space, "search.messages")


@pytest.mark.parametrize("thorough", [False, True])
def test_bot_that_may_not_search_reads_instead(space, thorough):
    """
    Its token is refused by search.messages; whoever is where it may read is found all the same.
    """
    person = space.standin.people[0]
    finding = as_bot(space).find(person, "email", thorough=thorough)
    keys = [match.seen.key for match in finding.matches if match.seen.record.name == "message"]

    assert keys
    assert len(keys) == len(set(keys))
    assert all("search" not in str(why) for _, why in finding.coverage.missed)


def test_search_that_shows_no_more_is_told(space, monkeypatch):
    """
    Beyond the hundredth page Slack shows nothing; then only reading is complete.
    """
    one_match = SEARCH.but(pages=replace(FOUND, most=1, cap=1))
    monkeypatch.setattr("klarsyn.vendors.slack_messages.SEARCH", one_match)
    finding = space.find(space.standin.people[0], "email")

    assert {"message", "reply"} == {name for name, _ in finding.coverage.missed}


# Correcting


def test_text_is_replaced_with_the_blocks_that_showed_it(space):
    """
    chat.update keeps what is not sent, and blocks are what people see: they are sent empty.
    """
    own = first(space, "message", lambda seen: SLACK.suits(seen) and "blocks" in seen.raw)
    with space.open(Purpose.RECTIFY) as connection:
        outcome = jobs.rectify(connection, own, {"text": "Står i systemet"})
    now = first(space, "message", lambda seen: (seen.key, seen.places) == (own.key, own.places))

    assert "done" == outcome.state
    assert ("Står i systemet", False) == (now.raw["text"], "blocks" in now.raw)


def test_what_others_wrote_is_left_to_a_person_with_its_address(space):
    """
    Nobody changes another's words by the API; the task leads to the message.
    """
    other = first(space, "message", lambda seen: seen.raw.get("user") != NANNA)
    with space.open(Purpose.RECTIFY) as connection:
        outcome = jobs.rectify(connection, other, {"text": "Står i systemet"})

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)
    link = f"/archives/{other.places['channel']}/p{other.key.replace('.', '')}"
    assert str(outcome.why).endswith(link)
    assert str(outcome.why).startswith("only who wrote a message may change it")


def test_closed_window_of_edits_is_left_to_a_person(space):
    """
    A workspace may allow edits for some minutes only.
    """
    space.standin.rules.edit_window = 60
    own = first(space, "message", SLACK.suits)
    with space.open(Purpose.RECTIFY) as connection:
        outcome = jobs.rectify(connection, own, {"text": "Står i systemet"})

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)


# Erasing


def test_replies_are_erased_before_the_message_that_they_answer(space):
    """
    A deleted message leaves its replies; so they come first.
    """
    orders = {record.name: record.order for record in slack.records}

    assert orders["reply"] < orders["message"] < orders["file"]


def test_mark_of_a_deleted_message_is_not_the_message(space):
    """
    With replies a deleted message leaves a mark with its ts; it is gone, and they are still read.
    """
    parent = first(space, "message", lambda seen: seen.raw.get("reply_count"))
    before = len(all_of(space, "reply")[0])

    assert "done" == erase(space, parent).state
    assert gone(space, parent)
    assert before == len(all_of(space, "reply")[0])
    assert "done" == erase(space, parent).state


def test_last_reply_takes_the_mark_with_it(space):
    """
    Replies are erased one by one; proof is asked of each.
    """
    replies = [seen.target for seen in all_of(space, "reply")[0]]
    states = {erase(space, one).state for one in replies}

    assert {"done"} == states
    assert all(gone(space, one) for one in replies)


@pytest.mark.parametrize("compliance", [False, True])
def test_message_that_may_not_be_deleted_becomes_a_task(space, compliance):
    """
    Others' messages, and all where compliance exports keep them: why, and where a person goes.
    """
    space.standin.rules.compliance_exports = compliance
    if not compliance:
        as_member(space)
    outcome = erase(space, first(space, "message", SLACK.suits))

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)
    assert ("compliance exports" in str(outcome.why)) is compliance
    assert "klarpris.slack.com/archives/" in str(outcome.why)


def test_message_in_a_lost_channel_is_not_called_erased(space):
    """
    "There is no such channel" may mean that the token's user is no longer in it.
    """
    target = first(space, "message", lambda seen: seen.raw.get("user") != NANNA)
    space.standin.workspace.channels.pop(target.places["channel"])

    assert "refused" == erase(space, target).state
    with space.open(Purpose.FIND) as connection, pytest.raises(RightsMissing):
        jobs.gone(connection, target)


def test_deletion_whose_reply_is_lost_is_made_again(space):
    """
    The second attempt finds no message, which is what was wanted.
    """
    target = first(space, "message", SLACK.suits)
    space.standin.faults.add(Trouble.CUT_OFF, on="POST /api/chat.delete")

    assert "done" == erase(space, target).state
    assert 2 == len(asked(space, "chat.delete"))
    assert gone(space, target)


def test_deletion_ends_truthfully_while_slack_is_down_and_goes_on_later(space):
    """
    Nothing is claimed that was not done; the same stage is run again another day.
    """
    target = first(space, "message", SLACK.suits)
    space.standin.faults.add(Trouble.DOWN, on="POST /api/chat.delete", times=10_000)
    assert ("later", 0) == ((outcome := erase(space, target)).state, outcome.stage)
    assert not gone(space, target)
    space.standin.faults.clear()

    assert "done" == erase(space, target).state


def test_address_of_a_message_that_is_gone_is_its_key(space):
    """
    There is no link to what is no more; the task still names it.
    """
    target = first(space, "message", SLACK.suits)
    erase(space, target)
    with space.open(Purpose.FIND) as connection:
        assert target.key == at_message(connection, target)
        assert connection.look(PERMALINK, **target.filled) is None


@pytest.mark.parametrize("call", [UPDATE, DELETE_MESSAGE, DELETE_FILE], ids=lambda one: one.path)
@pytest.mark.parametrize("blank", ["", " ", None])
def test_no_id_is_left_out_of_a_deed(space, call, blank):
    """
    Ids stand in the form, and a blank one is refused there, too.
    """
    with space.open(Purpose.ERASE) as connection:
        for place in call.places:
            filled = {"text": "", **dict.fromkeys(call.places, "1"), place: blank}
            with pytest.raises(CallRefused):
                connection.call(call, **filled)

    assert [] == space.standin.exchanges


# The key


def test_probe_tells_scopes_and_whose_the_token_is(space):
    """
    What a user's token holds and lacks, without telling anybody.
    """
    space.standin.workspace.tokens[space.standin.secrets["token"]].scopes -= {"im:history"}
    with space.open(Purpose.AUDIT) as connection:
        known = probe(connection)

    assert ({"im:history"}, "user", None) == (known["lacking"], known["role"], known["until"])
    assert "search:read" in known["scopes"]


def test_probe_wants_nothing_of_a_bot_that_bots_cannot_have(space):
    """
    Searching and reminders are for users.
    """
    with as_bot(space).open(Purpose.AUDIT) as connection:
        known = probe(connection)

    assert "bot" == known["role"]
    assert not known["lacking"] & set(OF_USERS)


def test_token_that_rotates_tells_when_it_ends(space, monkeypatch):
    """
    With token rotation auth.test tells for how many seconds the token lives.
    """
    plain = METHODS["auth.test"]
    rotating = replace(plain, answer=lambda call: {**plain.answer(call), "expires_in": 43_200})
    monkeypatch.setitem(METHODS, "auth.test", rotating)
    with space.open(Purpose.AUDIT) as connection:
        known = probe(connection)

    assert "2026-11-26" == str(known["until"])
    space.standin.exchanges.clear()  # the contract of 2021 has no such field
