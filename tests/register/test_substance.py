import pytest

from klarsyn.register.substance import substance
from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    HOST,
    PURPOSES,
    VENDOR,
    add,
    after,
    edited,
    line,
    register,
    swap,
    unknown,
    without,
)

TRANSFER = add(VENDOR, "transfers: [{to: US, mechanism: bcr, source: own}]\n")
NAME_ROW = "- {element: person.name, direction: delivered"
EMAIL_ROW = "- {element: person.email, direction: delivered"

SUBSTANCE = {
    "another vendor": add("vendors/third.yaml", edited()[VENDOR].replace("Postdesk", "Third")),
    "one vendor less": without(VENDOR),
    "another purpose": line(VENDOR, "- purpose:", "- purpose: hosting"),
    "another element": after(
        VENDOR, "- {element: person.email", "      - {element: order.score, direction: delivered}\n"
    ),
    "an element less": line(VENDOR, "- {element: person.email"),
    "an element inside another": swap(VENDOR, EMAIL_ROW, f"{EMAIL_ROW}, includes: [order.score]"),
    "another role": line(VENDOR, "role:", "role: {value: controller, source: own}"),
    "another declaration": line(VENDOR, "declaration:", "declaration: incidental"),
    "another entity": line(
        VENDOR, "name: {value: Postdesk", "name: {value: Postkontor ApS, source: own}"
    ),
    "another owner": after(VENDOR, "country:", "  group: {value: Storpost Inc., source: own}\n"),
    "another country of the entity": line(
        VENDOR, "country:", "country: {value: [SE], source: own}"
    ),
    "another country of storage": line(
        VENDOR, "storage: {value: [DE]", "storage: {value: [SE], source: own}"
    ),
    "another country of access": line(
        VENDOR, "access: {value: [DK]", "access: {value: [IN], source: own}"
    ),
    "another ground of transfer": TRANSFER,
    "an end": add(VENDOR, "end: {value: 2026-12-31, source: own}\n"),
}

EDITORIAL = {
    "a label": swap(ELEMENTS, "{en: E-mail address}", "{en: E-mail}"),
    "an explanation": after(
        ELEMENTS, "label: {en: Name}", "    explanation: {en: The full name.}\n"
    ),
    "a purpose's label": swap(PURPOSES, "{en: Customer support}", "{en: Help}"),
    "the company's introduction": line(COMPANY, "introduction:", "introduction: {en: Welcome.}"),
    "a source": swap(VENDOR, "what: our own records", "what: the binder"),
    "a review": line(VENDOR, "review:"),
    "a remark": add(VENDOR, "remarks: [{what: Nice people., source: own}]\n"),
    "the order of elements": swap(
        VENDOR,
        f"{NAME_ROW}}}\n      {EMAIL_ROW}}}\n",
        f"{EMAIL_ROW}}}\n      {NAME_ROW}}}\n",
    ),
    "the vendor's short name": line(VENDOR, "name: Postdesk", "name: postdesk"),
    "the risk": unknown(HOST, "risk"),
}


@pytest.mark.parametrize("edit", SUBSTANCE.values(), ids=SUBSTANCE)
def test_change_that_customers_are_told_about(edit):
    """
    R98: vendors, purposes, data, countries, owners and grounds are substance.
    """
    assert substance(register()) != substance(register(edit))


@pytest.mark.parametrize("edit", EDITORIAL.values(), ids=EDITORIAL)
def test_change_that_nobody_is_told_about(edit):
    """
    R98: labels, explanations, order, sources, remarks and reviews are editorial.
    """
    assert substance(register()) == substance(register(edit))
