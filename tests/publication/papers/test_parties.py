from klarsyn.publication.papers import parties
from klarsyn.publication.papers.document import Heading
from tests.publication.papers.desk import of_example, order, words
from tests.register.builders import COMPANY, OWN, VENDOR, add, line, swap, unknown

IDENTITY = ["Name", "Address", "Contact person's name, position and contact details"]
REPRESENTED = add(
    COMPANY,
    "representative: {value: {name: EU Office, email: eu@fjordkraft.example}, source: own}\n",
)


def told(fields):
    """Return fields as label and words."""
    return [(one.label, words(one.lines)) for one in fields]


def test_company_is_named_in_law():
    """
    R71: name, address, and a contact with name, position and how to reach them.
    """
    fields = told(parties.company(of_example("nordlys", "en")))

    assert IDENTITY == [label for label, _ in fields]
    assert ["Nordlys Fakturering A/S"] == fields[0][1]
    assert ["Freja Lyngholt, Privacy Lead, privacy@nordlys.example"] == fields[2][1]


def test_vendor_without_an_address_has_a_gap():
    """
    R70: what is not known is printed as that.
    """
    fields = told(parties.vendor(order(unknown(VENDOR, "address")), "postdesk"))

    assert ["not yet known (to be known by 30 June 2027)"] == fields[1][1]


def test_hearsay_is_marked():
    """
    G4: a name from memory is not printed as if it were verified.
    """
    ordered = order(swap(VENDOR, OWN, OWN.replace("basis: own", "basis: memory")))

    assert "Postdesk ApS (not verified)" == parties.vendor_name(ordered, "postdesk").words


def test_vendor_without_a_legal_name_is_called_what_it_is_called():
    """
    In a running sentence a gap would say nothing; its own field has the gap.
    """
    ordered = order(line(VENDOR, "name: {value", "name: {not_yet_known_until: 2027-06-30}"))

    assert "Postdesk" == parties.vendor_name(ordered, "postdesk").words


def test_customer_fills_in_its_own_fields():
    """
    R72: three blanks, and no name of a customer anywhere.
    """
    fields = parties.blank(order().own)

    assert IDENTITY == [one.label for one in fields]
    assert {"blank"} == {line.state for one in fields for line in one.lines}


def test_reason_stands_in_place_of_an_officer():
    """
    R74: a company that needs no officer says why.
    """
    assert ["The law asks for none."] == words(parties.officer(order()))


def test_representative_is_for_those_outside_the_eea():
    """
    Art. 27: a Danish company's representative for British customers is none of the EU's business.
    """
    inside = told(parties.officer_and_representative(order(REPRESENTED)))
    abroad = line(COMPANY, "country:", "country: {value: GB, source: own}")
    outside = told(parties.officer_and_representative(order(REPRESENTED, abroad)))

    assert ["Data protection officer"] == [label for label, _ in inside]
    assert ("Representative (Art. 27)", ["EU Office, eu@fjordkraft.example"]) == outside[1]


def test_entries_of_a_list_are_numbered():
    """
    As in the act: 1., 2., ...
    """
    assert Heading("2. Skerryvault", 4) == parties.numbered(2, "Skerryvault")
