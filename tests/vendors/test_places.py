"""
Every place of a vendor's that is known to hold words of people, and which record reads it.

Transcribed from the papers on which the two sheets rest, not from the sheets: a place that no
record reads is a gap, and so is a call that a reading does not make.
"""

import re

import pytest

from klarsyn.testing.serving import StandIn
from tests.vendors.trials import ACTIVECAMPAIGN, ECONOMIC

#: Call -> place in its records -> record and path that read it.
PLACES = {
    "e-conomic": {
        "/customers": {
            "name": "customer.name",
            "email": "customer.email",
            "telephoneAndFaxNumber": "customer.telephoneAndFaxNumber",
            "mobilePhone": "customer.mobilePhone",
            "address": "customer.address",
            "zip": "customer.zip",
            "city": "customer.city",
            "country": "customer.country",
            "corporateIdentificationNumber": "customer.corporateIdentificationNumber",
            "pNumber": "customer.pNumber",
            "vatNumber": "customer.vatNumber",
            "ean": "customer.ean",
            "publicEntryNumber": "customer.publicEntryNumber",
            "website": "customer.website",
        },
        "/customersapi/v3.1.0/Customers": {
            "contactPerson": "customer_details.contactPerson",
            "iban": "customer_details.iban",
        },
        # /customers/{n}/contacts shows the same, one customer at a time.
        "/customersapi/v3.1.0/Contacts": {
            "name": "contact.name",
            "email": "contact.email",
            "phone": "contact.phone",
            "notes": "contact.notes",
            "eInvoiceId": "contact.eInvoiceId",
        },
        # /customers/{n}/delivery-locations shows the same.
        "/customersapi/v3.1.0/DeliveryLocations": {
            "address": "delivery_location.address",
            "city": "delivery_location.city",
            "postalCode": "delivery_location.postalCode",
            "termsOfDelivery": "delivery_location.termsOfDelivery",
        },
        "/suppliers": {
            "name": "supplier.name",
            "email": "supplier.email",
            "phone": "supplier.phone",
            "bankAccount": "supplier.bankAccount",
        },
        "/suppliersapi/v2.0.0/Contacts": {
            "name": "supplier_contact.name",
            "email": "supplier_contact.email",
            "phone": "supplier_contact.phone",
            "notes": "supplier_contact.notes",
        },
        # The projects' service shows the same employees at /Employees.
        "/employees": {
            "name": "employee.name",
            "email": "employee.email",
            "phone": "employee.phone",
        },
        "/self": {
            "user.name": "agreement.user.name",
            "user.email": "agreement.user.email",
            "user.loginId": "agreement.user.loginId",
            "company": "agreement.company",
        },
        **{
            f"/{path}/{{}}": {
                "recipient.name": f"{record}.recipient.name",
                "recipient.address": f"{record}.recipient.address",
                "delivery.address": f"{record}.delivery.address",
                "notes.heading": f"{record}.notes.heading",
                "notes.textLine1": f"{record}.notes.textLine1",
                "notes.textLine2": f"{record}.notes.textLine2",
                "references.other": f"{record}.references.other",
                "lines[].description": f"{record}.lines[].description",
            }
            for path, record in (
                ("invoices/drafts", "invoice_draft"),
                ("invoices/booked", "booked_invoice"),
                ("orders/drafts", "order_draft"),
                ("orders/sent", "sent_order"),
                ("orders/archived", "archived_order"),
                ("quotes/drafts", "quote_draft"),
                ("quotes/sent", "sent_quote"),
                ("quotes/archived", "archived_quote"),
            )
        },
        "/invoices/sent": {"recipient.mobilePhone": "sent_invoice.recipient.mobilePhone"},
        "/journals/{}/entries": {"text": "journal_entry.text"},
        "/bookedEntriesapi/v4.0.0/booked-entries": {"text": "booked_entry.text"},
        "/documentsapi/v4.0.1/AttachedDocuments": {"note": "attached_document.note"},
        "/subscriptionsapi/v6.0.3/Subscribers": {
            "comments": "subscriber.comments",
            "extraTextForInvoice": "subscriber.extraTextForInvoice",
            "otherRef": "subscriber.otherRef",
        },
        "/subscriptionsapi/v6.0.3/Subscriptions": {
            "name": "subscription.name",
            "description": "subscription.description",
        },
        "/subscriptionsapi/v6.0.3/subscriptions/{}/lines": {
            "description": "subscription_line.description",
        },
        "/projectsapi/v1.1.0/Projects": {
            "name": "project.name",
            "description": "project.description",
            "otherReference": "project.otherReference",
        },
        "/projectsapi/v1.1.0/project-employees": {
            "name": "project_employee.name",
            "address": "project_employee.address",
            "zipCode": "project_employee.zipCode",
            "city": "project_employee.city",
        },
        "/projectsapi/v1.1.0/TimeEntries": {"text": "time_entry.text"},
        "/projectsapi/v1.1.0/Mileages": {"from": "mileage.from", "to": "mileage.to"},
    },
    "activecampaign": {
        "/contacts": {
            "email": "contact.email",
            "firstName": "contact.firstName",
            "lastName": "contact.lastName",
            "phone": "contact.phone",
            "ip": "contact.ip",
            "ua": "contact.ua",
        },
        "/accounts": {"name": "account.name", "accountUrl": "account.accountUrl"},
        "/accountContacts": {"jobTitle": "contact.account.jobTitle"},
        "/fieldValues": {"value": "contact.fieldValues[field=*].value"},
        "/contactTags": {"tag": "contact.tags[]"},
        "/tags": {"tag": "tag.tag", "description": "tag.description"},
        "/notes": {"note": "note.note"},
        "/deals": {"title": "deal.title", "description": "deal.description"},
        "/emailActivities": {
            "toAddress": "mail.toAddress",
            "fromAddress": "mail.fromAddress",
            "subject": "mail.subject",
            "message": "mail.message",
        },
        "/users": {
            "email": "user.email",
            "firstName": "user.firstName",
            "signature": "user.signature",
        },
        "/contactAutomations": {"automation": "automation.name"},
        "/contacts/{}": {"geoAddresses[].city": "activity.beside"},
        "/activities": {
            "reference_type": "activity.reference_type",
            "reference_action": "activity.reference_action",
            "jsonData": "activity.jsonData",
        },
        "/contacts/{}/contactLists": {"unsubreason": "subscription.unsubreason"},
        "/contacts/{}/scoreValues": {"scoreValue": "score.scoreValue"},
        "/contacts/{}/bounceLogs": {"error": "bounce.error", "email": "bounce.email"},
        "/contacts/{}/contactLogs": {"": "log.*"},
        "/contacts/{}/trackingLogs": {"type": "event.type", "value": "event.value"},
        "/contacts/{}/contactData": {
            "geoCity": "profile.contactDatum.geoCity",
            "fb_name": "profile.contactDatum.fb_name",
        },
        "/contacts/{}/plusAppend": {
            "imageUrl": "profile.plusAppend.imageUrl",
            "membershipsTwitter": "profile.plusAppend.membershipsTwitter",
        },
    },
}
TRIALS = {"e-conomic": ECONOMIC, "activecampaign": ACTIVECAMPAIGN}
#: What is known to hold something and cannot be read, or tells numbers only: a word of `unseen`.
UNSEEN = {
    "e-conomic": ("PDF", "CPR"),
    "activecampaign": ("goals of an automation", "deleted in the last 30 days", "clicks on each"),
}


