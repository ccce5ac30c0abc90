"""G3. A secret is never printed as data that are shared, and cannot be declared as delivered."""

import json

import pytest

from klarsyn.errors import RegisterError
from tests.publication.sites import LANGUAGES, built, example, pages, read, small
from tests.register.builders import ELEMENTS, HOST, VENDOR, register, swap

PASSWORD = swap(
    ELEMENTS,
    "  person.email:",
    """\
  account.password:
    label: {en: Passphrase}
    about: account
    origin: provided
    sensitivity: secret
    dpv: {terms: ["pd:Password"], match: exact}
    fideslang: {terms: [user.authorization.password], match: exact}
  person.email:""",
)
AT_HOST = swap(
    HOST,
    "{element: person.name, direction: held-by-us-at-the-host}",
    "{element: account.password, direction: held-by-us-at-the-host}",
)


def test_secret_cannot_be_declared_as_delivered():
    """
    The register does not load, so nothing can be built from it.
    """
    delivered = swap(VENDOR, "element: person.name", "element: account.password")
    with pytest.raises(RegisterError) as refusal:
        register(PASSWORD, delivered)

    assert "a secret and is declared as delivered" in str(refusal.value)


def test_secret_stands_in_no_list_of_data():
    """
    It is told in a sentence of its own, which says that it is never shared.
    """
    found = read(small(PASSWORD, AT_HOST)["en/vendors/vault.html"]).root
    lists = [*found.every("table"), *found.every("li"), *found.every("dd")]

    assert [] == [one.text for one in lists if "Passphrase" in one.text]
    (told,) = [one.text for one in found.every("p") if "Passphrase" in one.text]
    assert "never shared" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_password_of_the_first_page_is_in_no_list(language):
    """
    D07: what KlarPris's page listed among a host's data, in every language.
    """
    label = example("klarpris").elements["account.password"].label[language]
    found = pages(built("klarpris", language))
    overview = found[f"{language}/index.html"].root
    microsoft = found[f"{language}/vendors/microsoft.html"].root

    assert label not in [one.text for one in overview.every("li")]
    assert [] == [one for one in microsoft.every("tr") if label in one.text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_password_of_the_first_page_is_in_no_table_and_no_picture(language):
    """
    The matrix, the pages of data elements and the picture of data flows do without it.
    """
    label = example("klarpris").elements["account.password"].label[language]
    found = pages(built("klarpris", language))
    roots = [page.root for page in found.values()]
    cells = [cell for root in roots for tag in ("th", "td", "text") for cell in root.every(tag)]

    assert 500 < len(cells)
    assert [] == [one.text for one in cells if label in one.text]


def test_no_secret_stands_in_the_files_for_machines_that_cannot_mark_it():
    """
    Neither CSV nor JSON-LD names the password.
    """
    files = built("klarpris", "sv").files

    assert b"account.password" not in files["subprocessors.csv"]
    assert b"account.password" not in files["subprocessors.jsonld"]
    assert b"account.password" in files["subprocessors.json"]


def test_no_secret_is_said_to_be_delivered_in_the_list_for_machines():
    """
    Wherever a secret is named, it bears the word and is not delivered.
    """
    listing = json.loads(built("klarpris", "sv").files["subprocessors.json"])
    secrets = {one for one, row in listing["elements"].items() if "secret" == row["sensitivity"]}
    directions = {
        processing["directions"][one]
        for vendor in listing["vendors"]
        for processing in vendor["processing"]
        for one in secrets & set(processing["directions"])
    }

    assert secrets
    assert "delivered" not in directions
