"""
ActiveCampaign: newsletters and sales to contacts, their companies, and what colleagues noted.

From the contract of the API v3 (of August 2026) and the vendor's documents, read on 2026-11-22;
nothing was tried against the live service.
"""

from datetime import timedelta

from klarsyn.errors import Message, said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.activecampaign_contacts import (
    ACCOUNTS,
    CONTACTS,
    MAILS,
    OF,
    ONE,
    PAGES,
    PING,
    account_away,
    contact_away,
    contact_is_gone,
    contacts,
    deal_is_redacted,
    deal_redacted,
    imported,
    mail_is_gone,
    notes_away,
    of_address,
    own_fields,
    ties_away,
    values_away,
)
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    PUT,
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
    Residue,
    Setting,
    Vendor,
    Walk,
    Within,
)
from klarsyn.vendors.stages import only_if


def classify(reply: Reply) -> Failure | None:
    """403 is a wrong key, a right that is lacking or a record that is gone; its text tells."""
    text = str(reply.at("message") or "").casefold()
    if reply.status == 403:
        if text.startswith("no result found"):
            return Failure(Kind.ABSENT)
        return Failure(Kind.KEY if text == "forbidden" else Kind.RIGHTS)
    if reply.status == 400 and text.startswith("rate limit"):
        return Failure(Kind.THROTTLED, after=60)
    done = reply.at("success")  # of an import that has ended, a list of those who were imported
    return Failure(Kind.REFUSED) if reply.status == 200 and done in (0, "0") else None


DEVELOPER = "https://developers.activecampaign.com/reference"

api = Api(
    base="{url}/api/3",
    hosts=("*.api-us1.com",),
    settings=(
        Setting(
            "url",
            said("the API URL of the account, from Settings, Developer"),
            form=r"https://[a-z0-9][a-z0-9-]*\.api-us1\.com",
        ),
        Setting(
            "api_token",
            said("the key of a user, from Settings, Developer"),
            secret=True,
            made_at=f"{DEVELOPER}/authentication",
            rights=said("those of its user: contacts, accounts, deals, tags, of every list"),
        ),
    ),
    auth=HeaderKey("Api-Token", "{api_token}"),
    limit=Limit(5, per=1),
    limits={"imports": Limit(100)},
    classify=classify,
    hints={403: said("check the API URL and the key, and what the key's user may do")},
    ping=PING,
    reference=f"{DEVELOPER}/overview",
    read_on="2026-11-22",
)

# Records

RESTORABLE = Residue(
    said("an administrator can restore the contact in the app for 30 days"),
    until=lambda on, _known: on + timedelta(days=30),
)
contact = Record(
    name="contact",
    about=said("customers and subscribers, whatever their status, with their companies"),
    read=contacts,
    elements=(
        Element("email", means="user.contact.email"),
        Element("name", ("firstName", "lastName"), "user.name"),
        Element("phone", means="user.contact.phone_number"),
        Element("company", "account.name", "user.contact.organization", write="create"),
    ),
    open_fields=("account.jobTitle", "fieldValues[field=*].value", "ip", "ua"),
    find=(Lookup(by="email", call=of_address),),
    rectify=Job(stages=(PUT(ONE, body={"contact": CHANGES}),)),
    erase=Job(
        stages=(notes_away, ties_away, values_away, contact_away),
        level=Level.SOFT_DELETED,
        proof=GET(ONE),
        residue=(RESTORABLE, Residue(said("deals, with the number of the contact"))),
    ),
    deliver=Delivery(send=imported, most=250),
    order=1,
)
in_contact = Within(Walk(name="contact", read=CONTACTS), {"contact_id": "id"})


def along(name: str, about: Message, listed: str, *places: str, rating: str = "") -> Record:
    """Return a kind of record that lies below contacts, and goes with them."""
    return Record(
        name=name,
        about=about,
        within=in_contact,
        read=GET(f"{OF}/{listed}", items=listed),
        elements=(Element("rating", rating, write="never"),) if rating else (),
        open_fields=places,
        erase=Job(
            stages=(only_if(contact_is_gone, said("it goes when its contact is deleted")),),
            level=Level.SOFT_DELETED,
            proof=contact_is_gone,
            residue=(RESTORABLE,),
        ),
        order=2,
    )


