"""
Plecto: ratings on boards, as registrations, and the members whom these name.

There is no contract: from the vendor's help pages and from what others' integrations send, read on
2026-11-22; nothing was tried against the live service, so much of this is an assumption.
"""

from collections.abc import Iterator
from typing import Any

from klarsyn.errors import said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.plecto_rows import LIST, MEMBERS, MOST, OF_SOURCE, kept, send
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    POST,
    PUT,
    VALUE,
    Api,
    Assumption,
    Basic,
    Connection,
    Delivery,
    Depth,
    Done,
    Element,
    Failure,
    Grade,
    HowFar,
    Job,
    Kind,
    Level,
    Limit,
    Lookup,
    Progress,
    Record,
    Refused,
    Repeat,
    Residue,
    Setting,
    Target,
    Vendor,
    Walk,
    Within,
)


def classify(reply: Reply) -> Failure | None:
    """A reply that is nothing but a `detail` is an error, whatever its status says."""
    body = reply.json if reply.status < 300 and reply.readable else None
    told = isinstance(body, dict) and body.keys() == {"detail"}
    return Failure(Kind.DOWN) if told else None


api = Api(
    base="https://app.plecto.com/api/v2",
    hosts=("app.plecto.com",),
    settings=(
        Setting("email", said("the address of a user who was made for this alone")),
        Setting(
            "password",
            said("the password of that user; there is no key"),
            secret=True,
            made_at="https://app.plecto.com/",
            rights=said("a permission profile with data sources, registrations and members only"),
        ),
        Setting(
            "data_sources",
            said("the uuids of the data sources in use; all are read where there are none"),
            many=True,
            required=False,
        ),
    ),
    auth=Basic("{email}", "{password}"),
    limit=Limit(3600, 3600),
    classify=classify,
    hints={
        401: said("check address and password: it is a user's login"),
        403: said("the user lacks the right, or another integration fills this data source"),
    },
    ping=GET("/teams/"),
    reference="https://docs.plecto.com/kb/guide/en/how-to-send-data-to-plectos-api-8jyWZ97bO9/Steps",
    read_on="2026-11-22",
)

# Calls

SOURCES = GET("/datasources/")
ONE = "/registrations/{source}/{id}/"
SET = PUT(ONE, body=CHANGES)
AWAY = DELETE(ONE)
# Whoever sends a provider's number again overwrites the member who has it.
WRITE_MEMBER = POST("/members/", body=CHANGES, repeat=Repeat.SAFE)

# Quirks

NOBODY = "-"
"""The name of a member who is nobody any more."""
NO_PROVIDER = said("this member was made in Plecto itself: change it there")


def set_whole(connection: Connection, target: Target) -> Progress:
    """Set fields of a registration, and send the rest of it as it stands."""
    filled = target.filled
    now = connection.look(GET(ONE), **filled)
    if now is None:
        return Done(0)
    connection.call(SET, **{**filled, "changes": kept(now.json) | filled["changes"]})
    return Done()


def set_member(connection: Connection, target: Target, **changes: Any) -> Progress:
    """Overwrite a member, whom a provider's number names: no other way is known."""
    keys = {one: target.raw.get(f"updating_api_{one}") for one in ("provider", "provider_id")}
    if not all(keys.values()):
        return Refused(NO_PROVIDER, by_hand=True)
    named = {f"updating_api_{one}": value for one, value in keys.items()}
    connection.call(WRITE_MEMBER, changes={**named, **(changes or target.filled["changes"])})
    return Done()


def nobody(connection: Connection, target: Target) -> Progress:
    """Deactivate a member and overwrite the name; the address cannot be overwritten."""
    return set_member(
        connection, target, name=NOBODY, display_name=NOBODY, title="", is_active=False
    )


def is_nobody(connection: Connection, target: Target) -> bool:
    """Return whether a member is gone, or inactive and without a name."""
    left = [one for one in connection.call(MEMBERS).json if one["uuid"] == target.key]
    return all(one["name"] == NOBODY and not one["is_active"] for one in left)


