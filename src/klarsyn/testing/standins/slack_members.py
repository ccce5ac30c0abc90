"""
Slack's methods for members, the workspace itself, and the token in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.testing.standins.slack_calls import Call, method
from klarsyn.testing.standins.slack_workspace import DOMAIN, TEAM, Refused

if TYPE_CHECKING:
    from klarsyn.testing.standins.slack_workspace import Record


@method("auth.test", "SpecialTier_auth_test", takes_json=True)
def auth_test(call: Call) -> Record:
    """Return whom the token speaks for."""
    member = call.workspace.members[call.token.user]
    return {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": "KlarPris",
        "user": member["name"],
        "team_id": TEAM,
        "user_id": member["id"],
        **({"bot_id": call.token.bot} if call.token.bot else {}),
        "is_enterprise_install": False,
    }


@method("team.info", "Tier3", "team:read")
def team_info(call: Call) -> Record:
    """Return the workspace."""
    del call
    sizes = (34, 44, 68, 88, 102, 132)
    icon = {f"image_{size}": f"https://a.slack-edge.example/{size}.png" for size in sizes}
    return {
        "team": {
            "id": TEAM,
            "name": "KlarPris",
            "domain": DOMAIN,
            "email_domain": "klarpris.example",
            "icon": {**icon, "image_default": True},
        }
    }


@method("users.list", "Tier2", "users:read")
def users_list(call: Call) -> Record:
    """Return the members, former ones and bots too; customers are none."""
    members = sorted(call.workspace.members.values(), key=_id)
    page, cursor = call.page(members, _id)
    return {
        "members": [_shown(call, one) for one in page],
        "cache_ts": int(call.workspace.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


@method("users.info", "Tier4", "users:read")
def users_info(call: Call) -> Record:
    """Return one member."""
    return {"user": _shown(call, _member(call, call.text("user")))}


@method("users.lookupByEmail", "Tier3", "users:read.email")
def users_lookup_by_email(call: Call) -> Record:
    """Return the present member with an address."""
    email = call.text("email").casefold()
    for member in call.workspace.members.values():
        if not member["deleted"] and member["profile"].get("email", "").casefold() == email:
            return {"user": _shown(call, member)}
    raise Refused("users_not_found")


@method("users.profile.get", "Tier4", "users.profile:read")
def users_profile_get(call: Call) -> Record:
    """Return a member's profile, one's own unless told whose."""
    member = _member(call, call.text("user") or call.token.user)
    profile = dict(member["profile"])
    if call.flag("include_labels"):
        fields = profile["fields"].items()
        labels = call.workspace.field_labels
        profile["fields"] = {key: {**value, "label": labels[key]} for key, value in fields}
    return {"profile": _with_email(call, profile)}


@method("reminders.list", "Tier2", "reminders:read", bots="user_is_bot")
def reminders_list(call: Call) -> Record:
    """Return the reminders that a member set or was set; a bot has none."""
    user = call.token.user
    reminders = call.workspace.reminders
    return {"reminders": [dict(one) for one in reminders if user in (one["creator"], one["user"])]}


def _id(member: Record) -> str:
    return str(member["id"])


def _member(call: Call, user: str) -> Record:
    if user not in call.workspace.members:
        raise Refused("user_not_found")
    return call.workspace.members[user]


def _shown(call: Call, member: Record) -> Record:
    return {**member, "profile": _with_email(call, {**member["profile"], "fields": {}})}


def _with_email(call: Call, profile: Record) -> Record:
    """Return a profile; the address only where the token's scopes say so."""
    if "users:read.email" not in call.token.scopes:
        profile.pop("email", None)
    return profile
