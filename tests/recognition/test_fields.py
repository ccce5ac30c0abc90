import pytest

from klarsyn.recognition import fields


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("epost", "EMAIL"),
        ("E-post", "EMAIL"),
        ("customer_email", "EMAIL"),
        ("kundTelefon", "PHONE"),
        ("Tlf. nr", "PHONE"),
        ("cpr", "NATID"),
        ("CPR-nr.", "NATID"),
        ("fødselsnummer", "NATID"),
        ("personnummer", "NATID"),
        ("orgnr", "ORGNR"),
        ("organisasjonsnummer", "ORGNR"),
        ("cvr", "ORGNR"),
        ("fornavn", "PERSON"),
        ("Förnamn", "PERSON"),
        ("last_name", "PERSON"),
        ("contact.phone", "PHONE"),
        ("leveransadress", "ADDRESS"),
        ("kontonr", "BANK"),
        ("iban", "BANK"),
        ("mva_nr", "VAT"),
        ("passord", "SECRET"),
        ("ip-adress", "IP"),
        ("firmanavn", "ORG"),
        ("product_name", None),
        ("kommentar", None),
        ("", None),
    ],
)
def test_names_of_fields(name, category):
    """
    In five languages, however the words are joined.
    """
    assert category == fields.category_of(name)


@pytest.mark.parametrize(
    ("value", "category", "right"),
    [
        ("anna@rör.example", "EMAIL", True),
        ("anna", "EMAIL", False),
        ("070-174 06 05", "PHONE", True),
        ("988077917", "ORGNR", True),
        ("SE35 5000 0000 0549 1000 0003", "BANK", True),
        ("DK13585628", "VAT", True),
        ("2001:db8::1", "IP", True),
        ("2001", "IP", False),
    ],
)
def test_values_are_checked(value, category, right):
    """
    Where a check is known.
    """
    assert right == fields.is_right(value, category)


def test_value_is_taken_without_the_spaces_around():
    """
    And an empty one is no finding.
    """
    hit = fields.read("  Bo Ek ", 0, 8, "PERSON")

    assert hit is not None
    assert (2, 7, "field-person") == (hit.start, hit.end, hit.rule)
    assert fields.read(" - ", 0, 3, "PERSON") is None
