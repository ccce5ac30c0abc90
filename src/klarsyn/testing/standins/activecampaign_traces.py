"""
What ActiveCampaign's contacts did, where they were, and which automations hold them.

From the contract, whose examples of `contactLogs` are empty, as they are here, and the vendor's
page on activities. Settled here: an activity that is asked for with `include` has what it refers
to in lists beside it, under the plural of its kind.
"""

from __future__ import annotations

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted
from klarsyn.testing.standins.activecampaign_filling import ActiveCampaignFilling
from klarsyn.testing.standins.activecampaign_wire import Record, no_result

#: What `include` names, and the list in which it comes.
INCLUDED = {
    "reference": ("linkData", "logs"),
    "reference.link": ("links",),
    "reference.log.campaign": ("campaigns",),
}
_SITE = "https://klarpris.example"
#: Fields of a contact's data that are empty until something is known.
_UNKNOWN = (
    *("geoCountry2", "geo_country", "geoState", "geoZip", "geoTz", "ga_campaign_source"),
    *("ga_campaign_name", "ga_campaign_medium", "ga_campaign_term", "ga_campaign_content"),
)


class ActiveCampaignTraces(ActiveCampaignFilling):
    """An account whose contacts open, click and visit."""

    def fill(self) -> None:
        """Let everybody click once, and some be known to networks of others."""
        self.listed_anew: set[str] = set()
        """Contacts whose activities were listed anew: those that were asked for on their own."""
        super().fill()
        now = self.now()
        times = {"cdate": now, "mdate": now}
        shown = {"entered": "0", "exited": "0", "hidden": "0", "defaultscreenshot": ""}
        self.add("automations", name="Welcome", userid="1", status="1", **times, **shown)
        self.add("campaigns", name="Offer of May", userid="1")
        self.add("logs", campaignid="1", campaign="1", messageid="1")
        everybody = list(zip(self.people, list(self.contacts), strict=False))
        for person, number in everybody:
            self._click(number, person)
        for person, number in everybody[1::4]:
            self._be_known(number, person)

    def _click(self, number: str, person: InventedPerson) -> None:
        now = self.now()
        link = self.add("links", link=f"{_SITE}/offer?to={person.email}", name="Offer")
        clicked = self.add("linkData", link=link["id"], linkid=link["id"], times="1", of=number)
        did = {"reference_type": "LinkData", "reference_action": "", "jsonData": None}
        to = {"reference_id": clicked["id"], "referenceModelName": "link-data"}
        self.add("activities", contact=number, subscriberid=number, **did, **to, tstamp=now)
        seen = {"type": "searched", "value": f"by {person.email}", "tstamp": now, "hash": number}
        self.add("trackingLogs", contact=number, subscriberid=number, **seen)
        run: Record = {"seriesid": "1", "startid": "0", "status": "2", "batchid": "completed"}
        run |= {"adddate": now, "remdate": now, "timespan": "0", "lastblock": "1"}
        run |= {"lastlogid": "0", "lastdate": now, "completedElements": "0", "totalElements": "1"}
        self.add("contactAutomations", contact=number, automation="1", **run, completed=1)
        places = ("link.link", "trackingLog.value")
        self.planted += [Planted(person, place) for place in places]

    def _be_known(self, number: str, person: InventedPerson) -> None:
        unknown = dict.fromkeys(("facebook", "twitter"), "")
        known = {f"memberships{name.title()}": value for name, value in unknown.items()}
        known["membershipsLinkedin"] = f"https://networks.example/{person.first_name}"
        stamps = ("rapleaf", "fliptop", "fullcontact")
        never = {f"last_updated_{name}": None for name in stamps}
        self.add("plusAppends", contact=number, imageUrl="", **known, **never)
        self.add("contactData", contact=number, fb_name=person.name)
        self.planted.append(Planted(person, "contactDatum.fb_name"))

    # Reading

    def known_of(self, number: str) -> Record:
        """Return what is known of a contact; of most, where they live and nothing else."""
        known = next(self.of("contactData", number), {"fb_name": ""})
        datum: Record = {"contact": number, "tstamp": self.now(), "geoIp4": "0", "tw_id": "0"}
        datum |= {**dict.fromkeys(_UNKNOWN, ""), "geoCity": "Nordenby", "fb_id": "0"}
        return datum | {"fb_name": known["fb_name"], "links": [], "id": number}

    def append_of(self, number: str) -> Record:
        """Return what networks of others know of a contact, of whom most are in none."""
        if (found := next(self.of("plusAppends", number), None)) is None:
            raise no_result("contacts", number)
        link = f"{self.URL}/api/3/plusAppends/{found['id']}/contact"
        return found | {"links": {"contact": link}}

    def beside_of(self, activities: list[Record], asked: str) -> dict[str, list[Record]]:
        """Return the lists of what activities refer to, as far as it was asked for."""
        wanted = {kind for name in asked.split(",") for kind in INCLUDED.get(name.strip(), ())}
        clicks = {one["reference_id"] for one in activities if one["reference_type"] == "LinkData"}
        opens = {one["reference_id"] for one in activities if one["reference_type"] == "Log"}
        clicked = [self.tables["linkData"][one] for one in sorted(clicks)]
        links = [self.tables["links"][one["link"]] for one in clicked]
        logs = [self.tables["logs"][one] for one in sorted(opens)]
        campaigns = [self.tables["campaigns"][one["campaign"]] for one in logs]
        told = {"linkData": clicked, "links": links, "logs": logs, "campaigns": campaigns}
        return {kind: told[kind] for kind in told if kind in wanted}