LOG = ("email", "error", "source")
BELOW = (
    along("score", said("contacts, as they are rated"), "scoreValues", rating="scoreValue"),
    along(
        "subscription",
        said("contacts on lists, and why they left"),
        "contactLists",
        *("unsubreason", "first_name", "last_name", "ip4Sub", "ip4Unsub"),
    ),
    along("bounce", said("contacts whom mail did not reach"), "bounceLogs", *LOG),
)
account = Record(
    name="account",
    about=said("companies; some bear the name of a person"),
    read=ACCOUNTS,
    elements=(Element("company", "name", "user.contact.organization"),),
    open_fields=("accountUrl",),
    rectify=Job(stages=(PUT("/accounts/{id}", body={"account": CHANGES}),)),
    erase=Job(stages=(account_away,), proof=GET("/accounts/{id}")),
    order=3,
)
note = Record(
    name="note",
    about=said("whom colleagues wrote about, on contacts, deals and companies"),
    read=GET("/notes", items="notes", pages=PAGES),
    open_fields=("note",),
    erase=Job(stages=(DELETE("/notes/{id}"),)),
)
deal = Record(
    name="deal",
    about=said("whom offers are made to, in words of colleagues"),
    read=GET("/deals", items="deals", pages=PAGES),
    open_fields=("title", "description"),
    erase=Job(stages=(deal_redacted,), level=Level.REDACTED, proof=deal_is_redacted),
)
tag = Record(
    name="tag",
    about=said("whom the name of a tag tells"),
    read=GET("/tags", items="tags", pages=PAGES),
    open_fields=("tag", "description"),
    erase=Job(stages=(DELETE("/tags/{id}"),), proof=GET("/tags/{id}")),
)
mail = Record(
    name="mail",
    about=said("whom colleagues wrote to from the app"),
    read=MAILS,
    open_fields=("fromAddress", "fromName", "toAddress", "toName", "subject", "message"),
    erase=Job(
        stages=(only_if(mail_is_gone, said("no mail can be deleted on its own")),),
        level=Level.SOFT_DELETED,
        proof=mail_is_gone,
    ),
    order=2,
)
user = Record(
    name="user",
    about=said("colleagues who use the account"),
    read=GET("/users", items="users", pages=PAGES),
    elements=(
        Element("email", means="user.contact.email", write="never"),
        Element("name", ("firstName", "lastName"), "user.name", write="never"),
        Element("phone", means="user.contact.phone_number", write="never"),
    ),
    open_fields=("username", "signature"),
)


activecampaign = Vendor(
    id="activecampaign",
    name="ActiveCampaign",
    api=api,
    records=(contact, *BELOW, account, note, deal, tag, mail, user),
    read=HowFar(Depth.FULL, said("three calls for each contact, at five a second")),
    find=HowFar(Depth.FULL, said("by e-mail; by anything else through a reading")),
    rectify=HowFar(Depth.FULL, said("a change may set off automations of the company's own")),
    erase=HowFar(
        Depth.PARTIAL,
        said("deleted, but for 30 days an administrator can restore it; so many a month"),
    ),
    deliver=HowFar(Depth.FULL, said("250 a call; nobody is subscribed, and no list is named")),
    unseen=(
        said("contacts that were deleted in the last 30 days"),
        said("what contacts opened, clicked and visited, and whom an automation holds"),
        said("fields of the company's own for deals and companies, tasks and custom objects"),
        said("what the key's user may not see: lists and pipelines of other groups"),
    ),
    assumptions=(
        Assumption(said("status -1 lists contacts of every status"), Grade.DOCS),
        Assumption(said("the API URL ends in api-us1.com, which is not promised"), Grade.DOCS),
        Assumption(said("a 403 whose text is no more than Forbidden is a wrong key")),
        Assumption(said("a 403 may come at random; it is told and not repeated"), Grade.THIRD),
        Assumption(said("the month's deletions, whose number nobody tells, are refused by 403")),
        Assumption(said("an import tells wrong contacts by their place, from 0")),
        Assumption(said("an import clears a field where the value is empty")),
        Assumption(said("an import gives a new contact a higher id than all before")),
        Assumption(said("a contact that is deleted takes its lists, scores and mails along")),
        Assumption(said("a contact has one company at most")),
        Assumption(said("lists take pages of 100"), Grade.DOCS),
    ),
    fields=own_fields,
)
