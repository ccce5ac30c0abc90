import pytest

from klarsyn.testing.standins.zendesk import AGENT
from tests.testing.standins.zendesk.calling import everything, field, finish, gone

pytestmark = pytest.mark.network


def test_ticket_is_created_once_for_a_key(desk, call, user):
    """
    The same key gives the same ticket for two hours; another body with it is refused.
    """
    given = {"ticket": {"comment": {"body": "Hi"}, "requester_id": user["id"]}}
    first, again = (call("POST", "/tickets", given, **{"Idempotency-Key": "k"}) for _ in range(2))

    assert ["miss", "hit"] == [one[1]["x-idempotency-lookup"] for one in (first, again)]
    assert first[2]["ticket"]["id"] == again[2]["ticket"]["id"]
    other = {"ticket": {"comment": {"body": "Ho"}, "requester_id": user["id"]}}
    assert 400 == call("POST", "/tickets", other, **{"Idempotency-Key": "k"})[0]
    desk.clock.move(seconds=7200)
    assert (
        "miss"
        == call("POST", "/tickets", other, **{"Idempotency-Key": "k"})[1]["x-idempotency-lookup"]
    )
    assert 201 == call("POST", "/tickets", given)[0]


def test_ticket_needs_words_and_a_requester(call):
    """
    A ticket without a comment or of nobody is refused.
    """
    assert "BlankValue" == field(call("POST", "/tickets", {"ticket": {"subject": "A"}}), "base")
    given = {"ticket": {"comment": {"body": "A"}, "requester_id": 1}}
    assert "InvalidValue" == field(call("POST", "/tickets", given), "requester")


def test_public_comments_are_mailed(desk, call, user, ticket):
    """
    The requester hears of a public comment, not of an internal note.
    """
    for public in (True, False):
        comment = {"body": "News", "public": public}
        call("PUT", f"/tickets/{ticket['id']}", {"ticket": {"comment": comment}})

    assert [(user["email"], f"news on ticket {ticket['id']}")] == desk.mails
    assert 200 == call("PUT", f"/tickets/{ticket['id']}", {"ticket": {"status": "hold"}})[0]


def test_new_requester_becomes_a_user(desk, call):
    """
    A ticket for an unknown address makes a user, who gets a mail; a known one does not.
    """
    for _ in range(2):
        desk.save_ticket(
            None,
            {"comment": {"body": "A"}, "requester": {"name": "Ny", "email": "ny@example.com"}},
        )

    assert 1 == len([one for one in desk.users.values() if one["name"] == "Ny"])
    assert ("ny@example.com", "verify your address") == desk.mails[0]


def test_closed_ticket_takes_only_redaction(desk, call):
    """
    A closed ticket is not changed, and its comments are blacked out nevertheless.
    """
    (ticket, *_) = [one for one in desk.tickets.values() if one["status"] == "closed"]
    first, _ = call.get(f"/tickets/{ticket['id']}/comments")["comments"]
    path = f"/tickets/{ticket['id']}"
    assert field(call("PUT", path, {"ticket": {"status": "open"}}), "status") is None
    string = call("PUT", f"{path}/comments/{first['id']}/redact", {"text": "Hello"})
    assert field(string, "status") is None
    marked = first["html_body"].replace("Hello", "<redact>Hello</redact>")
    given = {"ticket_id": ticket["id"], "html_body": marked}
    said = call("PUT", f"/comment_redactions/{first['id']}", given)[2]["comment"]

    assert said["body"].startswith("▇▇▇▇▇, call me")
    assert "▇▇▇▇▇, call me" in said["html_body"]
    assert call.get(path)["ticket"]["description"].startswith("▇▇▇▇▇")


def test_redaction_is_exact(call, ticket):
    """
    Plain text can be marked as well; nothing marked, or another text, is refused.
    """
    first, note = call.get(f"/tickets/{ticket['id']}/comments")["comments"]
    path = f"/comment_redactions/{note['id']}"
    marked = f"<redact>{note['body']}</redact>"
    for text, error in (
        (note["body"], "BlankValue"),
        (f"{marked}!", "InvalidValue"),
        ("", "BlankValue"),
    ):
        given = {"ticket_id": ticket["id"], "text": text}
        assert error == field(call("PUT", path, given), "base")
    said = call("PUT", path, {"ticket_id": ticket["id"], "text": marked})[2]["comment"]
    assert {"▇"} == {*said["body"]}
    assert "BlankValue" == field(
        call("PUT", f"/tickets/{ticket['id']}/comments/{first['id']}/redact", {"text": ""}), "base"
    )


def test_comment_is_made_private_and_its_file_emptied(call, ticket):
    """
    A public comment becomes an internal note; an attachment becomes an empty text file.
    """
    path = f"/tickets/{ticket['id']}/comments"
    first, _ = call.get(path)["comments"]
    call("PUT", f"{path}/{first['id']}/make_private")
    file = first["attachments"][0]["id"]
    call("PUT", f"{path}/{first['id']}/attachments/{file}/redact")
    after, _ = call.get(f"{path}?page%5Bsize%5D=9")["comments"]

    assert after["public"] is False
    assert "redacted.txt" == after["attachments"][0]["file_name"]
    assert 2 == call.get(f"/tickets/{ticket['id']}/audits")["count"]


