"""
Trello: boards on which employees keep customers as cards, with all that hangs on these.

From the contract of the REST API (version 1), the vendor's guides to limits, nested resources and
custom fields, and what py-trello sends, read on 2026-11-22; nothing was tried against the live
service.
"""

from dataclasses import replace

from klarsyn.errors import said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    PUT,
    Api,
    Depth,
    Element,
    Failure,
    HeaderKey,
    HowFar,
    Job,
    Kind,
    Limit,
    Place,
    Record,
    Residue,
    Setting,
    Vendor,
    Within,
)
from klarsyn.vendors.stages import only_if
from klarsyn.vendors.trello_cards import (
    ACTION,
    ALL_BEFORE,
    ASSUMED,
    BOARD,
    CARDS,
    COMMENTS,
    COPIES,
    IDS,
    ITEM,
    NO_VALUE,
    WORKSPACES,
    boards,
    hanging,
    history,
    keeps_history,
    lines,
    no_trace,
    of_card,
    probe,
    set_value,
    went_along,
    words_at,
)

WINDOW = 10
"""Seconds over which Trello counts; it never says when to come back."""
WORDS = {
    **dict.fromkeys(("invalid key", "invalid token", "expired token"), Kind.KEY),
    **dict.fromkeys(("invalid id", "Only comment actions"), Kind.REFUSED),
    "permission requested": Kind.RIGHTS,
    **{f"API_{of}_LIMIT_EXCEEDED": Kind.THROTTLED for of in ("KEY", "TOKEN", "TOKEN_DB")},
}


def classify(reply: Reply) -> Failure | None:
    """Errors are a line of text, but for limits, which are JSON, and tell no time."""
    ok = reply.status in range(200, 300)
    if reply.status >= 500 or (ok and not reply.at("error")):
        return None
    text = reply.content[:200].decode(errors="replace")
    word = next((one for one in WORDS if one in text), "")
    if reply.status == 429 or WORDS.get(word) is Kind.THROTTLED:
        return Failure(Kind.THROTTLED, word, WINDOW)
    return Failure(Kind.REFUSED, word) if word or ok else None


api = Api(
    base="https://api.trello.com/1",
    hosts=("api.trello.com",),
    settings=(
        Setting(
            "api_key",
            said("the API key of a Power-Up that the company made for itself"),
            secret=True,
            made_at="https://trello.com/power-ups/admin",
            rights=said("none of its own: it names the application"),
            form=r"[0-9a-f]{32}",
        ),
        Setting(
            "token",
            said("the token of a member who is on all boards"),
            secret=True,
            made_at="https://trello.com/power-ups/admin",
            rights=said("to read: read; to rectify and erase: write"),
            lasts=said("an hour, a day, 30 days or for ever, as was chosen when it was made"),
            form=r"(ATTA)?[0-9A-Za-z]{64,}",
        ),
    ),
    auth=HeaderKey("Authorization", 'OAuth oauth_consumer_key="{api_key}", oauth_token="{token}"'),
    # 300 for a key, 100 for each of its tokens.
    limit=Limit(100, WINDOW, remaining="x-rate-limit-api-token-remaining"),
    limits={"members": Limit(100, 900)},
    classify=classify,
    codes=WORDS,
    hints={
        "permission requested": said("let the token's member onto the board, or make one to write"),
        "Only comment actions": said("delete the card: its history goes with it"),
    },
    ping=GET("/members/me", query={"fields": "id"}, limit="members"),
    reference="https://developer.atlassian.com/cloud/trello/rest/",
    read_on="2026-11-22",
)

# Records

