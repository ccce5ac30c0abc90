from klarsyn.publication.papers import subprocessors
from klarsyn.publication.papers.document import Heading
from tests.publication.papers.desk import (
    PROCESSOR,
    SUB_PROCESSOR,
    filled,
    of_example,
    order,
    sentences,
    words,
)
from tests.register.builders import GAP, VENDOR, add, line


def test_chain_is_listed_with_the_four_fields():
    """
    R64, R70: name, address, contact, description.
    """
    blocks = subprocessors.of_vendor(of_example("nordlys", "en"), "skerryvault", "What")

    assert Heading("1. Granitbo Datahall AB", 4) == blocks[0]
    assert [
        ["Granitbo Datahall AB"],
        ["Ugglestigen 40, 999 99 Norrskensby, Sverige"],
        ["Tuva Stenhammar, Dataskyddsombud, dataskydd@granitbo.example"],
        ["Reserve data centre with encrypted backups (Sweden)"],
    ] == [words(one.lines) for one in filled(blocks)]


def test_link_without_address_and_contact_has_gaps():
    """
    R64: the identity of every one down the chain; what is missing is said.
    """
    chain = add(VENDOR, "chain: [{name: Below ApS, country: DK, what: {en: Storage}}]\n")
    blocks = subprocessors.of_vendor(order(chain), "postdesk", "What")

    assert ["known", "unknown", "unknown", "known"] == [
        one.state for field in filled(blocks) for one in field.lines
    ]


def test_empty_chain_names_the_vendors_own_list():
    """
    R64: nobody is claimed to be absent.
    """
    (told,) = sentences(subprocessors.of_vendor(order(), "postdesk", "What"))
    gap = line(VENDOR, "own_list:", f"own_list: {GAP}")
    (unknown,) = sentences(subprocessors.of_vendor(order(gap), "postdesk", "What"))

    assert told.text.endswith("The vendor's own list: https://vendor.example/subprocessors")
    assert "unknown" == unknown.state


def test_companys_own_are_those_called_sub_processors():
    """
    R2: a processor of the company's own is not on the list towards customers.
    """
    blocks = subprocessors.of_company(order(PROCESSOR, SUB_PROCESSOR), "What")

    assert ["1. Postdesk"] == [one.text for one in blocks if isinstance(one, Heading)]
    assert 4 == len(filled(blocks))


def test_role_that_nobody_knows_is_told():
    """
    R1: such a vendor is neither listed nor passed over.
    """
    blocks = subprocessors.of_company(of_example("klarpris", "en"), "What")

    (told,) = sentences(blocks)

    assert 1 == len(blocks)
    assert "unknown" == told.state
    assert "Mailchimp" in told.text
