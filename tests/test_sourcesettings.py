import pytest

from klarsyn import settings
from klarsyn.errors import SettingsError
from klarsyn.sourcesettings import SourceForm

FORM = "{delimiter: ';', encoding: utf-8, decimal: ',', date: '%d.%m.%Y'}"
PAID = "columns: {on: day}, types: {paid: date}"
REST = "  key: no\n  country: DK\n  columns: {person.email: mail}\n"
RIGHT = f"  csv: people.csv\n  form: {FORM}\n{REST}"


def load(folder, source):
    """Read a klarsyn.yaml with a source."""
    (folder / "klarsyn.yaml").write_text(f"format: 1\nsource:\n{source}", encoding="utf-8")
    return settings.load(folder)


def problems(folder, source):
    """Return what is refused."""
    with pytest.raises(SettingsError) as refusal:
        load(folder, source)
    return [str(one) for one in refusal.value.problems]


def test_a_source_is_read_with_its_lines(tmp_path):
    """
    So that what is found out later can point at them.
    """
    found = load(tmp_path, RIGHT)

    assert found.source is not None
    assert SourceForm(delimiter=";", encoding="utf-8", decimal=",", date="%d.%m.%Y") == (
        found.source.form
    )
    assert 7 == found.lines["source/columns/person.email"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (REST, "2: 0 of csv, sql, parquet are given: give exactly one"),
        (f"  csv: a\n  parquet: b\n{REST}", "2 of csv, sql, parquet are given"),
        (f"  csv: a.csv\n{REST}", "nothing says how a.csv is written: add `form: {delimiter:"),
        (f"  parquet: a\n  form: {FORM}\n{REST}", "`form` is of CSV files only: leave it out"),
        (f"  sql: {{address: 'sqlite:///a'}}\n{REST}", "0 of table, query are given"),
        (RIGHT.replace("%d.%m.%Y", "%d.%m.%y"), "'%d.%m.%y' does not say how day, month and year"),
        (RIGHT.replace("%d.%m.%Y", "%d.%m.%Y %d"), "write each once: %d %m %Y, as in %d.%m.%Y"),
        (RIGHT.replace("utf-8", "utf8"), "did you mean 'utf-8'?"),
        (RIGHT.replace("';'", "'/'"), "write one of: ,, ;, pipe, tab"),
        (f"{RIGHT}  populations: {{New Ones: {{}}}}\n", "small letters, digits"),
        (f"{RIGHT}  opted_out: gone\n", "no population 'gone': define it under `populations`"),
        (f"{RIGHT}  tables: {{orders: {{key: no, columns: {{on: day}}}}}}\n", "0 of csv, sql"),
        (
            f"{RIGHT}  tables: {{orders: {{csv: a, form: {FORM}, key: no, {PAID}}}}}\n",
            "'paid' has a type and no column",
        ),
    ],
)
def test_what_is_wrong_with_a_source(tmp_path, source, told):
    """
    Each with its line and what would be right.
    """
    assert told in "\n".join(problems(tmp_path, source))


def test_a_password_does_not_stand_in_a_file(tmp_path):
    """
    And is not repeated.
    """
    (told,) = problems(
        tmp_path, f"  sql: {{address: 'postgresql://me:hunter2@db/crm', table: people}}\n{REST}"
    )

    assert "holds a password: put it into the variable KLARSYN_SOURCE_PASSWORD" in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    "address", ["postgresql://me@db:5432/crm", "sqlite:///crm.db", "postgresql://db/crm?x=a:b@c"]
)
def test_addresses_without_a_password(tmp_path, address):
    """
    A port is none.
    """
    found = load(tmp_path, f"  sql: {{address: '{address}', table: people}}\n{REST}")

    assert found.source
    assert address == found.source.place.sql.address
