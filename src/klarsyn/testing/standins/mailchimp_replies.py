"""
Records of Mailchimp as its replies tell them, with the names of its contract.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from klarsyn.testing.standins.mailchimp_audience import Audience, Member, MergeField, Note
from klarsyn.testing.standins.mailchimp_wire import Json, digest, told

MOST_TAGS = 50
NOWHERE: Json = {
    "latitude": 0,
    "longitude": 0,
    "gmtoff": 0,
    "dstoff": 0,
    "country_code": "",
    "timezone": "",
    "region": "",
}
ACCOUNT: Json = {
    "account_id": "8d3a3db4d97663a9074efcc16",
    "login_id": "1001",
    "account_name": "KlarPris ApS",
    "email": "owner@klarpris.example",
    "first_name": "Nora",
    "last_name": "Lindevang",
    "username": "klarpris",
    "avatar_url": "",
    "role": "owner",
    "member_since": "2019-03-01T08:00:00+00:00",
    "pricing_plan_type": "monthly",
    "first_payment": "2019-03-01T08:00:00+00:00",
    "account_timezone": "Europe/Copenhagen",
    "account_industry": "Construction",
    "contact": {
        "company": "KlarPris ApS",
        "addr1": "Polarlysvej 1",
        "addr2": "",
        "city": "Nordenby",
        "state": "",
        "zip": "9999",
        "country": "DK",
    },
    "pro_enabled": False,
    "last_login": "2026-11-25T07:30:00+00:00",
    "industry_stats": {"open_rate": 0.2, "bounce_rate": 0.01, "click_rate": 0.02},
}
#: What a member lacks in the reply to POST /lists/{list_id}.
NOT_IN_BATCH = frozenset(
    {"full_name", "web_id", "consents_to_one_to_one_messaging", "source", "unsubscribe_reason"}
)


def member_reply(member: Member, audience: Audience) -> Json:
    """Return a member whole; the same form in every list, search and write."""
    traits = member.traits
    told_as: Json = {
        "id": member.hash,
        "email_address": member.email,
        "unique_email_id": digest(f"everywhere {member.hash}")[:10],
        "contact_id": member.contact_id,
        "full_name": member.name,
        "web_id": 500_000 + member.number,
        "email_type": traits.get("email_type", "html"),
        "status": member.status,
        "consents_to_one_to_one_messaging": True,
        "merge_fields": {one.tag: member.merge_fields.get(one.tag, "") for one in audience.columns},
        "stats": _stats(member),
        "ip_signup": traits.get("ip_signup", ""),
        "timestamp_signup": traits["timestamp_signup"],
        "ip_opt": traits.get("ip_opt", ""),
        "timestamp_opt": traits["timestamp_opt"],
        "member_rating": member.rating,
        "last_changed": told(member.changed),
        "language": traits.get("language", ""),
        "vip": traits.get("vip", False),
        "email_client": traits.get("email_client", ""),
        "location": {**NOWHERE, **traits.get("location", {})},
        "source": member.source,
        "tags_count": len(member.tags),
        "tags": [{"id": audience.tag_ids[one], "name": one} for one in member.tags][:MOST_TAGS],
        "list_id": audience.id,
    }
    told_as |= {name: traits[name] for name in ("unsubscribe_reason",) if name in traits}
    if audience.interests:
        chosen = traits.get("interests", {})
        told_as["interests"] = {one: bool(chosen.get(one)) for one in audience.interests}
    if member.notes:
        told_as["last_note"] = _last_note(member.notes[-1])
    return told_as


def batched_reply(member: Member, audience: Audience) -> Json:
    """Return a member as the batch of an audience tells them: with less."""
    whole = member_reply(member, audience)
    whole["stats"].pop("ecommerce_data", None)
    whole["location"].pop("region")
    return {name: one for name, one in whole.items() if name not in NOT_IN_BATCH}


def _stats(member: Member) -> Json:
    kinds = Counter(one["activity_type"] for one in member.activity)
    sent = max(1, kinds["sent"])
    stats: Json = {
        "avg_open_rate": min(1, kinds["open"] / sent),
        "avg_click_rate": min(1, kinds["click"] / sent),
    }
    if orders := member.traits.get("orders"):
        stats["ecommerce_data"] = {
            "total_revenue": orders[1],
            "number_of_orders": orders[0],
            "currency_code": "DKK",
        }
    return stats


def _last_note(note: Note) -> Json:
    return {
        "note_id": note.id,
        "created_at": told(note.created),
        "created_by": note.author,
        "note": note.text,
    }


def note_reply(note: Note, member: Member) -> Json:
    """Return a note of a member's."""
    return {
        "id": note.id,
        "created_at": told(note.created),
        "created_by": note.author,
        "updated_at": told(note.updated),
        "note": note.text,
        "list_id": member.list_id,
        "email_id": member.hash,
        "contact_id": member.contact_id,
    }


def column_reply(column: MergeField, list_id: str) -> Json:
    """Return a merge field."""
    options: Json = {"size": 25}
    if column.type == "phone":
        options = {"phone_format": "none"}
    elif column.type == "address":
        options = {"default_country": 58}
    elif column.choices:
        options = {"choices": list(column.choices)}
    return {
        "merge_id": column.merge_id,
        "tag": column.tag,
        "name": column.name,
        "type": column.type,
        "required": column.required,
        "default_value": "",
        "public": True,
        "display_order": column.merge_id + 1,
        "options": options,
        "help_text": "",
        "list_id": list_id,
    }


def audience_reply(audience: Audience) -> Json:
    """Return a list with its figures."""
    return {
        "id": audience.id,
        "web_id": int(audience.id[:5], 16),
        "name": audience.name,
        "contact": {
            "company": "KlarPris ApS",
            "address1": "Polarlysvej 1",
            "address2": "",
            "city": "Nordenby",
            "state": "",
            "zip": "9999",
            "country": "DK",
            "phone": "",
        },
        "permission_reminder": "You asked for our news.",
        "use_archive_bar": False,
        "campaign_defaults": {
            "from_name": "KlarPris",
            "from_email": "news@klarpris.example",
            "subject": "",
            "language": "da",
        },
        "notify_on_subscribe": "",
        "notify_on_unsubscribe": "",
        "date_created": told(audience.created),
        "list_rating": 3,
        "email_type_option": False,
        "subscribe_url_short": f"https://short.example/{audience.id}",
        "subscribe_url_long": f"https://klarpris.us21.example/subscribe?id={audience.id}",
        "beamer_address": f"{audience.id}@inbound.example",
        "visibility": "prv",
        "double_optin": False,
        "has_welcome": False,
        "marketing_permissions": False,
        "modules": [],
        "stats": _figures(audience, audience.members.values()),
    }


def _figures(audience: Audience, members: Iterable[Member]) -> dict[str, Any]:
    held = Counter(one.status for one in members)
    zero = (
        "member_count_since_send unsubscribe_count_since_send cleaned_count_since_send "
        "campaign_count avg_sub_rate avg_unsub_rate target_sub_rate open_rate click_rate"
    )
    return {
        **dict.fromkeys(zero.split(), 0),
        "member_count": held["subscribed"],
        "total_contacts": held.total(),
        "unsubscribe_count": held["unsubscribed"],
        "cleaned_count": held["cleaned"],
        "merge_field_count": len(audience.columns),
    }
