"""
Hotjar: what visitors wrote into surveys, and films of visits that no API gives out.

From the vendor's API reference (a third party's transcription of it) and help pages, read on
2026-11-22; nothing was tried against the live service.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from klarsyn.errors import said
from klarsyn.transport.paths import at
from klarsyn.transport.replies import Reply
from klarsyn.vendors.sheet import (
    GET,
    POST,
    Api,
    Assumption,
    ClientCredentials,
    Connection,
    Cursor,
    Depth,
    Done,
    Failure,
    Grade,
    HowFar,
    Job,
    Kind,
    Limit,
    Place,
    Places,
    Progress,
    Record,
    Refused,
    Repeat,
    Setting,
    Target,
    Vendor,
    Walk,
    Within,
)

PLAN = said("the key needs the scope, and the plan Ask Scale; a lookup needs Observe or Ask Scale")


def classify(reply: Reply) -> Failure | None:
    """An error has a word of its own, whatever the status says."""
    told = reply.at("error")
    return Failure(Kind.DOWN) if reply.status in range(200, 300) and told else None


def first_site(connection: Connection) -> str:
    """Return where the first site is: no call tells of a key without naming one."""
    return f"{api.base}/sites/{next(iter(connection.settings['site_id']))}"


api = Api(
    base="https://api.hotjar.io/v1",
    bases={
        "organization": "https://api.hotjar.io/v1/organizations/{organization_id}",
        "site": first_site,
    },
    hosts=("api.hotjar.io",),
    auth=ClientCredentials(
        "https://api.hotjar.io/v1/oauth/token", "{client_id}", "{client_secret}"
    ),
    settings=(
        Setting("site_id", said("the ids of the sites"), many=True, form=r"\d+"),
        Setting("organization_id", said("the id of the organization"), form=r"\d+"),
        Setting(
            "client_id",
            said("the id of an API key, which an admin makes"),
            secret=True,
            made_at="https://insights.hotjar.com/settings/api",
            rights=said("to read survey responses; to look users up, for erasure"),
            lasts=said("one year"),
        ),
        Setting(
            "client_secret",
            said("the secret of the same key"),
            secret=True,
            made_at="https://insights.hotjar.com/settings/api",
            rights=said("to read survey responses; to look users up, for erasure"),
            lasts=said("one year"),
        ),
        Setting(
            "key_made_on",
            said("the day on which the key was made, as 2026-11-22: it dies after a year"),
            required=False,
            form=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
        ),
    ),
    limit=Limit(3000, 60),
    classify=classify,
    hints={403: PLAN},
    reference="https://help.hotjar.com/hc/en-us/articles/36820005914001",
    read_on="2026-11-22",
    ping=GET("/surveys", query={"limit": 1}, host="site"),
)


def probe(connection: Connection) -> Mapping[str, Any]:
    """Return until when the key lives; only whoever made it knows since when."""
    made = connection.settings.get("key_made_on")
    return {"until": date.fromisoformat(made) + timedelta(days=365)} if made else {}


# Surveys and their responses

PAGES = Cursor("next_cursor", "cursor", size="limit", most=100)
RESPONSES = GET("/sites/{site_id}/surveys/{survey_id}/responses", items="results", pages=PAGES)


def sites(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield the sites of the settings: the API lists none."""
    yield [{"id": one} for one in connection.settings["site_id"]]


site = Within(Walk(name="site", read=sites), {"site_id": "id"})
survey = Record(
    name="survey",
    about=said("nobody, unless a question names somebody"),
    read=GET(
        "/sites/{site_id}/surveys",
        query={"with_questions": True},
        items="results",
        pages=PAGES,
    ),
    open_fields=("name", "questions"),
    ignored=("questions[].id", "questions[].type"),
    within=site,
)

# Erasure. The same call without `delete_all_hits` mails the person, and so it is not written here.

DELETE_ALL_HITS = POST(
    "/user-lookup",
    host="organization",
    body={"data_subject_email": Place("email"), "delete_all_hits": True},
    solid=("email",),
    repeat=Repeat.SAFE,
)
CONFIRM = said("a person has to confirm it: Hotjar deletes all that it knows by the address")
REST = said(
    "in Hotjar: delete responses, recordings and heatmaps that its lookup does not know by the "
    "address"
)


def look_up(connection: Connection, target: Target) -> Progress:
    """Delete all that is known by the address that was confirmed for this person, and no other."""
    if target.confirmed is None or target.confirmed not in target.known:
        return Refused(CONFIRM, by_hand=True)
    connection.call(DELETE_ALL_HITS, email=target.confirmed.reveal())
    return Done()


def is_gone(connection: Connection, target: Target) -> bool:
    """Look for the response; what the lookup answers is documented nowhere."""
    pages = connection.pages(RESPONSES, **target.places)
    return not any(str(at(one, "id")) == target.key for page in pages for one in page)


def or_rest(connection: Connection, target: Target) -> Progress:
    """Leave to a person what the lookup did not know: an address without consent, a name."""
    return Done(0) if is_gone(connection, target) else Refused(REST, by_hand=True)


response = Record(
    name="response",
    about=said("visitors who answered a survey"),
    read=RESPONSES,
    open_fields=("answers", "user_attributes", "response_origin_url", "recording_url"),
    ignored=("answers[].question_id", "answers[].sentiment"),
    within=Within(survey, {"survey_id": "id"}),
    erase=Job(stages=(look_up, or_rest), proof=is_gone, by_hand=REST),
)

hotjar = Vendor(
    id="hotjar",
    name="Hotjar",
    api=api,
    records=(survey, response),
    read=HowFar(
        Depth.PARTIAL,
        said("answers and attributes in full; recordings and heatmaps by attestation"),
        by_hand="attestation",
    ),
    find=HowFar(
        Depth.MANUAL,
        said(
            "answers are looked through; for all else a person orders a report in Hotjar, which "
            "it mails to whoever is looked up, too"
        ),
    ),
    rectify=HowFar(Depth.MANUAL, said("answers cannot be changed; they can be deleted in Hotjar")),
    erase=HowFar(
        Depth.PARTIAL,
        said(
            "all that Hotjar knows by an address, once a person has confirmed it; answers without "
            "consent and what can be seen in recordings are left to a person"
        ),
    ),
    deliver=HowFar(Depth.NONE, said("nothing about customers belongs there")),
    unseen=(
        said("recordings and heatmaps: what stood on the screen"),
        said("feedback widgets"),
        said("attributes of users who answered no survey"),
        said("sites that are not named in the settings"),
    ),
    assumptions=(
        Assumption(
            said("a lookup that deletes mails nobody; one that does not mails the person"),
            Grade.THIRD,
        ),
        Assumption(said("fields of a response beyond its answers"), Grade.THIRD),
        Assumption(said("the address of the page where keys are made"), Grade.THIRD),
    ),
    probe=probe,
)
