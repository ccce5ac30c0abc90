import sqlite3

import duckdb
import pytest

from klarsyn.errors import SourceInvalid, SourceUnread
from klarsyn.people.rejected import Rejections
from klarsyn.people.source import Source, later
from klarsyn.personal import Personal
from klarsyn.settings import Settings, load
from klarsyn.sourcesettings import SourceSql
from tests.acceptance.processes import ROOT, python
from tests.people.builders import read, register, settings, source


def of(tmp_path, found, lines=None):
    """Return the source of an installation."""
    return Source.of(
        Settings(tmp_path, tmp_path, tmp_path, "", source=found, lines=lines or {}), register()
    )


def test_batches_come_in_the_order_of_the_source(tmp_path):
    """
    A thousand people each, the last fewer.
    """
    text = "no;mail\n" + "".join(f"{one};\n" for one in range(2500))
    sizes = [len(one) for one in source(tmp_path, text).read(Rejections())]

    assert [1000, 1000, 500] == sizes


def test_klarsyn_yaml_without_a_source(tmp_path):
    """
    It says what is missing.
    """
    with pytest.raises(SourceInvalid, match="there is no `source:`"):
        of(tmp_path, None)


def test_source_that_is_not_asked_for_is_not_missed(tmp_path):
    """
    A worker that only erases what is old needs none; the first question says that there is none.
    """
    without = later(Settings(tmp_path, tmp_path, tmp_path, ""), register())
    with pytest.raises(SourceInvalid, match="there is no `source:`"):
        list(without.read(Rejections()))
    found = later(Settings(tmp_path, tmp_path, tmp_path, "", source=settings()), register())

    assert settings() == found.settings


def test_mistakes_against_the_register_come_first(tmp_path):
    """
    Before anything is opened.
    """
    with pytest.raises(SourceInvalid, match="secret"):
        of(tmp_path, settings(columns={"account.password": "x"}))
    assert settings() == of(tmp_path, settings()).settings


def test_all_columns_in_vain_are_told_at_once(tmp_path):
    """
    Each at its line of klarsyn.yaml.
    """
    (tmp_path / "klarsyn.yaml").write_text(
        "format: 1\nsource:\n  csv: people.csv\n"
        "  form: {delimiter: ';', encoding: utf-8, decimal: ',', date: '%d.%m.%Y'}\n"
        "  key: nr\n  country: DK\n  columns:\n    person.email: mial\n",
        encoding="utf-8",
    )
    (tmp_path / "people.csv").write_text("no;mail\n")
    found = Source.of(load(tmp_path), register())
    with pytest.raises(SourceInvalid) as refusal:
        list(found.read(Rejections()))

    assert [
        "klarsyn.yaml:5: people.csv has no column 'nr': known here: no, mail",
        "klarsyn.yaml:8: people.csv has no column 'mial': did you mean 'mail'?",
    ] == [str(one) for one in refusal.value.problems]


def test_a_file_that_is_not_there(tmp_path):
    """
    It is named as klarsyn.yaml names it.
    """
    found = Source(settings(csv="gone.csv"), register(), tmp_path)
    with pytest.raises(SourceUnread, match=r"gone\.csv: there is no such file"):
        list(found.read(Rejections()))


def test_a_refused_row_names_its_file(tmp_path):
    """
    Lines of two tables must not be confused.
    """
    _, rejected = read(tmp_path, "no;mail\n1;a\n")

    assert ["people.csv"] == [one.source for one in rejected.first]


def test_what_takes_refused_rows_may_fail(tmp_path):
    """
    A full disk under a report is no fault of the source's.
    """

    def full(one):
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        list(source(tmp_path, "no;mail\n1;a\n").read(full))


def test_a_database_tells_types_by_itself(tmp_path):
    """
    No form is declared; numbers are keys, dates are dates, and nothing is no value.
    """
    with sqlite3.connect(tmp_path / "crm.db") as database:
        database.execute("create table people (no integer, mail text, born text, news boolean)")
        database.execute("insert into people values (7, null, '1980-12-24', 1)")
    database.close()
    sql = SourceSql(address="sqlite:///crm.db", table="people")
    found = settings(
        csv=None,
        form=None,
        sql=sql,
        columns={"person.email": "mail", "person.born": "born"},
        populations={"readers": {"news": ["1"]}},
    )
    (people,) = Source(found, register(), tmp_path).read(Rejections())
    (person,) = people

    assert (Personal("7"), {"readers"}) == (person.key, set(person.populations))
    assert {"person.born": Personal("1980-12-24")} == dict(person.values)


def test_a_parquet_file(tmp_path):
    """
    The same, from a file of columns.
    """
    with duckdb.connect(":memory:") as database:
        database.execute(
            f"copy (select 7.0::double as no, 'a@example.org' as mail, date '1980-12-24' as born) "
            f"to '{tmp_path}/people.parquet' (format parquet)"
        )
    columns = {"person.email": "mail", "person.born": "born"}
    found = settings(csv=None, form=None, parquet="people.parquet", columns=columns)
    (people,) = Source(found, register(), tmp_path).read(Rejections())
    (person,) = people

    assert Personal("7") == person.key
    assert Personal("1980-12-24") == person.values["person.born"]


def test_elements_without_a_column(tmp_path):
    """
    So that whoever maps sees what is left.
    """
    assert "person.phone" in of(tmp_path, settings()).unmapped


GROWN = """
import resource, sys
from pathlib import Path
from klarsyn.people.rejected import Rejections
from tests.people.builders import register, settings
from klarsyn.people.source import Source

def peak(name):
    found = Source(settings(csv=name), register(), Path(sys.argv[1]))
    assert sum(map(len, found.read(Rejections())))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

few = peak("few.csv")
print(peak("many.csv") - few)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path):
    """
    Of 200,000 people, seven megabytes are for their keys, and all else is one batch.
    """
    for name, count in (("few.csv", 5_000), ("many.csv", 200_000)):
        rows = "".join(f"{one};person.{one}@example.org\n" for one in range(count))
        (tmp_path / name).write_text(f"no;mail\n{rows}")

    assert 16 << 10 > int(python(GROWN, tmp_path, PYTHONPATH=str(ROOT)))
