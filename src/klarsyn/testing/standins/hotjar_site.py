"""
What a Hotjar organisation holds: surveys with answers, and recordings that no API gives out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted, StandIn

Record = dict[str, Any]
#: Survey -> name, is it on, and the types of its questions.
SURVEYS: dict[str, tuple[str, bool, tuple[str, ...]]] = {
    "880101": ("Hvordan gik bestillingen?", True, ("nps", "long-text")),
    "880102": ("Må vi skrive til dig?", True, ("email", "short-text")),
    "880103": ("Gammel måling", False, ("single-choice", "short-text")),
    "880104": ("Ikke sendt ud", True, ("rating",)),
}
TEXTS = {
    "nps": "Hvor sandsynligt er det, at du anbefaler os?",
    "long-text": "Hvad kan vi gøre bedre?",
    "email": "Hvilken adresse må vi skrive til?",
    "short-text": "Er der andet?",
    "single-choice": "Fandt du varen?",
    "rating": "Hvor let var det?",
}


@dataclass(slots=True)
class Response:
    """One visitor's answers, and what Hotjar knows beside them."""

    id: str
    survey: str
    created: datetime
    answers: list[Record]
    attributes: list[Record]
    """What the site told about its user by Identify."""
    consented: bool = False
    """Whether the visitor let their e-mail address be tied to what else they did."""
    visitor: str = ""


@dataclass(slots=True)
class Recording:
    """A visit as it was filmed."""

    user_id: str
    """As Identify gave it; empty for visitors that the site did not name."""
    seen: str
    """What can be read in the film; neither the API nor a lookup looks there."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter that Hotjar sent."""

    to: str
    about: str
    """The address or user id that was looked up."""


class HotjarSite(StandIn):
    """One site of one organisation, on which people wrote what nobody asked for."""

    name = "hotjar"
    hosts = ("api.hotjar.io",)
    SITE_ID: ClassVar[str] = "3110001"
    ORGANIZATION_ID: ClassVar[str] = "770001"
    #: Who gets every report: the organisation's default recipient.
    RECIPIENT: ClassVar[str] = "privacy@klarpris.example"

    def fill(self) -> None:
        """Let everybody answer; each place of a response has somebody's data in it."""
        self.responses: list[Response] = []
        self.recordings: list[Recording] = []
        self.mails: list[Mail] = []
        self._opened = self.clock.now() - timedelta(days=60)
        for person in self.people:
            self._ask_whether_to_write(person)
            self._ask_how_it_went(person)
            if person.number % 4 == 0:
                answer = {"single-choice": "Ja", "short-text": f"Ring til {person.phone}"}
                self._answer("880103", person, answer)
                self._plant(person, "response.answers.answer")
            filmed = f"{person.name}, {person.street}, {person.city}"
            self.recordings.append(Recording("" if person.number % 3 else user_id(person), filmed))
            self._plant(person, "recording")

    def _ask_whether_to_write(self, person: InventedPerson) -> None:
        """Give an address; every fourth visitor does not consent to its use."""
        given = {"email": person.email, "short-text": f"Hilsen {person.name}"}
        response = self._answer("880102", person, given)
        response.consented = (person.number + 1) % 4 != 0
        self._plant(person, "response.answers.answer")
        if person.number % 3 == 0:
            response.attributes = [
                {"name": "user_id", "value": user_id(person)},
                {"name": "email", "value": person.email},
            ]
            self._plant(person, "response.user_attributes.value")

    def _ask_how_it_went(self, person: InventedPerson) -> None:
        """Write a name into a free text or a number into a comment, where one would not look."""
        text = f"Jeg hedder {person.name}" if person.number % 2 else "Det gik fint"
        response = self._answer("880101", person, {"nps": "9", "long-text": text})
        if person.number % 2:
            self._plant(person, "response.answers.answer")
        else:
            response.answers[0]["comment"] = f"{person.company}, tlf. {person.phone}"
            self._plant(person, "response.answers.comment")

    def _answer(self, survey: str, person: InventedPerson, given: dict[str, str]) -> Response:
        """Keep a response, an hour after the last."""
        number = len(self.responses)
        answers: list[dict[str, Any]] = [
            {"question_id": question_id(survey, kind), "answer": text, "comment": None}
            | {"tags": [], "sentiment": "neutral" if kind == "long-text" else None}
            for kind, text in given.items()
        ]
        created = self._opened + timedelta(hours=number)
        response = Response(str(5_500_000 + number), survey, created, answers, [])
        response.visitor = f"visitor-{person.number:04}"
        self.responses.append(response)
        return response

    def _plant(self, person: InventedPerson, place: str) -> None:
        """Note it as unexpected: KlarPris declares that no personal data are kept here."""
        self.planted.append(Planted(person, place, expected=False))

    # How it looks from outside

    def shown_survey(self, survey: str, *, questions: bool) -> Record:
        """Return a survey as the API shows it."""
        name, is_enabled, kinds = SURVEYS[survey]
        place = f"/v1/sites/{self.SITE_ID}/surveys/{survey}"
        shown: Record = {
            "id": survey,
            "name": name,
            "type": "popover",
            "is_enabled": is_enabled,
            "created_time": stamp(self._opened),
            "url": place,
            "responses_url": f"{place}/responses",
            "sentiment_analysis_enabled": "long-text" in kinds,
        }
        return shown | (
            {"questions": [_question(survey, one) for one in kinds]} if questions else {}
        )

    def shown_response(self, response: Response) -> Record:
        """Return a response as the API shows it."""
        return {
            "id": response.id,
            "answers": response.answers,
            "browser": "Firefox 145.0",
            "country": "Denmark",
            "created_time": stamp(response.created),
            "device": "desktop",
            "hotjar_user_id": response.visitor,
            "is_complete": True,
            "os": "Linux",
            "recording_url": None,
            "response_origin_url": "https://klarpris.example/ordre",
            "user_attributes": response.attributes,
        }


def user_id(person: InventedPerson) -> str:
    """Return by what id the site names somebody to Hotjar."""
    return f"kp-{1001 + person.number}"


def question_id(survey: str, kind: str) -> str:
    """Return the id of the question of a type; no survey has two of one type."""
    return f"{survey}{SURVEYS[survey][2].index(kind)}"


def stamp(instant: datetime) -> str:
    """Return an instant in UTC, with whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _question(survey: str, kind: str) -> Record:
    return {
        "id": question_id(survey, kind),
        "text": TEXTS[kind],
        "type": kind,
        "is_required": False,
        "choices": ["Ja", "Nej"] if kind == "single-choice" else None,
        "labels": None,
        "image_url": None,
    }