def test_tickets_of_a_user(desk, call, user, ticket):
    """
    A user's tickets are those requested, those assigned, and those copied to.
    """
    other = desk.user_of(desk.people[1].email)
    call("PUT", f"/tickets/{ticket['id']}", {"ticket": {"status": "open"}})
    ticket["email_cc_ids"] = [other["id"]]

    assert 1 == len(call.get(f"/users/{other['id']}/tickets/ccd")["tickets"])
    assert 11 == call.get(f"/users/{desk.user_of(AGENT)['id']}/tickets/assigned")["count"] + 1
    assert 1 == call.get(f"/users/{other['id']}/related")["user_related"]["ccd_tickets"]
    assert [ticket["id"]] == [
        one["id"] for one in call.get(f"/tickets/show_many?ids={ticket['id']},1")["tickets"]
    ]


def test_tickets_go_in_two_steps(desk, call, ticket):
    """
    A ticket goes to the trash, and by a job out of it; only the export tells that it was there.
    """
    path = f"/tickets/destroy_many?ids={ticket['id']},1"
    assert [True, False] == [one["success"] for one in finish(desk, call, call("DELETE", path))]
    assert gone(call("GET", f"/tickets/{ticket['id']}"))
    erased = call("DELETE", f"/deleted_{path[1:]}")
    assert [True, False] == [one["success"] for one in finish(desk, call, erased)]
    assert gone(call("DELETE", f"/deleted_tickets/{ticket['id']}"))
    desk.clock.move(seconds=60)
    export = [one for one in everything(desk, call) if one["id"] == ticket["id"]]

    assert [("SCRUBBED", "deleted")] == [(one["subject"], one["status"]) for one in export]
    too_many = ",".join("1" for _ in range(101))
    assert 400 == call("DELETE", f"/tickets/destroy_many?ids={too_many}")[0]


def test_single_erasure_is_a_job(desk, call, ticket):
    """
    One ticket out of the trash is a job too; a second job for it says that it is gone.
    """
    call("DELETE", f"/tickets/{ticket['id']}")
    jobs = [call("DELETE", f"/deleted_tickets/{ticket['id']}") for _ in range(2)]

    assert [[True], [False]] == [
        [row["success"] for row in results]
        for results in (
            finish(desk, call, jobs[0]),
            call.get(f"/job_statuses/{jobs[1][2]['job_status']['id']}")["job_status"]["results"],
        )
    ]


def test_trash_empties_itself(desk, call):
    """
    Thirty days in the trash are enough.
    """
    assert 1 == call.get("/deleted_tickets")["count"]
    desk.clock.move(days=30)
    assert 0 == call.get("/deleted_tickets")["count"]


def test_suspended_mails_are_deleted(desk, call):
    """
    A suspended mail of somebody unknown is shown, and gone when it is deleted.
    """
    (mail,) = call.get("/suspended_tickets")["suspended_tickets"]
    assert desk.people[11].email == mail["author"]["email"]
    assert [mail] == call.get(f"/suspended_tickets/{mail['id']}")["suspended_tickets"]
    assert 204 == call("DELETE", f"/suspended_tickets/{mail['id']}")[0]
    assert gone(call("DELETE", f"/suspended_tickets/destroy_many?ids={mail['id']}"))
    desk.suspended[mail["id"]] = mail
    assert 204 == call("DELETE", f"/suspended_tickets/destroy_many?ids={mail['id']}")[0]
    assert {} == desk.suspended


def test_ratings_go_with_their_tickets(desk, call):
    """
    What a requester said of the answer is erased with the ticket.
    """
    (rating, *_) = call.get("/satisfaction_ratings")["satisfaction_ratings"]
    call("DELETE", f"/tickets/{rating['ticket_id']}")
    finish(desk, call, call("DELETE", f"/deleted_tickets/{rating['ticket_id']}"))

    assert rating["id"] not in desk.ratings


def test_redaction_of_elements_and_files(call, ticket):
    """
    An element loses its attributes, a file becomes an empty one, by the same call as a text.
    """
    path = f"/tickets/{ticket['id']}/comments"
    first, note = call.get(path)["comments"]
    redaction = f"/comment_redactions/{first['id']}"
    urls = [one["content_url"] for one in first["attachments"]]
    given = {"ticket_id": ticket["id"], "external_attachment_urls": urls}
    assert ["redacted.txt"] == [
        one["file_name"] for one in call("PUT", redaction, given)[2]["comment"]["attachments"]
    ]
    marked = note["html_body"].replace('dir="auto">', 'dir="auto" redact>')
    given = {"ticket_id": ticket["id"], "html_body": marked}
    after = call("PUT", f"/comment_redactions/{note['id']}", given)[2]["comment"]

    assert f"<div>{note['body']}</div>" == after["html_body"]
    given["external_attachment_urls"] = ["https://klarpris.zendesk.com/attachments/other"]
    assert 422 == call("PUT", redaction, {"ticket_id": ticket["id"]})[0]
    del given["html_body"]
    assert 200 == call("PUT", redaction, given)[0]


def test_people_are_listed_beside(desk, call, ticket, user):
    """
    What is asked to be included comes beside the records, each once.
    """
    ticket["email_cc_ids"] = [user["id"]]
    told = call.get(f"/tickets/{ticket['id']}/comments?include=users")
    assert {user["id"], desk.user_of(AGENT)["id"]} == {one["id"] for one in told["users"]}
    beside = call.get("/incremental/users/cursor?start_time=1&include=organizations")

    there = [one["organization_id"] for one in beside["users"] if one["organization_id"]]
    assert there == [one["id"] for one in beside["organizations"]]
    assert "users" in call.get(f"/tickets/show_many?ids={ticket['id']}&include=users")
    assert "users" not in call.get("/tickets/1?include=users")
