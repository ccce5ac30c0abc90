"""
What hangs on ActiveCampaign's contacts and goes with them: scores, lists, and what they did where.

The lists of what a contact did are told per contact only, so that these take most of the calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from klarsyn.errors import Message, said
from klarsyn.transport import failures
from klarsyn.transport.connection import Connection
from klarsyn.transport.paging import items
from klarsyn.vendors.activecampaign_contacts import CONTACTS, OF, PAGES, contact_is_gone
from klarsyn.vendors.sheet import (
    GET,
    Element,
    Job,
    Level,
    Place,
    Places,
    Reader,
    Record,
    Residue,
    Walk,
    Within,
)
from klarsyn.vendors.stages import only_if

RESTORABLE = Residue(
    said("an administrator can restore the contact in the app for 30 days"),
    until=lambda on, _known: on + timedelta(days=30),
)
in_contact = Within(Walk(name="contact", read=CONTACTS), {"contact_id": "id"})
GOES = Job(
    stages=(only_if(contact_is_gone, said("it goes when its contact is deleted")),),
    level=Level.SOFT_DELETED,
    proof=contact_is_gone,
    residue=(RESTORABLE,),
)

# Reading

_INCLUDED = (
    *("notes", "reference", "reference.campaign", "reference.link", "reference.message"),
    *("reference.log", "reference.log.campaign", "reference.sms"),
)
"""What an activity refers to and is not read elsewhere: campaigns, links, messages."""
ACTIVITIES = GET(
    "/activities",
    query={
        "contact": Place("contact_id"),
        "include": ",".join(_INCLUDED),
        "orders[tstamp]": "ASC",
    },
    items="activities",
    pages=PAGES,
)
_READ_ELSEWHERE = frozenset({"activities", "contacts", "users"})


def activities(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """
    Yield what a contact did, and what the replies list beside it: places, links, campaigns.

    The vendor makes the list anew when it is asked for the contact, so that comes first. Under
    which names it lists what it was asked to include is told nowhere: all lists are taken.
    """
    contact = connection.look(GET(OF), **places)
    if contact is None:
        return
    yield [*_beside({"geoAddresses": contact.at("geoAddresses") or []}, places)]
    done, before = 0, [None]
    while True:
        query = {**ACTIVITIES.query, PAGES.size: PAGES.most, PAGES.send: done}
        reply = connection.page(ACTIVITIES, places, query)
        page = items(connection, ACTIVITIES, reply)
        if page and page == before:
            raise failures.endless(connection.name, ACTIVITIES)
        yield [*page, *_beside(reply.json, places)]
        done, before, total = done + len(page), page, str(reply.at("meta.total"))
        if not page or (total.isdecimal() and done >= int(total)):
            return


def _beside(body: Mapping[str, Any], places: Places) -> Iterator[dict[str, Any]]:
    """Yield what a reply lists beside, as records of the contact."""
    for name, listed in body.items():
        for one in listed if isinstance(listed, list) and name not in _READ_ELSEWHERE else ():
            said_of = {key: value for key, value in one.items() if key != "links"}
            key = f"{name}/{one.get('id')}"
            yield {"id": key, "contact": places["contact_id"], "beside": said_of}


def profile(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield what was found out of a contact: where they are, and which networks they are on."""
    known = {
        name: reply.at(name) or {}
        for path, name in (("contactData", "contactDatum"), ("plusAppend", "plusAppend"))
        if (reply := connection.look(GET(f"{OF}/{path}"), **places)) is not None
    }
    if known:
        yield [{**known, "id": places["contact_id"], "contact": places["contact_id"]}]


def automations(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield which contact went through which automation, with the automation's name."""
    listing = GET("/automations", items="automations", pages=PAGES)
    names = {one["id"]: one["name"] for page in connection.pages(listing) for one in page}
    runs = GET("/contactAutomations", items="contactAutomations", pages=PAGES)
    for page in connection.pages(runs):
        yield [{**one, "name": names.get(one["automation"])} for one in page]


# Records


def along(
    name: str, about: Message, read: str | Reader, *places: str, elements: tuple[Element, ...] = ()
) -> Record:
    """Return a kind of record that lies below contacts, and goes with them."""
    call = GET(f"{OF}/{read}", items=read) if isinstance(read, str) else read
    return Record(
        name=name,
        about=about,
        within=in_contact,
        read=call,
        elements=elements,
        open_fields=places,
        erase=GOES,
        order=2,
    )


_LOG = ("email", "error", "source")
_GA = (f"ga_campaign_{one}" for one in ("source", "name", "medium", "term", "content"))
_GEO = ("geoCountry2", "geo_country", "geoState", "geoCity", "geoZip")
BELOW = (
    along(
        "score",
        said("contacts, as they are rated"),
        "scoreValues",
        elements=(Element("rating", "scoreValue", write="never"),),
    ),
    along(
        "subscription",
        said("contacts on lists, and why they left"),
        "contactLists",
        *("unsubreason", "first_name", "last_name", "ip4Sub", "ip4Unsub"),
    ),
    along("bounce", said("contacts whom mail did not reach"), "bounceLogs", *_LOG),
    along("log", said("contacts, in what the vendor notes of mail to them"), "contactLogs", "*"),
    along(
        "event",
        said("contacts, in events on the company's own pages"),
        "trackingLogs",
        *("type", "value"),
    ),
    along(
        "activity",
        said("contacts: what they opened, clicked and answered, and from where"),
        activities,
        *("jsonData", "beside"),
        elements=(
            Element("action", "reference_action", "user.behavior", write="never"),
            Element("kind", "reference_type", write="never"),
        ),
    ),
    along(
        "profile",
        said("contacts, as the vendor and networks of others know them"),
        profile,
        *("plusAppend.imageUrl", "contactDatum.fb_name", "contactDatum.tw_id"),
        *(f"plusAppend.memberships{one}" for one in ("Facebook", "Twitter", "Linkedin")),
        *(f"contactDatum.{one}" for one in (*_GEO, *_GA)),
    ),
)
automation = Record(
    name="automation",
    about=said("contacts, in the automations that hold them"),
    read=automations,
    open_fields=("name",),
    erase=GOES,
    order=2,
)
