import pytest

from klarsyn.personal import Personal
from tests.people.builders import read, told

HEADER = "no;mail;phone;land\n"


def test_a_row_becomes_a_person(tmp_path):
    """
    Key, line, and values as they are written.
    """
    (person,), rejected = read(tmp_path, "no;mail\nAB-1;Anna@Example.org\n")

    assert (Personal("ab-1"), 2, "ab-1", "DK") == (
        person.key,
        person.line,
        person.customer,
        person.country,
    )
    assert {"person.email": Personal("Anna@Example.org")} == dict(person.values)
    assert 0 == rejected.rows


def test_an_empty_cell_is_no_value(tmp_path):
    """
    So a vendor that has one is cleared of it; the row is right.
    """
    (person,), rejected = read(tmp_path, "no;mail\n1; \n")

    assert ({}, 0) == (dict(person.values), rejected.rows)


def test_a_wrong_row_stops_no_other_and_tells_every_mistake(tmp_path):
    """
    Line, column and reason, and never the value.
    """
    people, rejected = read(
        tmp_path,
        f"{HEADER}1;a@;12;DK\n2;b@example.org;;DK\n3;c;;XX\n",
        country="land",
        columns={"person.email": "mail", "person.phone": "phone"},
    )

    assert [3] == [one.line for one in people]
    assert [
        (2, "mail", "this is no e-mail address"),
        (2, "phone", "this is no telephone number of that country, nor one with its calling code"),
        (4, "land", "this is no country: write the two letters of ISO 3166, such as DK"),
        (4, "mail", "this is no e-mail address"),
    ] == told(rejected)
    assert {Personal("1"), Personal("3")} == rejected.keys


def test_a_key_that_stands_twice_is_refused_the_second_time(tmp_path):
    """
    The first line is named; case makes no other key. Across batches too.
    """
    many = "".join(f"{one};\n" for one in range(1500))
    people, rejected = read(tmp_path, f"no;mail\nA;\n{many}a;\n7;\n")

    assert 1501 == len(people)
    assert [
        (1503, "no", "the key stands on line 2 already"),
        (1504, "no", "the key stands on line 10 already"),
    ] == told(rejected)


def test_a_row_without_a_key_may_be_anybody(tmp_path):
    """
    Nobody can be called absent while there is one.
    """
    people, rejected = read(tmp_path, "no;mail\n;a@example.org\n")

    assert ([], 1, [(2, "no", "the row has no key")]) == (people, rejected.nameless, told(rejected))


def test_a_damaged_value_is_told_once(tmp_path):
    """
    That it is no e-mail address either goes without saying.
    """
    _, rejected = read(tmp_path, "no;mail\n1;a\0@example\n")

    assert [(2, "mail", "the value holds signs that are no text in the declared encoding")] == told(
        rejected
    )


@pytest.mark.parametrize(("given", "expected"), [("se", "SE"), (" NO ", "NO")])
def test_a_country_counts_without_case(tmp_path, given, expected):
    """
    And it decides how numbers are read.
    """
    (person,), _ = read(tmp_path, f"no;mail;land\n1;;{given}\n", country="land")

    assert expected == person.country


def test_a_customer_of_its_own_is_needed_where_a_column_is_declared(tmp_path):
    """
    Whose contract counts is not guessed.
    """
    people, rejected = read(tmp_path, "no;mail;firm\n1;;K-9\n2;;\n", customer="firm")

    assert ["k-9"] == [one.customer for one in people]
    assert [(3, "firm", "the row does not say whose contract counts")] == told(rejected)


def test_populations_are_conditions_on_columns(tmp_path):
    """
    All conditions hold; no condition is everybody.
    """
    people, _ = read(
        tmp_path,
        "no;mail;news;state\n1;;yes;on\n2;;yes;off\n3;;Yes;on\n",
        populations={"all": {}, "readers": {"news": ["yes", "y"], "state": ["on"]}},
    )

    assert [{"all", "readers"}, {"all"}, {"all"}] == [set(one.populations) for one in people]


def test_without_populations_nobody_belongs_to_any(tmp_path):
    """
    A delivery needs a name of one.
    """
    (person,), _ = read(tmp_path, "no;mail\n1;\n")

    assert frozenset() == person.populations


def test_swedish_sole_traders_are_flagged(tmp_path):
    """
    By the number, or since the source says so (R90, D16); a legal person's number is not.
    """
    people, rejected = read(
        tmp_path,
        "no;org;sole\n1;801225-5791;\n2;556012-5791;no\n3;556012-5791;ja\n4;;yes\n5;1;perhaps\n",
        country="SE",
        sole_trader="sole",
        columns={"company.org_number": "org"},
    )

    assert [True, False, True, False] == [bool(one.national_ids) for one in people]
    assert [False, False, True, True] == [one.sole_trader for one in people]
    assert [(6, "sole", "this is neither yes nor no")] == told(rejected)


def test_flags_stay_with_their_rows_when_others_are_refused(tmp_path):
    """
    What is left of a batch is counted anew.
    """
    people, _ = read(
        tmp_path,
        "no;org\n;1\n2;801225-5791\n3;556012-5791\n",
        country="SE",
        columns={"company.org_number": "org"},
    )

    assert [{"company.org_number"}, set()] == [set(one.national_ids) for one in people]


def test_one_column_may_be_two_elements(tmp_path):
    """
    A name is often the contact person's too.
    """
    columns = {"person.name": "mail", "company.contact_person": "mail"}
    (person,), _ = read(tmp_path, "no;mail\n1;Anna\n", columns=columns)

    assert {"person.name", "company.contact_person"} == set(person.values)


def test_a_birthday_is_sent_in_one_form(tmp_path):
    """
    A vendor cannot know how our file writes dates.
    """
    people, rejected = read(
        tmp_path, "no;born\n1;24.12.1980\n2;1980\n", columns={"person.born": "born"}
    )

    assert [Personal("1980-12-24")] == [one.values["person.born"] for one in people]
    assert [(3, "born", "this is no date in the declared form")] == told(rejected)
