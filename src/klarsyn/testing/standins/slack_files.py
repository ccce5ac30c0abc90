"""
Slack's methods for files, and the bodies behind their private addresses.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from klarsyn.testing.standins.slack_calls import Call, method
from klarsyn.testing.standins.slack_workspace import TEAM, Refused

if TYPE_CHECKING:
    from klarsyn.testing.standins.slack_workspace import Record, Workspace

#: What files.list calls types, and the modes or file types that they cover.
TYPES = {
    "images": {"png", "jpg", "gif"},
    "pdfs": {"pdf"},
    "zips": {"zip"},
    "snippets": {"snippet"},
    "spaces": {"space"},
    "gdocs": {"gdoc"},
}
PREVIEW = 120


@method("files.list", "Tier3", "files:read")
def files_list(call: Call) -> Record:
    """Return the files that the token may see, newest first, page by page."""
    workspace = call.workspace
    if call.text("user") and call.text("user") not in workspace.members:
        raise Refused("user_not_found")
    found = [
        file
        for file in workspace.files.values()
        if file["id"] not in workspace.deleted_files
        and workspace.sees_file(call.token, file)
        and _is_wanted(call, file)
    ]
    found.sort(key=lambda file: (file["created"], file["id"]), reverse=True)
    count = min(call.number("count", 100), workspace.rules.count_cap)
    page = call.number("page", 1)
    pages = math.ceil(len(found) / count)
    return {
        "files": [dict(file) for file in found[(page - 1) * count : page * count]],
        "paging": {"count": count, "total": len(found), "page": page, "pages": pages},
    }


def _is_wanted(call: Call, file: Record) -> bool:
    """Return whether a file is of the user, channel, time and types that the call names."""
    types = set(call.text("types", "all").split(","))
    if types - {"all", *TYPES}:
        raise Refused("unknown_type")
    kinds = {file["mode"], file["filetype"]}
    channels = [channel.id for channel in call.workspace.file_channels(file)]
    return (
        call.text("user", file["user"]) == file["user"]
        and (not call.text("channel") or call.text("channel") in channels)
        and call.instant("ts_from", "0", "invalid_arg_name") <= file["created"]
        and file["created"] <= call.instant("ts_to", "Infinity", "invalid_arg_name")
        and ("all" in types or any(TYPES[one] & kinds for one in types))
    )


@method("files.info", "Tier4", "files:read")
def files_info(call: Call) -> Record:
    """Return one file; a snippet's text stands beside it."""
    file = _file(call)
    reply: Record = {"file": dict(file), "comments": [], "response_metadata": {"next_cursor": ""}}
    if file["mode"] == "snippet":
        reply["content"] = call.workspace.bodies[file["id"]].decode()
    return reply


@method("files.delete", "Tier3", "files:write", takes_json=True)
def files_delete(call: Call) -> Record:
    """Delete a file of one's own, or as an admin anybody's; its messages keep a tombstone."""
    file = _file(call)
    workspace = call.workspace
    if file["user"] != call.token.user and not workspace.is_admin(call.token):
        raise Refused("cant_delete_file")
    number = file["id"]
    workspace.deleted_files.add(number)
    del workspace.bodies[number]
    # The messages hold the same object: what is left of it shows in each of them.
    file.clear()
    file.update(id=number, mode="tombstone")
    return {}


def _file(call: Call) -> Record:
    number = call.text("file")
    if number in call.workspace.deleted_files:
        raise Refused("file_deleted")
    file = call.workspace.files.get(number)
    if not file or not call.workspace.sees_file(call.token, file):
        raise Refused("file_not_found")
    return file


def new_file(workspace: Workspace, user: str, channel: str, body: bytes, **details: str) -> Record:
    """Put a file into a channel and return it; details are name, title, filetype and so on."""
    number, kind = workspace.new_id("F"), workspace.channels[channel].kind
    place = {"public_channel": "channels", "im": "ims"}.get(kind, "groups")
    address = f"https://files.slack.com/files-pri/{TEAM}-{number}"
    file: Record = {
        "id": number,
        "mode": "hosted",
        "mimetype": "text/plain",
        "filetype": "text",
        "pretty_type": "Plain Text",
        **details,
        "user": user,
        "editable": False,
        "size": len(body),
        "is_external": False,
        "external_type": "",
        "is_public": kind == "public_channel",
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{address}/{details['name']}",
        "url_private_download": f"{address}/download/{details['name']}",
        "permalink": f"https://klarpris.slack.com/files/{user}/{number}/{details['name']}",
        "comments_count": 0,
        "channels": [],
        "groups": [],
        "ims": [],
    }
    file[place] = [channel]
    workspace.files[number], workspace.bodies[number] = file, body
    return file
