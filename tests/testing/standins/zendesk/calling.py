"""
Who calls the stand-in, and what its replies never lack.
"""

import base64
import http.client
import json
from contextlib import closing

SKIP = {"skip_verify_email": True}
#: What a reply on a user or a ticket never lacks.
USER = [
    *("id", "url", "name", "email", "role", "active", "phone", "alias", "details", "notes", "tags"),
    *("external_id", "organization_id", "user_fields", "photo", "locale", "time_zone", "verified"),
    *("created_at", "updated_at", "last_login_at", "suspended"),
]
TICKET = [
    *(
        "id",
        "url",
        "subject",
        "description",
        "status",
        "requester_id",
        "submitter_id",
        "via",
        "tags",
    ),
    *("assignee_id", "custom_fields", "satisfaction_rating", "created_at", "updated_at"),
]
ALWAYS = {
    "GET /api/v2/users": [f"users.{name}" for name in USER],
    "GET /api/v2/users/search": [f"users.{name}" for name in USER],
    "GET /api/v2/users/{user_id}": [f"user.{name}" for name in USER],
    "GET /api/v2/incremental/users/cursor": [
        *("after_cursor", "after_url", "end_of_stream"),
        *(f"users.{name}" for name in USER),
    ],
    "GET /api/v2/tickets": [f"tickets.{name}" for name in TICKET],
    "GET /api/v2/tickets/{ticket_id}": [f"ticket.{name}" for name in TICKET],
    "GET /api/v2/tickets/{ticket_id}/comments": [
        f"comments.{name}"
        for name in ("id", "author_id", "body", "html_body", "public", "attachments", "metadata")
    ],
}


def basic(email, token):
    """Return the credentials of an API token."""
    return "Basic " + base64.b64encode(f"{email}/token:{token}".encode()).decode()


class Caller:
    """Speaks HTTP to the stand-in as if it were Zendesk."""

    def __init__(self, desk):
        self.desk = desk
        self.key = basic(desk.secrets["email"], desk.secrets["api_token"])
        self.host = "klarpris.zendesk.com"

    def __call__(self, method, path, body=None, **headers):
        """Return status, headers and JSON (or text) of one exchange."""
        sent = {"Host": self.host, "Authorization": self.key, **headers}
        sent["Content-Type"] = "application/json"
        raw = body if isinstance(body, str | None) else json.dumps(body)
        with closing(http.client.HTTPConnection(self.desk.url[7:])) as connection:
            connection.request(method, f"/api/v2{path}", raw, sent)
            with connection.getresponse() as reply:
                content = reply.read().decode()
                is_json = "json" in (reply.getheader("Content-Type") or "") and content
                said = json.loads(content) if is_json else content
                return reply.status, dict(reply.getheaders()), said

    def get(self, path):
        """Return the JSON of a path, or of a link to klarpris.zendesk.com."""
        return self("GET", path.removeprefix("https://klarpris.zendesk.com/api/v2"))[2]


def field(reply, name):
    """Return which error a refused field is told to have."""
    status, _, said = reply
    assert (422, "RecordInvalid") == (status, said["error"])
    return said["details"][name][0].get("error")


def gone(reply):
    """Return whether a reply says that there is no such record."""
    return (404, "RecordNotFound") == (reply[0], reply[2]["error"])


def finish(desk, call, reply):
    """Let a job be done and return its results."""
    job = reply[2]["job_status"]
    assert "queued" == job["status"]
    desk.clock.move(seconds=desk.job_seconds[1])
    done = call.get(f"/job_statuses/{job['id']}")["job_status"]
    assert "completed" == done["status"]
    return done["results"]


def everything(desk, call):
    """Return all tickets of the incremental export."""
    found, path = [], "/incremental/tickets/cursor?start_time=1"
    while True:
        page = call.get(path)
        found += page["tickets"]
        if page["end_of_stream"]:
            return found
        path = page["after_url"]
