"""
What a kind of vendor holds by its nature: a list that lacks it is too short to be true (D09, D15).

Source: the vendors' own API references as read for law.md, part D; each topic is recognised by
the DPV terms of the elements that a row lists.
"""

from __future__ import annotations

from dataclasses import dataclass

from klarsyn.language import mark


@dataclass(frozen=True, slots=True)
class Topic:
    """A sort of personal data that a kind of system always holds."""

    label: str
    terms: frozenset[str]


def _topic(label: str, *terms: str) -> Topic:
    return Topic(label, frozenset(terms))


COMPANY = _topic(mark("the company a person belongs to"), "pd:CurrentEmployment")
CORRESPONDENCE = _topic(
    mark("e-mails and messages"), "pd:EmailContent", "pd:CommunicationsMetadata"
)
DEALS = _topic(mark("deals and activities"), "pd:Transactional", "pd:PurchasesAndSpendingHabit")
INVOICES = _topic(mark("invoices and payments"), "pd:Transaction", "pd:Transactional")
CARD = _topic(mark("payment card or bank account"), "pd:PaymentCard", "pd:FinancialAccount")
IP_ADDRESS = _topic(mark("IP address"), "pd:IPAddress")
ADDRESS = _topic(mark("postal address"), "pd:PhysicalAddress")
ENGAGEMENT = _topic(mark("opened e-mails and clicked links"), "pd:LinkClicked")
DEVICE = _topic(mark("device identifiers"), "pd:DeviceBased", "pd:UID")
SCREEN = _topic(mark("what the screen shows"), "pd:Picture")
BEHAVIOUR = _topic(mark("behaviour on the site"), "pd:BrowsingBehaviour", "pd:Behavioural")
CONTACTS = _topic(mark("names and e-mail addresses of contact persons"), "pd:Name")

HOLDS = {
    "accounting": (CONTACTS, ADDRESS),
    "payments": (CARD, INVOICES, IP_ADDRESS),
    "crm": (COMPANY, DEALS, CORRESPONDENCE),
    "helpdesk": (CORRESPONDENCE,),
    "remote-support": (DEVICE, IP_ADDRESS, SCREEN),
    "session-replay": (DEVICE, BEHAVIOUR, IP_ADDRESS),
    "e-mail-marketing": (ENGAGEMENT,),
}
