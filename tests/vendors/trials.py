"""
What the suite has to know of each vendor.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from klarsyn.personal import Personal
from klarsyn.testing.faults import Trouble
from klarsyn.testing.people import draw
from klarsyn.testing.serving import Window
from klarsyn.testing.standins.activecampaign import ActiveCampaignStandIn
from klarsyn.testing.standins.azureblob import AzureBlobStandIn
from klarsyn.testing.standins.economic import EconomicStandIn
from klarsyn.testing.standins.evernote import EvernoteStandIn
from klarsyn.testing.standins.hotjar import HotjarStandIn
from klarsyn.testing.standins.mailchimp import MailchimpStandIn
from klarsyn.testing.standins.pipedrive import PipedriveStandIn
from klarsyn.testing.standins.plecto import PlectoStandIn
from klarsyn.testing.standins.plecto_wire import uuid
from klarsyn.testing.standins.recurly import RecurlyStandIn
from klarsyn.testing.standins.reviso import RevisoStandIn
from klarsyn.testing.standins.slack import SlackStandIn
from klarsyn.testing.standins.teamviewer import TeamViewerStandIn
from klarsyn.testing.standins.trello import TrelloStandIn
from klarsyn.testing.standins.zapier import ZapierStandIn
from klarsyn.testing.standins.zendesk import ZendeskStandIn
from klarsyn.testing.trials import Trial
from klarsyn.transport.words import Limit
from klarsyn.vendors.activecampaign import activecampaign
from klarsyn.vendors.connections import with_own_fields
from klarsyn.vendors.economic import economic
from klarsyn.vendors.evernote import evernote
from klarsyn.vendors.evernote_enex import evernote_enex
from klarsyn.vendors.hotjar import hotjar
from klarsyn.vendors.mailchimp import mailchimp
from klarsyn.vendors.microsoft_blob import microsoft_blob
from klarsyn.vendors.pipedrive import pipedrive
from klarsyn.vendors.plecto import plecto
from klarsyn.vendors.recurly import recurly
from klarsyn.vendors.reviso import reviso
from klarsyn.vendors.slack import slack
from klarsyn.vendors.slack_export import slack_export
from klarsyn.vendors.teamviewer import teamviewer
from klarsyn.vendors.trello import trello
from klarsyn.vendors.zapier import zapier
from klarsyn.vendors.zapier_export import zapier_export
from klarsyn.vendors.zendesk import zendesk
from tests.vendors.evernote_exports import Exports
from tests.vendors.hosted_databases import MAPPED, SETTINGS, Hosted, HostedOnPostgreSQL
from tests.vendors.slack_exports import SlackExports
from tests.vendors.zapier_accounts import ZapierExports

NOBODY_ASKED = "a file is read, nobody is asked"


def crowded(limit: Limit, **numbers: float) -> Callable[[Any], Limit]:
    """Return what sets numbers of a stand-in and the limits of its windows, and tells a limit."""

    def make(standin: Any) -> Limit:
        for name, number in numbers.items():
            there = getattr(standin, name)
            if isinstance(there, Window):
                there.limit = int(number)
            else:
                setattr(standin, name, number)
        return limit

    return make


MAILCHIMP = Trial(
    vendor=mailchimp,
    standin=MailchimpStandIn,
    record="member",
    change={"email": "nyt.navn@example.org", "name": "Nyt Navn"},
    row=lambda one: {"email": one.email, "name": one.name, "phone": one.phone},
    places=lambda standin: {"list_id": next(iter(standin.audiences))},
    constants=frozenset({"subscribed"}),
    writes="PATCH *",
    renames="members",
    crowded=crowded(Limit(at_once=3), SIMULTANEOUS=3, duration=0.02),
)


RECURLY = Trial(
    vendor=recurly,
    standin=RecurlyStandIn,
    record="account",
    # No account is redacted while a subscription runs.
    suits=lambda seen: not seen.raw["has_active_subscription"],
    change={"email": "nyt.navn@example.org", "name": "Nyt Navn", "phone": "+44 7700 900999"},
    row=lambda one: {
        "code": f"customer-{one.number}",
        "email": one.email,
        "name": one.name,
        "phone": one.phone,
        "company": one.company,
        "organisation_number": one.organisation_number,
    },
    # A redaction takes ten minutes here; Recurly does not say how long.
    settles=660,
    writes="PUT *",
    renames="data",
    # The limit of a sandbox, which the sheet keeps everywhere.
    small=lambda site: setattr(site, "window", Window(400, 60, site.clock)),
    crowded=crowded(Limit(20, 60), window=20),
)

EVERNOTE = Trial(
    vendor=evernote,
    standin=EvernoteStandIn,
    record="note",
    change={"title": "Ring tillbaka", "text": "Nytt nummer finns i systemet"},
    lists="POST /shard/*",
    writes="POST /shard/*",
    beyond={Trouble.RENAMED_FIELD: "names of fields are not on Thrift's wire"},
    unlimited="Evernote publishes no number; it tells each time when to come back",
)

EVERNOTE_ENEX = Trial(
    vendor=evernote_enex,
    standin=Exports,
    record="note",
    beyond=dict.fromkeys(Trouble, NOBODY_ASKED),
    unlimited=NOBODY_ASKED,
)


def purging_account(**how: Any) -> AzureBlobStandIn:
    """Return an account that lets deleted states go at once; others have tests of their own."""
    account = AzureBlobStandIn(**how)
    account.protection.permanent_delete = True
    return account


MICROSOFT_BLOB = Trial(
    vendor=microsoft_blob,
    standin=purging_account,
    record="blob",
    # An invoice of one person: dumps hold everybody, and those of 2021 are protected.
    suits=lambda seen: seen.key.startswith("2026/"),
    change={"text": "Faktura F-5001\nAtt. Nyt Navn\n"},
    writes="PUT *",
    renames="Blobs",
    crowded=crowded(Limit(20, 1), window=20),
)

SLACK = Trial(
    vendor=slack,
    standin=SlackStandIn,
    record="message",
    # Customers are no members: they stand in what others write, and only one's own can be changed.
    suits=lambda seen: seen.raw.get("user") == "U0000000001",
    change={"text": "Det står i systemet"},
    writes="POST *",
    renames="messages",
    # Each of its calls has a limit of its own, and that of the first is small enough.
    crowded=crowded(Limit()),
)

SLACK_EXPORT = Trial(
    vendor=slack_export,
    standin=SlackExports,
    record="message",
    beyond=dict.fromkeys(Trouble, NOBODY_ASKED),
    unlimited=NOBODY_ASKED,
)

TRELLO = Trial(
    vendor=trello,
    standin=TrelloStandIn,
    record="card",
    # Others' boards can be read and not written.
    suits=lambda seen: not seen.raw["name"].startswith("Emne"),
    change={"name": "Nyt Navn ApS", "desc": "Kontakt findes i systemet"},
    writes="PUT *",
    beyond={Trouble.RENAMED_FIELD: "lists come bare, with no field around them"},
    small=lambda site: setattr(site, "by_token", Window(20, 10, site.clock)),
    crowded=crowded(Limit(20, 10), by_token=20),
)

ZENDESK = Trial(
    vendor=zendesk,
    standin=ZendeskStandIn,
    record="user",
    change={"email": "nyt.navn@example.org", "name": "Nyt Navn", "phone": "+44 7700 900999"},
    row=lambda one: {
        "email": one.email,
        "name": one.name,
        "phone": one.phone,
        "company": one.company,
    },
    # A user is deleted for good in 99 seconds here; Zendesk does not say how long it takes.
    settles=600,
    renames="users",
    # The least of any plan, which the sheet keeps everywhere.
    small=lambda desk: setattr(desk, "per_minute", 200),
    crowded=crowded(Limit(20, 60), per_minute=20),
)

MICROSOFT = Trial(
    vendor=MAPPED,
    standin=Hosted,
    settings=SETTINGS,
    record="customers",
    # Contacts have a unique index; customers have a column that is required and not mapped.
    delivered="contacts",
    # A customer without orders: one with orders is kept by law and made anonymous.
    suits=lambda seen: seen.raw["id"] % 2 == 0,
    change={"email": "nyt.navn@example.org", "name": "Nyt Navn"},
    row=lambda one: {"email": one.email, "name": one.name, "phone": one.phone},
    beyond=dict.fromkeys(Trouble, "a database is asked in SQL; test_microsoft.py breaks it"),
    unlimited="a database counts no requests",
)

ECONOMIC = Trial(
    vendor=economic,
    standin=EconomicStandIn,
    settings={"customer_group": 1, "payment_terms": 1, "vat_zone": 1, "currency": "DKK"},
    record="customer",
    # A customer to whom no paper refers; test_economic.py makes the others anonymous.
    suits=lambda seen: seen.raw["customerNumber"] > 12,
    change={"email": "nyt.navn@example.org", "name": "Nyt Navn", "phone": "+44 7700 900999"},
    row=lambda one: {
        "email": one.email,
        "name": one.name,
        "phone": one.phone,
        "organisation_number": one.organisation_number,
    },
    constants=frozenset({"1", "DKK"}),
    writes="PUT *",
    renames="collection",
    # Each call costs three tokens.
    crowded=crowded(Limit(20, 60), BUCKET=60, window=60),
)

REVISO = replace(
    ECONOMIC,
    vendor=reviso,
    standin=RevisoStandIn,
    crowded=None,
    unlimited="Reviso publishes none",
)

PIPEDRIVE = Trial(
    vendor=pipedrive,
    standin=PipedriveStandIn,
    record="person",
    change={"email": "nyt.navn@example.org", "name": "Nyt Navn", "phone": "+44 7700 900999"},
    row=lambda one: {"email": one.email, "name": one.name, "phone": one.phone},
    # The label that an address has there already is sent back with it: lists go whole.
    constants=frozenset({"work"}),
    writes="PATCH *",
    renames="data",
    crowded=crowded(pipedrive.api.limit),
)

PLECTO_UUIDS = frozenset(uuid(kind, number) for kind in (1, 3) for number in range(1, 100))


class Ratings(PlectoStandIn):
    """A board whose comments tell addresses, and on which those to come are members already."""

    def fill(self) -> None:
        """Write what a check finds people by."""
        super().fill()
        for person, one in zip(self.people, self._rated(), strict=True):
            one["Comment"] = f"{one['Comment']} {person.email}".strip()
        for person in draw(len(self.people) + 3, seed=77)[-3:]:
            keys = {"updating_api_provider": "KlarPris", "updating_api_provider_id": person.email}
            self._keep_member({**keys, "name": person.name})

    def _rated(self) -> list[dict[str, Any]]:
        return [one for one in self.registrations.values() if one["data_source"] == self.ratings]


def one_window(board: PlectoStandIn) -> Limit:
    """Count registrations and all else in one window, as the sheet does."""
    board.window = board.other_window = Window(20, 3600, board.clock)
    return Limit(20, 3600)


PLECTO = Trial(
    vendor=with_own_fields(plecto, [("registration", "Company"), ("registration", "Comment")]),
    standin=Ratings,
    record="registration",
    # What another integration fills is not changed by others.
    suits=lambda seen: "Comment" in seen.raw,
    change={"Company": "Nyt Firma ApS", "Comment": "Se nyt.navn@example.org"},
    row=lambda one: {
        "name": one.name,
        "reference": f"customer-{one.number}",
        "date": "2026-11-01T00:00:00+00:00",
        "Company": one.company,
        "Comment": one.email,
    },
    places=lambda board: {"source": board.ratings},
    # A registration names its data source and its member by uuid.
    constants=PLECTO_UUIDS,
    writes="PUT *",
    renames="results",
    crowded=one_window,
)

ACTIVECAMPAIGN = Trial(
    vendor=activecampaign,
    standin=ActiveCampaignStandIn,
    record="contact",
    change={"email": "nyt.navn@example.org", "name": "Nyt Navn", "phone": "+44 7700 900999"},
    row=lambda one: {
        "email": one.email,
        "name": one.name,
        "phone": one.phone,
        "company": one.company,
    },
    writes="PUT *",
    renames="contacts",
    crowded=crowded(activecampaign.api.limit),
)

HOTJAR = Trial(
    vendor=hotjar,
    standin=HotjarStandIn,
    settings={"site_id": [HotjarStandIn.SITE_ID]},
    record="response",
    # Hotjar deletes by an address all there is of a person: somebody has to say that it is meant.
    confirm=lambda one, target: replace(target, confirmed=Personal(one.email)),
    renames="results",
    crowded=crowded(Limit(20, 60), window=20),
)

ZAPIER = Trial(
    vendor=zapier,
    standin=ZapierStandIn,
    record="storage",
    change={"email": "nyt.navn@example.org", "name": "Nyt Navn"},
    # No row: a hook's success is "queued", and a second delivery is a second run, never an update;
    # tests/vendors/zapier shows what it sends.
    writes="POST *",
    beyond={
        Trouble.ERROR_IN_OK: "a store is a flat object: `error` is a key like any other",
        Trouble.RENAMED_FIELD: "the same: there is no field that would be missed",
    },
    unlimited="a store publishes none, and a hook, which has one, is not read",
)

ZAPIER_EXPORT = Trial(
    vendor=zapier_export,
    standin=ZapierExports,
    record="run",
    beyond=dict.fromkeys(Trouble, NOBODY_ASKED),
    unlimited=NOBODY_ASKED,
)


class Company(TeamViewerStandIn):
    """A company that one missing id would delete: no check may do it."""

    def __exit__(self, *reason: object) -> None:
        """See that it is still there, whatever was tried."""
        super().__exit__(*reason)
        assert 0 == self.company_deletions


TEAMVIEWER = Trial(
    vendor=teamviewer,
    standin=Company,
    settings={"group": "Customers"},
    record="session",
    change={"email": "nyt.navn@example.org", "name": "Nyt Navn"},
    row=lambda one: {"email": one.email, "name": one.name},
    constants=frozenset({"Customers"}),
    writes="PUT *",
    renames="sessions",
    crowded=crowded(Limit(20, 60), window=20),
)

TRIALS = {
    one.vendor.id: one
    for one in (
        ACTIVECAMPAIGN,
        MAILCHIMP,
        PIPEDRIVE,
        RECURLY,
        ECONOMIC,
        REVISO,
        EVERNOTE,
        EVERNOTE_ENEX,
        HOTJAR,
        MICROSOFT_BLOB,
        SLACK,
        SLACK_EXPORT,
        TRELLO,
        ZAPIER,
        ZAPIER_EXPORT,
        ZENDESK,
        PLECTO,
        TEAMVIEWER,
    )
}
TRIALS["microsoft"] = MICROSOFT
TRIALS["microsoft on postgresql"] = replace(MICROSOFT, standin=HostedOnPostgreSQL)