def own_fields(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield the fields of the data sources in use."""
    wanted = connection.settings.get("data_sources") or ()
    for source in connection.call(SOURCES).json:
        if not wanted or source["uuid"] in wanted:
            for one in source.get("fields") or ():
                yield f"registration.{one['name']}", f"{source['title']}: {one['name']}"


# Records

source = Walk(name="data_source", read=SOURCES, only="data_sources", key="uuid")
WHO = (
    Element("name", "member_name", "user.name", write="never"),
    Element("reference", "external_id", "user.unique_id", write="never"),
    Element("member", "member_api_id", "user.unique_id", write="never"),
    Element("date"),
)
registration = Record(
    name="registration",
    about=said("customers, and the members whom their ratings are of"),
    within=Within(source, {"source": "uuid"}),
    read=LIST,
    key="uuid",
    elements=WHO,
    open_fields=("*",),
    ignored=("uuid", "data_source", "member", "reference"),
    find=(Lookup(by="reference", call=LIST.but(query={**OF_SOURCE, "reference": VALUE})),),
    rectify=Job(stages=(set_whole,)),
    erase=Job(stages=(AWAY,), proof=GET(ONE)),
    deliver=Delivery(
        send=send,
        most=MOST,
        match_on="reference",
        reference=True,
        known_by=("member", "name", "reference"),
    ),
)
member = Record(
    name="member",
    about=said("whoever is rated, and whom a registration has made a member"),
    read=MEMBERS,
    key="uuid",
    elements=(
        Element("email", "updating_api_provider_email", "user.contact.email", write="never"),
        Element("name", means="user.name"),
        Element("display_name", means="user.name"),
        Element("title", means="user.job_title"),
        Element("number", "updating_api_provider_id", "user.unique_id", write="never"),
    ),
    open_fields=("*",),
    ignored=("uuid", "teams[]", "managed_teams[]"),
    rectify=Job(stages=(set_member,)),
    erase=Job(
        stages=(nobody,),
        level=Level.MANUAL,
        proof=is_nobody,
        by_hand=said("have Plecto's support delete the member: its address cannot be overwritten"),
        residue=(Residue(said("the member, inactive and without a name, with its address")),),
    ),
    order=1,
)
team = Record(
    name="team",
    about=said("whomever the name of a team names"),
    read=GET("/teams/"),
    key="uuid",
    open_fields=("*",),
    ignored=("uuid",),
)

plecto = Vendor(
    id="plecto",
    name="Plecto",
    api=api,
    records=(registration, member, team),
    read=HowFar(Depth.FULL, said("all fields of all registrations, members and teams")),
    find=HowFar(Depth.FULL, said("by reference; by anything else through a reading")),
    rectify=HowFar(Depth.PARTIAL, said("fields and names; an address stays as it was first sent")),
    erase=HowFar(Depth.PARTIAL, said("registrations for good; members lose their name only")),
    deliver=HowFar(Depth.FULL, said("a hundred registrations a call, of members who are known")),
    unseen=(
        said("posts, dashboards and slideshows, and what was exported"),
        said("data sources that the user may not see, or that the settings leave out"),
    ),
    assumptions=(
        Assumption(said("a list of registrations tells its next page in `next`")),
        Assumption(said("lists of data sources, members and teams come whole"), Grade.THIRD),
        Assumption(said("a registration that is shown tells the uuid of its member")),
        Assumption(said("a reference that is sent again overwrites its registration"), Grade.DOCS),
        Assumption(said("a whole registration that is sent keeps all its fields")),
        Assumption(said("one wrong registration refuses all that are sent with it")),
        Assumption(said("a name in the list of members is the one on their registrations")),
        Assumption(said("a registration that is deleted leaves nothing behind"), Grade.DOCS),
        Assumption(said("no mail goes to a member who is changed")),
        Assumption(said("where too much is asked, the reply has status 429")),
        Assumption(said("errors have the form of Django REST framework"), Grade.THIRD),
    ),
    fields=own_fields,
)
