import pytest

from tests.cli.shop import customer, shop

pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A company that has delivered two customers to Mailchimp, and removed one."""
    with shop(tmp_path_factory.mktemp("sent"), "mailchimp", "zendesk") as found:
        found.hire("freja")
        found.enable("mailchimp", "zendesk")
        found.run("deliver", "apply", "mailchimp")
        found.write(customer(1))
        found.run("deliver", "apply", "mailchimp")
        yield found


def test_elements_and_runs_are_counted(place):
    """
    People who were removed are counted, too; runs come from the journal.
    """
    told = place.run("sent", "mailchimp").stdout
    lines = [line.split() for line in told.splitlines()]

    assert told.startswith(
        "People of whom it holds something: 1.\nPeople whom it was told to remove: 1.\n"
    )
    assert ["person.email", "1"] in [line[:2] for line in lines]
    runs = [line[-2:] for line in lines if line and line[0].startswith("deliver:")]
    assert [["2", "-"], ["-", "1"]] == runs


def test_numbers_for_programs(place):
    """
    With the kinds that each run had planned.
    """
    sent = place.json("sent", "mailchimp")

    assert (1, 1) == (sent["people"], sent["past"])
    assert [{"create": 2}, {"remove": 1}] == [run["planned"] for run in sent["runs"]]


def test_vendor_that_was_sent_nothing(place):
    """
    One line, and no empty table.
    """
    assert "People of whom it holds something: 0.\n" == place.run("sent", "zendesk").stdout
    assert 15 == place.run("sent", "zendes").returncode
