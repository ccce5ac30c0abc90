"""
Pipedrive: persons and firms in a sales pipeline, and what colleagues wrote about them.

From the contracts of the APIs v2 (2.0.0) and v1 (1.0.0) of August 2026 and the vendor's documents,
read on 2026-11-22; nothing was tried against the live service.
"""

from email.utils import parsedate_to_datetime

from klarsyn.errors import said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.pipedrive_notes import (
    EVERY,
    HANGING,
    activity,
    both,
    comments_by,
    file,
    kept,
    lead,
    log_of,
    mail_with,
    note,
)
from klarsyn.vendors.pipedrive_persons import (
    LAG,
    PERSON,
    SYNCED,
    V2,
    blanked,
    changed,
    own_fields,
    probe,
    redaction,
    searched,
    writing,
)
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    PATCH,
    Api,
    Assumption,
    Delivery,
    Depth,
    Element,
    Failure,
    Grade,
    HeaderKey,
    HowFar,
    Job,
    Kind,
    Level,
    Limit,
    Lookup,
    Record,
    Repeat,
    Residue,
    Setting,
    Vendor,
)
from klarsyn.vendors.stages import away

DAY, DEAREST = 86_400, 40
"""Seconds; and the tokens that the dearest call of this sheet takes of a day's."""


def classify(reply: Reply) -> Failure | None:
    """When the day's tokens are spent, that lasts to midnight; who asks on is shut out, in HTML."""
    if reply.status == 429:
        left = reply.number("x-daily-ratelimit-token-remaining")
        spent = left is not None and left < DEAREST
        return Failure(
            Kind.THROTTLED, after=to_midnight(reply) if spent else reply.number("x-ratelimit-reset")
        )
    if reply.status == 403 and "html" in reply.header("content-type"):
        return Failure(Kind.THROTTLED)
    if reply.status in {402, 410}:
        return Failure(Kind.RIGHTS)
    return Failure(Kind.DOWN) if reply.status < 400 and reply.at("success") is False else None


def to_midnight(reply: Reply) -> float:
    """Return the seconds to the end of the day by the vendor's own clock, or a whole day's."""
    try:
        now = parsedate_to_datetime(reply.header("date"))
    except ValueError:
        return DAY
    return DAY - (now.hour * 3600 + now.minute * 60 + now.second)


api = Api(
    base="https://{company}.pipedrive.com/api/v2",
    bases={"v1": "https://{company}.pipedrive.com/api/v1"},
    hosts=("*.pipedrive.com",),
    settings=(
        Setting("company", said("what stands before .pipedrive.com"), form="[a-z0-9][a-z0-9-]*"),
        Setting(
            "api_token",
            said("the API token of an administrator"),
            secret=True,
            made_at="https://app.pipedrive.com/settings/api",
            rights=said("an administrator's: others are not shown what colleagues keep private"),
        ),
    ),
    auth=HeaderKey("x-api-token", "{api_token}"),
    # The least of any plan; a day's tokens are the plan's times the seats, which nobody tells.
    limit=Limit(20, 2, remaining="x-ratelimit-remaining", resets="x-ratelimit-reset"),
    limits={"searches": Limit(10, 2)},
    classify=classify,
    hints={
        402: said("the company's account is not open: it has to be paid"),
        403: said("use an administrator's key; some fields come with contact sync only"),
        410: said("the vendor has removed this call"),
        429: said("the day's tokens may be spent: they come back at midnight"),
    },
    ping=GET("/users/me", host="v1"),
    reference="https://developers.pipedrive.com/docs/api/v1",
    read_on="2026-11-22",
)

# Records


is_away = away(PERSON, "data.is_deleted")
BLANK = kept(said("the person as deleted, blank; the old values in the log of changes"))
NAMED = Residue(said("their name in titles of deals, which are records of their own"))
LOGGED = Residue(said("the old text in the log of changes, as long as the record exists"))
WHO = (
    Element("name", means="user.name"),
    Element("email", "emails[primary=True].value", "user.contact.email"),
    Element("phone", "phones[primary=True].value", "user.contact.phone_number"),
)

