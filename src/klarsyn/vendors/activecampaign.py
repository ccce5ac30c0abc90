"""
ActiveCampaign: newsletters and sales to contacts, their companies, and what colleagues noted.

From the contract of the API v3 (of August 2026) and the vendor's documents, read on 2026-11-22
and 26; nothing was tried against the live service.
"""

from klarsyn.errors import said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.activecampaign_contacts import (
    ACCOUNTS,
    MAILS,
    ONE,
    PAGES,
    PING,
    TAGS,
    account_away,
    contact_away,
    contacts,
    deal_is_redacted,
    deal_redacted,
    imported,
    is_off_all_lists,
    mail_is_gone,
    notes_away,
    of_address,
    off_all_lists,
    own_fields,
    ties_away,
    values_away,
    who_left,
)
from klarsyn.vendors.activecampaign_traces import BELOW, RESTORABLE, automation
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
    Left,
    Level,
    Limit,
    Lookup,
    Record,
    Residue,
    Setting,
    Vendor,
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
    open_fields=("account.jobTitle", "fieldValues[field=*].value", "tags[]", "ip", "ua"),
    find=(Lookup(by="email", call=of_address),),
    rectify=Job(stages=(PUT(ONE, body={"contact": CHANGES}),)),
    erase=Job(
        stages=(notes_away, ties_away, values_away, contact_away),
        level=Level.SOFT_DELETED,
        proof=GET(ONE),
        residue=(RESTORABLE, Residue(said("deals, with the number of the contact"))),
    ),
    deliver=Delivery(send=imported, most=250),
    left=Left(read=who_left, tells=lambda raw: raw["left"]),
    stop=Job(stages=(off_all_lists,), proof=is_off_all_lists),
    order=1,
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
    read=TAGS,
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
    records=(contact, *BELOW, automation, account, note, deal, tag, mail, user),
    read=HowFar(Depth.FULL, said("nine calls for each contact, at five a second")),
    find=HowFar(Depth.FULL, said("by e-mail; by anything else through a reading")),
    rectify=HowFar(Depth.FULL, said("a change may set off automations of the company's own")),
    erase=HowFar(
        Depth.PARTIAL,
        said("deleted, but for 30 days an administrator can restore it; so many a month"),
    ),
    deliver=HowFar(
        Depth.FULL,
        said("250 a call; nobody is subscribed, no list is named; tags are added, none is taken"),
    ),
    unseen=(
        said("contacts that were deleted in the last 30 days"),
        said("which goals of an automation a contact has met, which are told in numbers only"),
        said("clicks on each link, which only calls without a description tell"),
        said("fields of the company's own for deals and companies, tasks and custom objects"),
        said("what the key's user may not see: lists and pipelines of other groups"),
    ),
    assumptions=(
        Assumption(said("status -1 lists contacts of every status"), Grade.DOCS),
        Assumption(
            said("statuses 2 and 3 list who has left any list, and whom mail never reached")
        ),
        Assumption(
            said("who is taken off a list by a call is mailed nothing by the vendor itself")
        ),
        Assumption(said("a contact can be unsubscribed from a list that it was never on")),
        Assumption(said("the API URL ends in api-us1.com, which is not promised"), Grade.DOCS),
        Assumption(said("a 403 whose text is no more than Forbidden is a wrong key")),
        Assumption(said("a 403 may come at random; it is told and not repeated"), Grade.THIRD),
        Assumption(said("the month's deletions, whose number nobody tells, are refused by 403")),
        Assumption(said("an import tells wrong contacts by their place, from 0")),
        Assumption(said("an import clears a field where the value is empty")),
        Assumption(said("an import gives a new contact a higher id than all before")),
        Assumption(said("a contact that is deleted takes its lists, scores and traces along")),
        Assumption(said("/contactTags lists tags of all contacts, in pages"), Grade.THIRD),
        Assumption(said("activities are listed in pages, like all else")),
        Assumption(said("what activities refer to is listed beside them, under some name")),
        Assumption(said("a contact has one company at most")),
        Assumption(said("lists take pages of 100"), Grade.DOCS),
    ),
    fields=own_fields,
)
