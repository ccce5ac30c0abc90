from klarsyn.people.census import Census, census
from klarsyn.people.rejected import Rejections
from klarsyn.sourcesettings import SourceTable
from tests.people.builders import FORM, source


def test_counts_of_a_source(tmp_path):
    """
    People, populations, values, national ids and rows of other tables.
    """
    (tmp_path / "orders.csv").write_text("no;day\n1;1.1.2026\n1;2.1.2026\n9;x\n")
    orders = SourceTable(csv="orders.csv", form=FORM, key="no", columns={"on": "day"})
    found = source(
        tmp_path,
        "no;mail;org\n1;a@example.org;801225-5791\n2;;556012-5791\n3;wrong;\n",
        country="SE",
        columns={"person.email": "mail", "company.org_number": "org"},
        populations={"all": {}, "none": {"mail": ["x"]}},
        tables={"orders": orders},
    )
    rejected = Rejections()

    assert Census(
        people=2,
        populations={"all": 2, "none": 0},
        values={"person.email": 1, "company.org_number": 2},
        national_ids={"company.org_number": 1},
        rows={"orders": 2},
    ) == census(found, rejected)
    assert 2 == rejected.rows
