import pytest

from klarsyn.personal import Personal
from tests.people.builders import batch

TEXT = "no;mail;name\n1;Anna@Example.org;Anna\n2;;Bo\n3;c@example.org;\n"
COLUMNS = {"person.email": "mail", "person.name": "name"}


@pytest.fixture
def people(tmp_path):
    """Three people."""
    return batch(tmp_path, TEXT, columns=COLUMNS)


def test_a_batch_is_a_sequence_of_people(people):
    """
    By number, from the end, as a slice, one after the other.
    """
    assert (3, 4, 3) == (len(people), people[-1].line, people[1].line)
    assert [2, 4] == [one.line for one in people[::2]]
    assert [2, 3, 4] == [one.line for one in people]
    with pytest.raises(IndexError):
        people[3]


def test_only_values_that_are_there_are_entries(people):
    """
    What is absent is to be cleared.
    """
    _, bo, _ = people

    assert (["person.name"], 1) == (list(bo.values), len(bo.values))
    with pytest.raises(KeyError):
        bo.values["person.email"]


def test_the_original_and_the_normal_form_are_told_apart(people):
    """
    One is sent, the other compared.
    """
    anna = people[0]

    assert Personal("Anna@Example.org") == anna.values["person.email"]
    assert Personal("anna@example.org") == anna.normal["person.email"]


def test_nothing_of_a_person_is_printed(people):
    """
    Neither by a person, nor by a batch, a column or the values.
    """
    anna = people[0]
    shown = f"{people!r} {anna!r} {anna.values!r} {anna.key!r} {anna.identities!r}"

    assert "anna" not in f"{shown} {people.columns['person.email']!r}".casefold()
    assert "<Person of line 2>" in shown


def test_a_person_is_known_again_by_addresses_and_numbers_only(people):
    """
    A name alone never blocks.
    """
    anna, bo, _ = people

    assert ["person.email"] == [one.element for one in anna.identities]
    assert () == bo.identities


def test_what_is_the_firms_is_marked(tmp_path):
    """
    Colleagues share it.
    """
    (anna,) = batch(
        tmp_path,
        "no;own;firms\n1;22345678;33345678\n",
        columns={"person.phone": "own", "company.phone": "firms"},
    )

    assert [True, False] == [one.about_person for one in anna.identities]