def read_paths(vendor):
    """Return all that a sheet reads, as record.path."""
    for record in vendor.records:
        paths = [path for element in record.elements for path in element.paths]
        yield from (f"{record.name}.{path}" for path in (*paths, *record.open_fields))


@pytest.mark.parametrize("name", PLACES)
def test_every_place_is_read(name):
    """
    No place that the papers name is missing in the sheet.
    """
    wanted = {path for places in PLACES[name].values() for path in places.values()}

    assert set() == wanted - set(read_paths(TRIALS[name].vendor))


@pytest.mark.network
@pytest.mark.parametrize("name", PLACES)
def test_every_call_is_made(name):
    """
    A reading of everything asks at every address that the papers name.
    """
    with TRIALS[name].running() as running:
        running.everything()
        assert isinstance(running.standin, StandIn)
        paths = {one.request.path.removeprefix("/api/3") for one in running.standin.exchanges}

    asked = {re.sub(r"/\d+(?=/|$)", "/{}", path) for path in paths}
    assert set() == PLACES[name].keys() - asked


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, words in UNSEEN.items() for word in words]
)
def test_what_cannot_be_read_is_told(name, word):
    """
    A place that no call shows is named where the sheet says what it does not see.
    """
    assert [one for one in TRIALS[name].vendor.unseen if word in str(one)]
