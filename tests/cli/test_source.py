import json
import shutil

import pytest

from tests.acceptance.processes import EXAMPLES, klarsyn


@pytest.fixture
def company(tmp_path):
    """The company of the example, in a folder of its own."""
    shutil.copytree(EXAMPLES / "klarpris", tmp_path / "klarpris")
    return tmp_path / "klarpris"


def replace(file, old, new):
    """Change what a file says."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_counts_of_the_example():
    """
    Two hundred people, whose rows are all right.
    """
    done = klarsyn("-C", EXAMPLES / "klarpris", "source", "check")

    assert 0 == done.returncode, done.stderr
    assert done.stdout.startswith("200 people\npopulation customers: ")
    assert "company.org_number: 13 are, or may be, national ids (R90)" in done.stdout
    assert "table orders: 1827 rows" in done.stdout


def test_wrong_rows_are_told_without_their_values(company):
    """
    By file, line, column and reason; then the command fails.
    """
    replace(company / "customers.csv", "nils.astrand.0@", "nils.astrand.0 at ")
    replace(company / "customers.csv", "10003;", "10002;")
    replace(company / "orders.csv", ";33304,26", "")
    done = klarsyn("-C", company, "source", "check")

    assert 73 == done.returncode
    assert (
        "customers.csv:2: email: this is no e-mail address\n"
        "customers.csv:4: customer_no: the key stands on line 3 already\n"
        "orders.csv:3: the row has 2 values, the header 3\n"
    ) in done.stdout
    assert "3 rows have mistakes." in done.stderr
    assert "astrand" not in done.stdout + done.stderr


def test_only_the_first_mistakes_are_printed(company):
    """
    And how many more there are.
    """
    replace(company / "klarsyn.yaml", "person.name: name", "person.phone: name")
    replace(company / "klarsyn.yaml", "    person.phone: phone\n", "")
    done = klarsyn("-C", company, "source", "check", "--most", "2")

    assert "person.name is declared as delivered and has no column" in done.stdout
    assert 2 == done.stdout.count("this is no telephone number")
    assert "... and 198 more mistakes" in done.stdout


def test_the_same_for_programs(company):
    """
    Counts, elements without a column, and the first mistakes.
    """
    replace(company / "customers.csv", "nils.astrand.0@", "nils.astrand.0 at ")
    replace(company / "klarsyn.yaml", "    account.username: username\n", "")
    done = klarsyn("-C", company, "source", "check", "--json")
    found = json.loads(done.stdout)

    assert (199, 1827, ["account.username"]) == (
        found["people"],
        found["rows"]["orders"],
        found["without_column"],
    )
    assert {
        "rows": 1,
        "first": [
            {
                "file": "customers.csv",
                "line": 2,
                "column": "email",
                "reason": "this is no e-mail address",
            }
        ],
    } == found["rejected"]


def test_without_a_source_it_says_so(company):
    """
    With its own code.
    """
    (company / "klarsyn.yaml").write_text("format: 1\n", encoding="utf-8")

    assert 71 == klarsyn("-C", company, "source", "check").returncode
