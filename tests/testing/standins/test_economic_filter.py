import pytest

from klarsyn.testing.standins.economic_filter import OPERATORS, BadFilterError, matching

RECORD = {
    "name": "Ørn & (Søn) $ [x], 5*",
    "zip": "9999",
    "number": 7,
    "barred": True,
    "group": {"number": 2},
}
FIELDS = dict.fromkeys(("name", "zip", "number", "barred", "email", "group.number"), OPERATORS)


def matches(text, record=RECORD):
    """Return whether a filter finds the record."""
    return matching(text, FIELDS)(record)


@pytest.mark.parametrize(
    "text",
    [
        "zip$eq:9999",
        "zip$ne:9998",
        "number$gt:6",
        "number$gte:7",
        "number$lt:10",
        "number$lte:7",
        "barred$eq:true",
        "group.number$eq:2",
        "email$eq:$null:",
        "zip$ne:$null:",
        "name$like:ørn",
        "name$like:*[x]*",
        "name$like:ørn*$*",
        "name$like:*$(søn$)*",
        "name$eq:ørn & $(søn$) $$ [x]$, 5$*",
        "number$in:[1,7]",
        "number$nin:[1,2]",
        "zip$in:[]$or:number$eq:7",
        "zip$eq:1$and:zip$eq:2$or:number$eq:7",
        "zip$eq:9999$and:(number$eq:1$or:number$eq:7)",
        "(zip$eq:9999)",
    ],
)
def test_filter_finds(text):
    """
    Operators, null, lists, escapes, brackets; text is compared without its case.
    """
    assert matches(text)


@pytest.mark.parametrize(
    "text",
    [
        "zip$eq:999",
        "zip$eq:$null:",
        "number$eq:seven",
        "number$gt:7",
        "email$gt:a",
        "email$like:a",
        "name$like:søn*",
        "name$like:$*",
        "number$in:[1,2]",
        "number$nin:[7]",
        "zip$eq:9999$and:number$eq:1",
    ],
)
def test_filter_finds_not(text):
    """
    What differs in one part is not found; a null is less or more than nothing.
    """
    assert not matches(text, RECORD | {"name": "Ørn & (Søn)"})


@pytest.mark.parametrize(
    "text",
    [
        "zip",
        "zip$eq:a$b",
        "zip$eq:$[a$]",
        "zip$near:1",
        "city$eq:By",
        "(zip$eq:1",
        "zip$eq:1)",
        "zip$in:1,2",
        "zip$in:[" + ",".join("1" * 201) + "]",
        "$and:zip$eq:1",
    ],
)
def test_filter_is_refused(text):
    """
    Unescaped dollars, escaped square brackets, unknown names and operators, 201 values.
    """
    with pytest.raises(BadFilterError):
        matches(text)
