from datetime import timedelta

from klarsyn.testing.clock import START
from klarsyn.testing.standins.zendesk_index import SearchIndex, terms, words


def test_query_is_read_in_terms():
    """
    A term has a name or none, and its value may stand in quotes; an empty one is none.
    """
    assert [("type", "user"), ("", "Åse Myrdal"), ("", "x")] == terms('type:user "Åse Myrdal" x ""')
    assert ["åse", "myrdal"] == words("Åse, Myrdal!")


def test_index_knows_the_past():
    """
    A record is known as it was at an instant, and after it was dropped no more.
    """
    index, record = SearchIndex(), {"id": 1, "name": "A"}
    index.put(("user", 1), START, record, "A")
    record["name"] = "B"
    later = START + timedelta(minutes=1)
    index.put(("user", 1), later, record, "B")
    index.drop(("user", 1), later + timedelta(minutes=1))

    assert [] == index.known("user", START - timedelta(minutes=1))
    assert [({"id": 1, "name": "A"}, "A")] == index.known("user", START)
    assert [({"id": 1, "name": "B"}, "B")] == index.known("user", later)
    assert [] == index.known("user", later + timedelta(minutes=1))
    assert [] == index.known("ticket", later)
