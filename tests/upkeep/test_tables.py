from klarsyn.storage.queries import Query
from klarsyn.testing.storage import memory
from klarsyn.upkeep.tables import BACKED_UP, EVERY, FACTS, HISTORY, PASSING, Table
from tests.upkeep.house import House

KEYS = Query(
    "keys",
    """select schema.name, info.name from sqlite_schema as schema
    join pragma_table_info(schema.name) as info
    where schema.type = 'table' and info.pk > 0 order by schema.name, info.pk""",
)
PARENTS = Query(
    "parents",
    """select schema.name, found."table" from sqlite_schema as schema
    join pragma_foreign_key_list(schema.name) as found where schema.type = 'table'""",
)


def test_every_table_of_the_schema_is_known_by_its_key():
    """
    A new one has to be added, and somebody has to decide whether a backup holds it.
    """
    schema: dict[str, tuple[str, ...]] = {}
    with memory() as storage:
        for table, key in storage.run(KEYS):
            schema[str(table)] = (*schema.get(str(table), ()), str(key))

    assert schema == {one.name: one.key for one in EVERY}


def test_a_table_comes_after_those_that_it_refers_to():
    """
    Rows can be added in this order, and tables dropped in the other.
    """
    order = [one.name for one in EVERY]
    with memory() as storage:
        parents = storage.run(PARENTS)

    assert 2 == len(parents)
    assert all(order.index(str(parent)) < order.index(str(child)) for child, parent in parents)


def test_who_was_erased_comes_first():
    """
    A backup begins with what no restore may overlook.
    """
    assert [one.name for one in FACTS] == list(BACKED_UP)[: len(FACTS)]
    assert not {one.name for one in (*PASSING, HISTORY)} & BACKED_UP.keys()


def test_a_furnished_house_has_a_row_in_every_table(house):
    """
    So the tests of backups leave none out.
    """
    assert [] == [name for name, rows in house.content().items() if not rows]


def test_pages_give_every_row_once(storage, clock):
    """
    In the order of a key of several columns, whatever the size of a page.
    """
    house = House(storage, clock)
    house.facts.put_in_effect("slack", ["a", "b", "c"], clock.now().date(), clock.now().date(), "t")
    house.facts.put_in_effect("trello", ["a", "b"], clock.now().date(), clock.now().date(), "t")
    key = ("vendor", "element")
    found = [
        [(row["vendor"], row["element"]) for page in pages for row in page]
        for size in (1, 2, 5, 9)
        if (pages := list(Table("element_in_effect", key, page=size).pages(storage)))
    ]

    assert 4 == found.count(
        [("slack", "a"), ("slack", "b"), ("slack", "c"), ("trello", "a"), ("trello", "b")]
    )