person = Record(
    name="person",
    about=said("customers and whoever else is sold to"),
    read=GET("/persons", **V2),
    elements=WHO,
    open_fields=("first_name", "last_name", "emails", "phones", "custom_fields.*", *SYNCED),
    find=(Lookup(by="email", call=searched, again=PERSON, lag=LAG),),
    rectify=Job(stages=(changed,)),
    erase=Job(
        stages=(*HANGING, blanked, DELETE("/persons/{id}")),
        level=Level.SOFT_DELETED,
        proof=is_away,
        residue=(BLANK, kept(said("their files and activities, as deleted")), NAMED),
    ),
    deliver=Delivery(
        send=writing(WHO), most=100, alone=True, repeat=Repeat.LOOK_FIRST, by_key=True
    ),
    order=4,
)
black, is_black = redaction("/organizations/{id}", "name")
organization = Record(
    name="organization",
    about=said("customers' firms, sole traders among them"),
    read=GET("/organizations", **V2),
    elements=(
        Element("company", "name", "user.contact.organization"),
        Element("address", "address.value", "user.contact.address"),
    ),
    open_fields=("address", "custom_fields.*"),
    rectify=Job(stages=(PATCH("/organizations/{id}", body=CHANGES),)),
    erase=Job(
        stages=(black,),
        level=Level.REDACTED,
        proof=is_black,
        residue=(LOGGED,),
        by_hand=said("delete the organization itself where it is one person's firm"),
    ),
    order=3,
)
black, is_black = redaction("/deals/{id}", "title", "lost_reason")
deal = Record(
    name="deal",
    about=said("whom titles and fields name; archived deals, and those deleted in 30 days"),
    read=both(GET("/deals", query=EVERY, **V2), GET("/deals/archived", query=EVERY, **V2)),
    elements=(Element("title", free=True),),
    open_fields=("title", "lost_reason", "origin_id", "channel_id", "custom_fields.*"),
    rectify=Job(stages=(PATCH("/deals/{id}", body=CHANGES),)),
    erase=Job(stages=(black,), level=Level.REDACTED, proof=is_black, residue=(LOGGED,)),
    order=2,
)
MORE = (mail_with(person, organization), comments_by(person, organization))
LOGS = tuple(log_of(one, person, organization) for one in (person, organization, deal))
colleague = Record(
    name="colleague",
    about=said("those who work with it, and who did"),
    read=GET("/users", host="v1", items="data"),
    elements=(
        Element("name", means="user.name", write="never"),
        Element("email", means="user.contact.email", write="never"),
        Element("phone", means="user.contact.phone_number", write="never"),
    ),
)

pipedrive = Vendor(
    id="pipedrive",
    name="Pipedrive",
    api=api,
    records=(person, organization, deal, activity, lead, note, file, *MORE, *LOGS, colleague),
    read=HowFar(Depth.FULL, said("archived ones and logs of changes too; dear in tokens")),
    find=HowFar(
        Depth.FULL,
        said("of logs, mail and comments those of the person, unless thorough"),
    ),
    rectify=HowFar(Depth.FULL, said("the first address or number; others of the person stay")),
    erase=HowFar(Depth.FULL, said("blank at once, deleted for good after 30 days")),
    deliver=HowFar(Depth.FULL, said("one person a call, by e-mail; who is there twice is refused")),
    unseen=(
        said("persons, firms and activities that were deleted, for the 30 days they are kept"),
        said("what is inside files and mails, pictures, products and projects"),
        said("mail that hangs on no person, and what the key's user may not see"),
        said("who has unsubscribed from campaigns: only accounts that have those may ask"),
    ),
    assumptions=(
        Assumption(said("a search finds a new person after ten minutes at most"), Grade.THIRD),
        Assumption(said("the day of the tokens ends at midnight UTC")),
        Assumption(
            said("too few tokens for one call are shown in x-daily-ratelimit-token-remaining")
        ),
        Assumption(
            said("who goes on after a refusal is answered in HTML by Cloudflare"), Grade.THIRD
        ),
        Assumption(said("an empty list of v1 is null"), Grade.THIRD),
        Assumption(said("one address and one number of a person are marked as primary")),
        Assumption(said("archived deals can be changed like others")),
        Assumption(said("the log of changes goes with its record after 30 days")),
        Assumption(said("one who is deleted is read by id, as deleted")),
        Assumption(said("a new or changed person makes the vendor mail nobody")),
    ),
    fields=own_fields,
    probe=probe,
)
