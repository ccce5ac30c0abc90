"""
What tests of Pipedrive's stand-in share: requests by the standard library's client, and walks.
"""

import http.client
import json
from contextlib import closing
from urllib.parse import urlencode

PERSON = ("id", "name", "emails.value", "phones.value", "org_id", "is_deleted", "custom_fields")
ALWAYS = {
    "GET /persons": ["success", "additional_data.next_cursor", *(f"data.{one}" for one in PERSON)],
    "GET /persons/{id}": [f"data.{one}" for one in PERSON],
    "GET /persons/search": ["data.items.item.emails", "data.items.item.organization"],
    "GET /notes": ["additional_data.pagination.start"],
    "GET /persons/{id}/changelog": ["data.old_value", "data.field_key"],
}
V2, V1 = "/api/v2", "/api/v1"


def ask(standin, method, path, body=None, **headers):
    """Return status, headers and body of one exchange by the standard library's client."""
    usual = {"x-api-token": standin.API_TOKEN, "Host": "klarpris.pipedrive.com"}
    if body is not None:
        usual["Content-Type"] = "application/json"
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if body is None or isinstance(body, str) else json.dumps(body)
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request(method, path, content, given)
        reply = connection.getresponse()
        text = reply.read().decode()
        is_json = "json" in reply.getheader("Content-Type", "")
        return reply.status, dict(reply.getheaders()), json.loads(text) if is_json else text


def get(standin, path, **query):
    """Return what is in the body of a GET that succeeds, less its envelope."""
    status, _, body = ask(standin, "GET", f"{path}?{urlencode(query)}" if query else path)
    assert 200 == status, body
    return body["data"]


def everything(standin, path, **query):
    """Return a list to its end, by cursor or by start."""
    found: list[object] = []
    more: dict[str, object] = {}
    while True:
        _, _, body = ask(standin, "GET", f"{path}?{urlencode(query | more)}")
        found += body["data"] or []
        after = body["additional_data"]
        paging = after.get("pagination", {})
        if not (step := after.get("next_cursor") or paging.get("next_start")):
            return found
        more = {"start" if paging else "cursor": step}


def find(standin, term, where="persons/search", **query):
    """Return the items that a search finds."""
    more = urlencode({"term": term, **query})
    return [hit["item"] for hit in get(standin, f"{V2}/{where}?{more}")["items"]]
