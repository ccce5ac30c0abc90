"""
Zapier: what Zaps pass on, of which it keeps copies for weeks, and what they put into Storage.

From the contract of the Partner API (2024.11.0), help pages, and what others report of Storage
and Catch Hooks, which have no contract; read on 2026-11-22, nothing was tried live.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from klarsyn.errors import (
    CallRefused,
    OutcomeUnknown,
    RecordRefused,
    said,
)
from klarsyn.transport.auth import Outgoing
from klarsyn.vendors.sheet import (
    GET,
    POST,
    VALUE,
    Api,
    Assumption,
    Connection,
    Delivery,
    Depth,
    Done,
    Element,
    Grade,
    HowFar,
    Job,
    Level,
    Limit,
    Lookup,
    Offset,
    Place,
    Places,
    Record,
    Repeat,
    Residue,
    Row,
    RowOutcome,
    Setting,
    Signed,
    Vendor,
    body_of,
)
from klarsyn.vendors.zapier_storage import IN_BACKUPS, RECORDS, months_later, needs, storage

HOOKS = "https://hooks.zapier.com/hooks/catch/"


def sign(outgoing: Outgoing, connection: Connection) -> None:
    """Each of the three hosts has a key of its own; a hook's address is its key."""
    host, given = urlsplit(outgoing.url).hostname, connection.settings
    if host == "api.zapier.com":
        outgoing.headers["Authorization"] = f"Bearer {given.get('access_token', '')}"
    elif host == "store.zapier.com":
        outgoing.headers["X-Secret"] = str(given.get("storage_secret", ""))


def hook_address(connection: Connection) -> str:
    """Return the hook; another address would take what was meant for it."""
    address = str(connection.settings.get("hook_url", ""))
    if not address.startswith(HOOKS):
        message = said("{vendor}: 'hook_url' is no Catch Hook", vendor=connection.name)
        raise CallRefused(message, said("it begins with {start}", start=HOOKS))
    return address


api = Api(
    base="https://api.zapier.com",
    bases={"store": "https://store.zapier.com/api", "hook": hook_address},
    hosts=("api.zapier.com", "store.zapier.com", "hooks.zapier.com"),
    auth=Signed(sign),
    settings=(
        Setting(
            "access_token",
            said("a token of the Partner API; only companies with an app of their own get one"),
            secret=True,
            required=False,
            made_at="https://developer.zapier.com",
            rights=said("zap:account:all and zap:runs; with zap alone it sees the app's own Zaps"),
            lasts=said("some hours; ask for a new one with its refresh token"),
        ),
        Setting(
            "storage_secret",
            said("the secret of a store of Storage by Zapier, as it stands in the Zap's step"),
            secret=True,
            required=False,
            made_at="https://zapier.com/app/assets/connections",
            rights=said("it opens the whole store, to read and to write"),
            lasts=said("three months after the store was last touched"),
        ),
        Setting(
            "hook_url",
            said("the address of the Catch Hook, which is its key"),
            secret=True,
            required=False,
            made_at="https://zapier.com/app/assets/zaps",
            rights=said("whoever has it can start the Zap"),
        ),
    ),
    limits={"hook": Limit(30, 1)},
    reference="https://docs.zapier.com/api-reference",
    read_on="2026-11-22",
)


def probe(connection: Connection) -> Mapping[str, Any]:
    """Try the keys that are there; the hook is not tried, since it would start the Zap."""
    advice = []
    for setting, call in TRIED.items():
        if connection.settings.get(setting):
            connection.call(call)
        else:
            advice.append(said("'{setting}' is not set: a part is not read", setting=setting))
    asked = len(advice) < len(TRIED)
    if not connection.settings.get("hook_url"):
        advice.append(said("'hook_url' is not set: nothing is delivered"))
    return {"advice": advice, "asked": asked}


# Runs: copies of what went through a Zap

PAGES = Offset("limit", 100, total="meta.count")
RUNS = GET("/v2/zap-runs", query={"from_date": Place("since")}, items="data", pages=PAGES)
TRY_RUNS = GET("/v2/zap-runs", query={"limit": 1})
TRIED = {"access_token": TRY_RUNS, "storage_secret": RECORDS}
SEARCH_RUNS = RUNS.but(query={**RUNS.query, "search": VALUE})
KEPT = timedelta(days=70)
"""Runs are kept for up to 69 days; unless told since when, the vendor lists thirty days."""


PURGED_AFTER = timedelta(days=29)


def since(connection: Connection) -> str:
    """Return the day on which no run that is kept was made yet."""
    return (connection.clock.now() - KEPT).date().isoformat()