board = Record(
    name="board",
    about=said("whomever a board is named or described after"),
    read=boards,
    elements=(words_at("name"), words_at("desc")),
    open_fields=("name", "desc", "labelNames"),
    rectify=keeps_history(PUT("/boards/{id}", body=CHANGES)),
)
IN_BOARD = Within(board, {"board": "id"})
workspace = Record(
    name="workspace",
    about=said("the company itself, and whom its description names"),
    read=WORKSPACES,
    open_fields=("name", "displayName", "desc", "website"),
)
member = Record(
    name="member",
    about=said("employees and guests; customers are none"),
    within=IN_BOARD,
    read=GET(f"{BOARD}/members"),
    elements=(Element("name", "fullName", "user.name", write="never"),),
    open_fields=("username",),
)
column = Record(
    name="list",
    about=said("whomever a list is named after"),
    within=IN_BOARD,
    read=GET(f"{BOARD}/lists", query={"filter": "all"}),
    elements=(words_at("name"),),
    open_fields=("name",),
    rectify=keeps_history(PUT("/lists/{id}", body=CHANGES)),
)
label = replace(
    column,
    name="label",
    about=said("whomever a label is named after"),
    read=GET(f"{BOARD}/labels", pages=ALL_BEFORE),
    rectify=keeps_history(PUT("/labels/{id}", body=CHANGES)),
    erase=keeps_history(DELETE("/labels/{id}")),
)
custom_field = Record(
    name="custom_field",
    about=said("whom a field or a choice in it names"),
    within=IN_BOARD,
    read=GET(f"{BOARD}/customFields"),
    open_fields=("name", "options[].value"),
)
comment = Record(
    name="comment",
    about=said("customers whom employees write about"),
    within=IN_BOARD,
    read=COMMENTS,
    elements=(words_at("text", "data.text"),),
    open_fields=("data.text", "data.card.name"),
    rectify=Job(
        stages=(of_card(PUT("/actions/{id}", body={"text": Place("text")})),), residue=(COPIES,)
    ),
    erase=Job(stages=(DELETE("/actions/{id}"),), proof=ACTION, residue=(COPIES,)),
)
attachment = Record(
    name="attachment",
    about=said("customers whom a file or a link is named after"),
    within=IN_BOARD,
    read=hanging("attachments"),
    open_fields=("name", "url"),
    unread=lambda one: said("what stands in an uploaded file") if one.get("isUpload") else None,
    erase=keeps_history(of_card(DELETE("/cards/{idCard}/attachments/{id}"))),
)
checklist = Record(
    name="checklist",
    about=said("whomever a checklist is named after"),
    within=IN_BOARD,
    read=hanging("checklists", "all"),
    elements=(words_at("name"),),
    open_fields=("name",),
    rectify=keeps_history(PUT("/checklists/{id}", body=CHANGES)),
    erase=keeps_history(DELETE("/checklists/{id}")),
)
check_item = replace(
    checklist,
    name="check_item",
    about=said("customers whom something is to be done for"),
    read=lines,
    rectify=keeps_history(of_card(PUT(ITEM, body={"name": Place("name")}))),
    erase=keeps_history(of_card(DELETE(ITEM))),
)
value = Record(
    name="custom_field_value",
    about=said("customers of whom a field of the company's own tells"),
    within=IN_BOARD,
    read=hanging("customFieldItems"),
    elements=(words_at("text", "value.text"), words_at("number", "value.number")),
    open_fields=("value",),
    rectify=keeps_history(set_value),
    erase=keeps_history(of_card(NO_VALUE)),
)
card = Record(
    name="card",
    about=said("customers, one card each, and whomever else it names"),
    within=IN_BOARD,
    read=CARDS,
    elements=(words_at("name"), words_at("desc"), words_at("address"), words_at("locationName")),
    open_fields=("name", "desc", "address", "locationName", "labels", "pluginData"),
    rectify=keeps_history(PUT("/cards/{id}", body=CHANGES)),
    erase=Job(
        stages=(DELETE("/cards/{id}"),),
        proof=no_trace,
        residue=(COPIES, Residue(said("what comments and history of other cards say"))),
    ),
    order=1,
)
GOES_WITH_CARD = said("it goes only with its card: delete that")
activity = Record(
    name="activity",
    about=said("customers, in texts as they were before somebody changed them"),
    within=IN_BOARD,
    read=history,
    open_fields=("data",),
    ignored=IDS,
    erase=Job(stages=(only_if(went_along, GOES_WITH_CARD),), proof=ACTION),
    order=2,
)
PARTS = (comment, attachment, checklist, check_item, value)

trello = Vendor(
    id="trello",
    name="Trello",
    api=api,
    records=(board, workspace, member, column, label, custom_field, *PARTS, card, activity),
    read=HowFar(Depth.FULL, said("all boards that the token's member sees, archived cards too")),
    find=HowFar(Depth.FULL, said("by reading all: a search knows no addresses and no numbers")),
    rectify=HowFar(Depth.FULL, said("the history keeps the old text until its card is deleted")),
    erase=HowFar(Depth.PARTIAL, said("cards and what hangs on them; not the history of others'")),
    deliver=HowFar(Depth.NONE, said("nothing about customers is sent there")),
    unseen=(
        said("boards that neither are the member's nor shown to the whole workspace"),
        said("the words in uploaded files, and what Power-Ups and Butler keep elsewhere"),
        said("members' addresses, but for the token's own"),
        said("the history of a workspace itself, and its exports"),
    ),
    assumptions=ASSUMED,
    probe=probe,
)
