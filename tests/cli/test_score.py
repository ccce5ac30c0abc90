import json
import shutil

import pytest

from tests.acceptance.processes import EXAMPLES, klarsyn

pytestmark = pytest.mark.slow

FORM = '{delimiter: ";", encoding: utf-8, decimal: ",", date: "%Y-%m-%d"}'
SETTINGS = f"""\
format: 1
source:
  csv: people.csv
  form: {FORM}
  key: no
  country: DK
  columns: {{person.name: name}}
  tables:
    orders: {{csv: orders.csv, form: {FORM}, key: no, columns: {{on: day, amount: sum}}}}
"""
PEOPLE = "no;name\nK1;Anna\nK2;Bo\nK3;Cilla\n"
ORDERS = "no;day;sum\nK1;2026-11-20;100\nK2;2026-11-21;300\nK2;2026-11-22;what\n"


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """KlarPris, with three customers and their orders."""
    folder = tmp_path_factory.mktemp("score") / "klarpris"
    shutil.copytree(EXAMPLES / "klarpris" / "register", folder / "register")
    for name, text in (
        ("klarsyn.yaml", SETTINGS),
        ("people.csv", PEOPLE),
        ("orders.csv", ORDERS),
    ):
        (folder / name).write_text(text)
    return folder


def explained(company, *words):
    """Run `klarsyn score explain` for a day."""
    return klarsyn("score", "explain", *words, "--date", "2026-11-26", folder=company)


def test_score_is_explained_in_the_companys_language(company):
    """
    Swedish stands first among the languages of KlarPris; the terminal's own is for warnings.
    """
    done = explained(company, "customer.rating", "--customer", "k1")
    lines = done.stdout.splitlines()

    assert (0, "Kundpoäng: 25") == (done.returncode, lines[0])
    assert "Rows that are wrong and were left out: 1." in done.stderr


def test_score_is_explained_to_programs(company):
    """
    Exact numbers, the same sentences, and how many rows were left out.
    """
    done = explained(company, "customer.rating", "--customer", "K1", "--json")
    plain = json.loads(done.stdout)

    assert ("customer.rating", "25.00", True, 1) == (
        plain["element"],
        plain["score"],
        plain["example"],
        plain["left_out"],
    )
    assert (["100"], "400", "2026-11-25") == (plain["numbers"], plain["whole"], plain["last"])
    assert "Kundpoäng: 25" == plain["text"][0]


def test_customer_without_an_order_has_a_score(company):
    """
    0 of 400, and what an order would have made of it.
    """
    done = explained(company, "customer.rating", "--customer", "K3")

    assert (0, "Kundpoäng: 0") == (done.returncode, done.stdout.splitlines()[0])


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("customer.rating", "--customer", "K4"), 15, "The source has nobody with this key."),
        (("customer.ratings", "--customer", "K1"), 15, "no element called customer.ratings"),
        (("person.name", "--customer", "K1"), 75, "person.name is no score."),
    ],
)
def test_what_cannot_be_explained_is_refused(company, words, code, told):
    """
    Each with a code of its own; the key of a person is not repeated.
    """
    done = explained(company, *words)

    assert (code, "") == (done.returncode, done.stdout)
    assert told in done.stderr
    assert "K4" not in done.stderr


@pytest.mark.parametrize("element", ["customer.rating", "company.rating", "user.rating"])
def test_scores_of_the_example_are_explained(element):
    """
    KlarPris's invented customers have orders enough for each of its three examples.
    """
    done = explained(EXAMPLES / "klarpris", element, "--customer", "kp-10001", "--json")
    plain = json.loads(done.stdout)

    assert (True, 0) == (plain["example"], plain["left_out"])
    assert len(plain["what_if"]) >= 2
