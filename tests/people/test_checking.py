from dataclasses import replace

from klarsyn.people import checking
from klarsyn.sourcesettings import SourceTable
from tests.people.builders import FORM, register, settings

LINES = {"": 1, "source": 3, "source/columns": 9, "source/columns/person.email": 11}


def test_what_the_register_does_not_allow():
    """
    Unknown elements, secrets and groups, each with its line and a remedy.
    """
    source = settings(
        columns={
            "person.email": "a",
            "person.mail": "b",
            "account.password": "c",
            "person.contact_details": "d",
            "zzz": "e",
        }
    )
    found = [str(one) for one in checking.problems(source, register(), LINES)]

    assert [
        "klarsyn.yaml:9: the register has no element 'person.mail': did you mean 'person.email'?",
        (
            "klarsyn.yaml:9: 'account.password' is a secret, and secrets are never read (R11): "
            "leave the line out"
        ),
        (
            "klarsyn.yaml:9: 'person.contact_details' is a group of elements: "
            "map each of its elements, by a name of its own in the register"
        ),
    ] == found[:3]
    assert "known here: person.name" in found[3]


def test_columns_that_are_named_in_vain():
    """
    At the line that names them, with the nearest that there is.
    """
    names = {"columns/person.email": "mial", "key": "no"}
    (found,) = checking.column_problems(names, ["no", "mail"], "people.csv", LINES)

    assert "klarsyn.yaml:11: people.csv has no column 'mial': did you mean 'mail'?" == str(found)


def test_every_column_of_a_source_is_looked_for():
    """
    Of elements, populations, key, customer, country and sole traders; a country is no column.
    """
    source = settings(
        customer="firm",
        country="land",
        sole_trader="sole",
        populations={"all": {}, "readers": {"news": ["y"]}},
    )

    assert ["no", "firm", "land", "sole", "mail", "news"] == list(
        checking.source_names(source).values()
    )
    assert ["no", "mail"] == list(checking.source_names(settings()).values())


def test_columns_of_other_tables_are_named_by_their_place():
    """
    So that the line is found.
    """
    orders = SourceTable(csv="orders.csv", form=FORM, key="no", columns={"on": "day"})
    source = settings(tables={"orders": orders})

    assert {"tables/orders/key": "no", "tables/orders/columns/on": "day"} == checking.table_names(
        source, "orders"
    )


def test_elements_without_a_column():
    """
    Those that some vendor is declared to be sent; a score is calculated and needs none.
    """
    source = settings(columns=dict.fromkeys(set(register().elements) - {"person.phone"}, "x"))
    found = register().elements
    without = replace(register(), elements={**found, "zzz": found["person.name"]})

    assert ("person.phone",) == checking.unmapped(source, without)
    assert not any("rating" in one for one in checking.unmapped(settings(), register()))
