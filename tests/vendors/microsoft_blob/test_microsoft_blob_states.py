"""
How Azure's blobs are rectified and erased; the contract referees what is sent.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from klarsyn.testing.faults import Trouble
from klarsyn.testing.serving import Reply
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.sheet import Element, Level
from tests.vendors.microsoft_blob.accounts import (
    INVOICE,
    Unversioned,
    erased,
    lineage,
    put,
    rectified,
    sent,
    target,
)

pytestmark = pytest.mark.network

unversioned = pytest.mark.parametrize("kind", [Unversioned], indirect=True)


# Rectifying


def test_rest_of_a_blob_stays(running):
    """
    A body that is written anew keeps its type, metadata and tags; the old one stays as a version.
    """
    kept = {"Content-Disposition": "attachment", "Content-Language": "da"}
    facts = {"headers": kept, "metadata": {"owner": "K-1"}, "tags": {"kind": "note + more"}}
    put(running, "uploads/x.txt", "Mødt Åse".encode(), content_type="text/markdown", **facts)
    outcome = rectified(running, target(running, "x.txt"), text="Mødt Liv")
    now = lineage(running, "uploads", "x.txt")

    assert ("done", 1) == (outcome.state, len(outcome.residue))
    assert "Mødt Liv".encode() == now.current.content
    assert ("text/markdown", facts["metadata"]) == (now.current.content_type, now.current.metadata)
    assert facts["tags"] == now.current.tags
    assert kept.items() <= now.current.headers.items()
    assert ["Mødt Åse".encode()] == [one.content for one in now.versions]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_encoding_stays(running, encoding):
    """
    A text is written in the encoding in which it was read.
    """
    put(running, "uploads/x.txt", "Åse æ".encode(encoding))
    rectified(running, target(running, "x.txt"), text="Liv ø")

    assert "Liv ø".encode(encoding) == lineage(running, "uploads", "x.txt").current.content


def test_sign_that_the_encoding_lacks(running):
    """
    A text that cannot be written as the rest of the world reads it is not written.
    """
    put(running, "uploads/x.txt", "Åse".encode("cp1252"))
    outcome = rectified(running, target(running, "x.txt"), text="Łucja")

    assert "refused" == outcome.state
    assert [] == sent(running, "PUT")


def test_metadata_and_tags_are_rectified(running):
    """
    What a company has mapped to metadata and tags is set; the picture beside them stays.
    """
    put(running, "uploads/x.png", b"\x89PNG", metadata={"owner": "Maja", "customer": "a"})
    tag = "Tags.TagSet[Key=customer].Value"
    chosen = target(running, "x.png")
    own = (*chosen.record.elements, Element("Metadata.owner"), Element(tag))
    chosen = replace(chosen, record=replace(chosen.record, elements=own))
    outcome = rectified(running, chosen, **{"Metadata.owner": "Liv", tag: "K-7"})
    now = lineage(running, "uploads", "x.png").current

    assert "done" == outcome.state
    assert (b"\x89PNG", {"owner": "Liv", "customer": "a"}) == (now.content, now.metadata)
    assert {"customer": "K-7"} == now.tags


def test_change_of_somebody_else_is_not_overwritten(running):
    """
    Who changed a text after it was read wins; nothing is written over it.
    """
    chosen = target(running, INVOICE)
    put(running, f"invoices/{INVOICE}", b"new")

    assert "refused" == rectified(running, chosen, text="newer").state
    assert "refused" == erased(running, chosen).state
    assert b"new" == lineage(running, "invoices", INVOICE).current.content


def test_change_in_the_last_instant(running):
    """
    The condition on the wire guards the instant between the look and the write.
    """
    chosen = target(running, INVOICE)
    standin, perform = running.standin, running.standin._perform

    def late(request):
        if request.method == "PUT":
            put(running, f"invoices/{INVOICE}", b"new")
        return perform(request)

    standin._perform = late

    assert "refused" == rectified(running, chosen, text="newer").state
    assert b"new" == lineage(running, "invoices", INVOICE).current.content


def test_protected_text_is_not_written(running):
    """
    A refusal of the vendor's ends as one.
    """
    running.standin.faults.add(Trouble.EXPIRED_KEY, on="PUT *")
    chosen = target(running, INVOICE)
    running.standin.protection.versioning = False
    lineage(running, "invoices", INVOICE).current.legal_hold = True
    running.standin.faults.clear()

    assert "refused" == rectified(running, chosen, text="newer").state


def test_lost_reply_is_no_second_version(running):
    """
    A write whose reply is lost is done once: a look finds it done.
    """
    chosen = target(running, INVOICE)
    running.standin.faults.add(Trouble.CUT_OFF, on="PUT *")
    outcome = rectified(running, chosen, text="Faktura")

    assert "done" == outcome.state
    assert 2 == len(sent(running, "PUT"))
    assert 1 == len(lineage(running, "invoices", INVOICE).versions)


def test_condition_that_never_holds(running):
    """
    A vendor that refuses again and again is not asked for ever.
    """
    chosen = target(running, INVOICE)
    perform = running.standin._perform
    unmet = Reply(412, "", {"x-ms-error-code": "ConditionNotMet"}, "application/xml")
    running.standin._perform = lambda one: unmet if one.method == "PUT" else perform(one)

    assert "refused" == rectified(running, chosen, text="newer").state
    assert 2 == len(sent(running, "PUT"))


def test_metadata_is_cleared(running):
    """
    Metadata that are set to nothing are no more.
    """
    put(running, "uploads/x.png", b"\x89PNG", metadata={"owner": "Maja", "customer": "a"})
    chosen = target(running, "x.png")
    own = (*chosen.record.elements, Element("Metadata.owner"))
    chosen = replace(chosen, record=replace(chosen.record, elements=own))
    rectified(running, chosen, **{"Metadata.owner": None})

    assert {"customer": "a"} == lineage(running, "uploads", "x.png").current.metadata


# Erasing


def test_all_states_are_erased(running):
    """
    A blob goes with its snapshots and versions; soft delete keeps them until a known day.
    """
    keeping = running.standin.keeping
    before = put(running, "uploads/x.txt", b"Maja")
    keeping.snapshot(keeping.containers["uploads"], before.current, {})
    put(running, "uploads/x.txt.bak", b"Liv")
    outcome = erased(running, target(running, "x.txt"))
    left = list(lineage(running, "uploads", "x.txt").states())

    assert ("done", Level.SOFT_DELETED) == (outcome.state, outcome.level)
    assert (3, True) == (len(left), all(one.deleted for one in left))
    assert running.clock.now().date() + timedelta(days=7) == outcome.residue[0][1]
    assert lineage(running, "uploads", "x.txt.bak").current
    running.clock.move(seconds=7 * 86400)
    assert "x.txt" not in {seen.raw["Name"] for seen in running.everything()[0]}


def test_for_good_where_the_account_allows_it(running):
    """
    Nothing is left, and nothing is said to be.
    """
    running.standin.protection.permanent_delete = True
    outcome = erased(running, target(running, INVOICE))

    assert [] == list(lineage(running, "invoices", INVOICE).states())
    assert (Level.PURGED, running.clock.now().date()) == (outcome.level, outcome.residue[0][1])


def test_for_good_was_promised_and_refused(running):
    """
    Where deleting for good is refused after all, the day of soft delete is told.
    """
    known = {"kept_days": 7, "at_once": True}
    outcome = erased(running, target(running, INVOICE), known)

    assert "done" == outcome.state
    assert running.clock.now().date() + timedelta(days=7) == outcome.residue[0][1]


@unversioned
def test_deleted_blob_waits_for_its_day(running):
    """
    Without versions a deleted blob has no name of its own: only time takes it away.
    """
    running.standin.protection.permanent_delete = True
    put(running, "uploads/x.txt", b"Maja")
    outcome = erased(running, target(running, "x.txt"))
    again = erased(running, target(running, "x.txt", "earlier"))

    assert ("done", "done") == (outcome.state, again.state)
    assert running.clock.now().date() + timedelta(days=7) == again.residue[0][1]
    assert lineage(running, "uploads", "x.txt").current.deleted


def test_old_state_goes_alone(running):
    """
    A person who is in an earlier version only is erased from there; the blob stays.
    """
    chosen = target(running, "customers.csv?versionid", "earlier")
    outcome = erased(running, chosen)
    with running.open(Purpose.FIND) as connection:
        gone = jobs.gone(connection, chosen)
    crm = lineage(running, "crm", "customers.csv")

    assert ("done", True) == (outcome.state, gone)
    assert (False, False) == (bool(crm.current.deleted), bool(crm.snapshots[0].deleted))


LIST = b"navn;mail\n\xc3\x85se \xc3\x98rn;aase@example.org\nLiv Dal;liv@example.com\n"
ASE = ("aase@example.org", "Åse Ørn")


def test_list_of_several_is_blacked_out(running):
    """
    Nobody is deleted for another: the person's own words go, and past states that hold them.
    """
    put(running, "uploads/x.csv", b"navn;mail\n")
    put(running, "uploads/x.csv", LIST, metadata={"owner": "3"})
    chosen = target(running, "x.csv", known=ASE)
    outcome = erased(running, chosen)
    now = lineage(running, "uploads", "x.csv")
    with running.open(Purpose.FIND) as connection:
        assert jobs.gone(connection, chosen)

    left = b"navn;mail\n*******;****************\nLiv Dal;liv@example.com\n"
    assert ("done", Level.SOFT_DELETED) == (outcome.state, outcome.level)
    assert (left, {"owner": "3"}) == (now.current.content, now.current.metadata)
    assert [False, True] == [bool(one.deleted) for one in now.versions]


def test_blacked_out_is_all_there_is(running):
    """
    Where nothing of the past is kept, what is left is redacted, and no proof comes before that.
    """
    running.standin.protection.versioning = False
    running.standin.protection.blob_days = 0
    put(running, "uploads/x.csv", LIST)
    chosen = target(running, "x.csv", known=ASE)
    with running.open(Purpose.FIND) as connection:
        assert not jobs.gone(connection, chosen)

    assert Level.REDACTED == erased(running, chosen).level


@pytest.mark.parametrize("escaped", ["\\u00c5se \\u00D8rn", "&#197;se &Oslash;rn", "Åse Ørn"])
def test_escaped_words_are_found(running, escaped):
    """
    JSON and XML escape letters: the name is read all the same.
    """
    put(running, "uploads/x.json", f'["{escaped}", "liv@example.com"]'.encode())
    person = replace(running.standin.people[0], first_name="Åse", last_name="Ørn")

    assert ["x.json"] == [one.seen.key for one in running.find(person, "name").matches]


def test_escaped_words_are_blacked_out(running):
    """
    What JSON escapes is blacked out; what XML escapes in a way of its own is left to a person.
    """
    put(running, "uploads/x.json", b'["\\u00c5se \\u00D8rn", "a@example.com", "b@example.com"]')
    put(running, "uploads/y.xml", b"x <a>&#197;se &Oslash;rn a@example.com b@example.com</a>")

    assert "done" == erased(running, target(running, "x.json", known=ASE)).state
    assert b"rn" not in lineage(running, "uploads", "x.json").current.content
    outcome = erased(running, target(running, "y.xml", known=ASE))
    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)


@pytest.mark.parametrize(
    "where", [{"metadata": {"owner": ASE[0]}}, {"tags": {"who": "aase@example.org"}}]
)
def test_words_beside_a_text_of_several(running, where):
    """
    A name, metadata or tags that say it too cannot be blacked out: a person decides.
    """
    put(running, "uploads/x.csv", LIST, **where)
    outcome = erased(running, target(running, "x.csv", known=ASE))

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)
    assert [] == sent(running, "PUT") + sent(running, "DELETE")


def test_blob_that_may_hold_anybody(running):
    """
    A long file, or a list of people of whom nothing is known, is neither deleted nor written.
    """
    put(running, "uploads/long.txt", b"aase@example.org" + b" " * (8 << 20))
    for name, known in (("long.txt", ASE), ("nightly/", ())):
        assert Level.MANUAL == erased(running, target(running, name, known=known)).level

    assert [] == sent(running, "PUT") + sent(running, "DELETE")


def test_who_counts_as_somebody_else(running):
    """
    The company's own address is nobody's; neither is a second one of the person's.
    """
    for text, known, own in (
        (b"aase@example.org salg@firma.example", ASE, ["Firma.example"]),
        (b"aase@example.org aase@home.example", (*ASE, "Aase@home.example"), []),
        (b"somebody@example.org", (), []),
    ):
        put(running, "uploads/x.txt", text)
        erased(running, target(running, "x.txt", known=known), own_domains=own)
        assert lineage(running, "uploads", "x.txt").current is None


def test_change_while_blacking_out(running):
    """
    A list that was changed after it was read is left alone.
    """
    put(running, "uploads/x.csv", LIST)
    chosen = target(running, "x.csv", known=ASE)
    put(running, "uploads/x.csv", LIST + b"Nils;nils@example.org\n")

    assert "refused" == erased(running, chosen).state
    assert b"Nils" in lineage(running, "uploads", "x.csv").current.content


@pytest.mark.parametrize("name", ["2021/F-101.txt", "2021/F-102.txt"])
def test_protected_blob_is_left_whole(running, name):
    """
    A legal hold or a policy is seen first: nothing is deleted before the refusal.
    """
    outcome = erased(running, target(running, name))

    assert ("refused", Level.IMPOSSIBLE) == (outcome.state, outcome.level)
    assert [] == sent(running, "DELETE")


def test_policy_that_is_over_protects_nothing(running):
    """
    After its day a blob under a policy can be erased.
    """
    running.clock.move(seconds=6 * 366 * 86400)

    assert "done" == erased(running, target(running, "2021/F-102.txt")).state


def test_fault_in_the_middle_of_an_erasure(running):
    """
    It ends truthfully, and goes on from where it was.
    """
    chosen = target(running, INVOICE)
    running.standin.faults.add(Trouble.DOWN, on="DELETE *", after=1, times=10_000)
    begun = erased(running, chosen)
    running.standin.faults.clear()
    with running.open(Purpose.ERASE) as connection:
        done = jobs.carry_out(connection, chosen.record.erase, chosen, stage=begun.stage)

        over = jobs.carry_out(connection, chosen.record.erase, chosen, stage=3)
    with running.open(Purpose.ERASE) as connection:
        unlearnt = jobs.carry_out(connection, chosen.record.erase, chosen, stage=3)

    assert (True, None) == (over.residue == done.residue, unlearnt.residue[0][1])
    assert ("later", 2) == (begun.state, begun.stage)
    assert ("done", 3) == (done.state, done.stage)
    assert all(one.deleted for one in lineage(running, "invoices", INVOICE).states())


def test_blob_of_the_same_name_is_safe(running):
    """
    A stage that runs again after a crash deletes nothing that was put there since.
    """
    chosen = target(running, INVOICE)
    erased(running, chosen)
    put(running, f"invoices/{INVOICE}", b"a new one")

    assert "refused" == erased(running, chosen).state
    assert not lineage(running, "invoices", INVOICE).current.deleted


def test_account_without_retention(running):
    """
    Where nothing is kept, nothing is left, today.
    """
    running.standin.protection.versioning = False
    running.standin.protection.blob_days = 0
    put(running, "uploads/x.txt", b"Maja")
    outcome = erased(running, target(running, "x.txt"))

    assert running.clock.now().date() == outcome.residue[0][1]
    assert [] == list(lineage(running, "uploads", "x.txt").states())