def runs(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield all runs that are kept."""
    needs(connection, "access_token")
    return (yield from connection.pages(RUNS, since=since(connection)))


def searched(connection: Connection, value: str, _places: Places) -> Iterator[Any]:
    """Yield the runs in whose title or data the vendor finds a text."""
    needs(connection, "access_token")
    for page in connection.pages(SEARCH_RUNS, since=since(connection), value=value):
        yield from page


def purge(on: date, _known: Mapping[str, Any]) -> date:
    """
    Return when what is there today is purged: the first Monday of the month after the next.

    What was made on the last of January may then be a day too young, and goes a month later.
    """
    day = first_monday(months_later(on, 2))
    return day if day - on > PURGED_AFTER else first_monday(months_later(on, 3))


def first_monday(of: date) -> date:
    """Return the first Monday of a day's month."""
    first = of.replace(day=1)
    return first + timedelta(days=-first.weekday() % 7)


def purged_backups(on: date, known: Mapping[str, Any]) -> date:
    """Return when backups of what is purged are gone, too."""
    return months_later(purge(on, known), 4)


def caught(connection: Connection, rows: Sequence[Row], _places: Places) -> Iterator[RowOutcome]:
    """Hand rows to the hook one by one; what it takes is queued, and nobody tells how it went."""
    for row in rows:
        item = body_of(FIELDS, row.values)
        try:
            if item.keys() - {"data_in"}:
                yield RowOutcome(row, "refused", why=OUTSIDE)
                continue
            reply = connection.call(CATCH, item=item["data_in"])
            if reply.at("status") in {"success", None}:
                yield RowOutcome(row, "queued")
            else:
                yield RowOutcome(row, "unknown", why=said("the hook says that it went wrong"))
        except OutcomeUnknown as error:
            yield RowOutcome(row, "unknown", why=error.message)
        except RecordRefused as error:
            yield RowOutcome(row, "refused", why=error.message)


CATCH = POST(
    "",
    host="hook",
    body=Place("item"),
    repeat=Repeat.NEVER,
    limit="hook",
    name="POST to the Catch Hook",
)
OUTSIDE = said("a hook is given fields of data_in only")
FIELDS = (
    Element("name", "data_in.name", means="user.name"),
    Element("email", "data_in.email", means="user.contact.email"),
    Element("phone", "data_in.phone", means="user.contact.phone_number"),
)
RUN_FIELDS = ("zap_title", "data_in.*", "data_out.*")
BY_HAND = said("delete the runs in the Zap's history, in Zapier, if they must not wait")

run = Record(
    name="run",
    about=said("whoever went through a Zap in the last weeks"),
    read=runs,
    elements=FIELDS,
    open_fields=RUN_FIELDS,
    find=(Lookup(by="email", call=searched),),
    erase=Job(
        stages=(lambda _connection, _target: Done(0),),
        level=Level.RETAINED,
        proof=lambda _connection, _target: False,
        residue=(
            Residue(said("the run, until Zapier's monthly purge"), purge),
            Residue(IN_BACKUPS, purged_backups),
        ),
        by_hand=BY_HAND,
    ),
    deliver=Delivery(send=caught, match_on="", repeat=Repeat.NEVER),
)


def zaps(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield all Zaps."""
    needs(connection, "access_token")
    return (yield from connection.pages(ZAPS))


ZAPS = GET(
    "/v2/zaps",
    query={"expand": "steps.action,steps.inputs", "include_shared": True},
    items="data",
    pages=PAGES,
)
zap = Record(
    name="zap",
    about=said("whom somebody has written into a Zap itself"),
    read=zaps,
    open_fields=("title", "steps[].title", "steps[].inputs"),
)

zapier = Vendor(
    id="zapier",
    name="Zapier",
    api=api,
    records=(storage, run, zap),
    read=HowFar(
        Depth.PARTIAL,
        said("Storage in full; Zaps and runs where the company gets a token, else by an export"),
        by_hand="task",
    ),
    find=HowFar(
        Depth.PARTIAL,
        said("Storage in full; Zaps and runs where the company gets a token, else by an export"),
        by_hand="task",
    ),
    rectify=HowFar(Depth.PARTIAL, said("in Storage; runs are a record of what was")),
    erase=HowFar(
        Depth.PARTIAL,
        said(
            "Storage by key; runs go by Zapier's own purge within ten weeks, or by hand; nobody "
            "should use 'Delete my data' for it, which deletes every Zap of the account"
        ),
    ),
    deliver=HowFar(
        Depth.FULL,
        said("by a Catch Hook; what it takes is queued, and what becomes of it is not told"),
    ),
    unseen=(
        said("stores whose secret is not set, and what lies in Tables, Interfaces and Chatbots"),
        said("samples of data in the editor, which are kept until the Zap is deleted"),
        said("copies in backups, for up to four months"),
        said("the apps to which a Zap passes data on"),
    ),
    assumptions=(
        Assumption(said("how Storage answers, and that its DELETE takes a key"), Grade.THIRD),
        Assumption(said("a Catch Hook that answers with 200 has queued what it was given")),
        Assumption(said("content older than 29 days is purged each first Monday"), Grade.DOCS),
        Assumption(said("the search of runs is experimental"), Grade.CONTRACT),
    ),
    probe=probe,
)
