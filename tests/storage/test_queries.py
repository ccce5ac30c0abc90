import re

import pytest

from klarsyn.storage import queries
from klarsyn.storage.queries import Query, known, read

#: Values that PostgreSQL computes with, so that it must know their type.
NUMBERS = {"most": 3, "now": 1.0, "cost": 1.0, "rate": 1.0, "burst": 1.0, "remaining": 1.0}
#: What makes, orders and drops a table.
TABLE_OF_A_READING = {
    one.name for one in known().values() if one.text.startswith(("create ", "drop "))
}
TRICKY = """
-- A file may begin with a word about itself, such as what `:name` is.

-- tricky: Says what it does
-- in two lines.
select ':not', "a:b", 10 % 3 as "100%", :is_one, '''', x::text /* :nor_this's */ -- or :this
from t where at = 'it''s :no' and b = :is_one;
-- plain: Says little.
select 1;
"""


def test_every_query_says_what_it_does():
    """
    A reader of the code needs no SQL to know.
    """
    assert known()
    assert [] == [one.name for one in known().values() if not one.says.endswith(".")]


@pytest.mark.parametrize("name", sorted(known().keys() - TABLE_OF_A_READING))
def test_query_can_be_explained(name, storage):
    """
    Both databases understand it, and the schema has what it names.
    """
    query = known()[name]
    if re.search(r"\bstaged\b", query.text):
        storage.run("begin_staging")
    explained = Query("explain", f"explain {query.text}")

    told = {one: NUMBERS.get(one) for one in query.parameters}
    if query.many:
        assert storage.run_for(explained, [None], **told)
    else:
        assert storage.run(explained, **told)


def test_table_of_a_reading_comes_and_goes(storage):
    """
    PostgreSQL explains no statement about tables, so these are run.
    """
    for _ in range(2):
        for name in ("begin_staging", "order_staged", "end_staging"):
            assert name in TABLE_OF_A_READING
            storage.run(name)


def test_header_and_text_are_told_apart():
    """
    The sentence may go on in the next line; the semicolon belongs to the file.
    """
    tricky, plain = read(TRICKY)

    assert ("tricky", "Says what it does in two lines.") == (tricky.name, tricky.says)
    assert Query("plain", "select 1", "Says little.") == plain


def test_parameters_are_told_from_other_colons():
    """
    Strings, names, casts and comments hold colons too.
    """
    tricky, _ = read(TRICKY)

    assert frozenset({"is_one"}) == tricky.parameters


def test_parameter_that_stands_for_many_is_told_apart():
    """
    It is written out for a few sizes, under names that nothing else has.
    """
    asked = Query("asked", "select a from t where b = :b and c in (:these...)")

    assert ("these", frozenset({"b"})) == (asked.many, asked.parameters)
    assert ("b", *[f"these_{at}" for at in range(8)]) == asked.spread[8].order
    assert "" == Query("other", "select a from t where c = ':these...'").many


@pytest.mark.parametrize(
    ("text", "reads", "returns"),
    [
        ("select 1", True, True),
        ("  with a as (select 1) select * from a", True, True),
        ("delete from t where a = :a RETURNING a", False, True),
        ("insert into t values ('returning')", False, False),
        ("update t set a = 1 -- returning", False, False),
    ],
)
def test_what_a_query_does_is_read_from_its_text(text, reads, returns):
    """
    Strings and comments do not count.
    """
    query = Query("asked", text)
    assert (reads, returns) == (query.reads, query.returns)


def test_sqlite_gets_values_by_their_places():
    """
    A parameter that stands in two places is given twice.
    """
    asked = Query("asked", "select ':a' where b = :b and (c = :c or d = :b)")

    assert "select ':a' where b = ? and (c = ? or d = ?)" == asked.marked
    assert ("b", "c", "b") == asked.order


def test_psycopg_gets_its_own_placeholders():
    """
    Percent signs are doubled everywhere; comments, which may hold an apostrophe, are left out.
    """
    tricky, _ = read(TRICKY)

    assert (
        "select ':not', \"a:b\", 10 %% 3 as \"100%%\", %(is_one)s, '''', x::text "
        "from t where at = 'it''s :no' and b = %(is_one)s"
    ) == " ".join(tricky.pyformat.split())


def test_text_without_a_name_is_refused():
    """
    SQL that nobody can ask for is a mistake.
    """
    with pytest.raises(ValueError, match=r"x\.sql: SQL without a name"):
        list(read("select 1;\n-- later: Comes too late.\nselect 2;", "x.sql"))
    with pytest.raises(ValueError, match="SQL without a name"):
        list(read("-- Nameless\nselect 1;"))


def test_name_stands_once(tmp_path):
    """
    Two queries of one name are a mistake, in whatever files.
    """
    for file in ("a.sql", "b.sql"):
        (tmp_path / file).write_text("-- one: Is one.\nselect 1;\n")
    with pytest.raises(ValueError, match=r"b\.sql: there are two queries called one"):
        known(tmp_path)


def test_queries_are_plain_sql():
    """
    What only one of the two databases understands is caught before it is run.
    """
    assert [] == [one.name for one in known().values() if "::" in one.text or ";" in one.text]
    assert [] == [file.name for file in queries.FOLDER.iterdir() if file.suffix != ".sql"]
