import copy
import json
import logging
import pickle
import pprint
from dataclasses import asdict, dataclass

import msgspec
import pytest

from klarsyn.disclosure.sending.rows import Ready
from klarsyn.people.ledger import Change, Person
from klarsyn.personal import Personal, Secret, wrapped
from klarsyn.vendors.sheet import Row, RowOutcome
from tests.acceptance.processes import python

EMAIL = "freja.lyngholt@example.org"
ROW = Row("1", {"email": EMAIL}, known_as="7")
READY = Ready(Change(Person(b"a" * 16), "k1", "run", "create", b"", "waiting", 0, 0, ""), ROW)


@dataclass(frozen=True)
class Contact:
    """Somebody's address within something larger."""

    email: Personal[str]


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        format,
        "{}".format,
        "{!r:>40}".format,
        "{:>40}".format,
        "{:.3}".format,
        lambda value: f"{value}",
        lambda value: f"{value=}",
        lambda value: "%s %r" % (value, value),  # noqa: UP031  (how logging writes)
        lambda value: repr(Contact(value)),
        lambda value: pprint.pformat([value, {"a": Contact(value)}]),
        lambda value: str(asdict(Contact(value))),
        lambda value: repr(KeyError(value)),
    ],
)
@pytest.mark.parametrize("kind", [Personal, Secret])
def test_value_is_never_shown(kind, show):
    """
    Whatever prints it prints three asterisks, and not its length either.
    """
    shown = show(kind(EMAIL))

    assert "***" in shown
    assert "freja" not in shown
    assert "fre" not in shown


def test_log_does_not_hold_it(caplog):
    """
    Neither as an argument nor in a message.
    """
    logging.getLogger("x").warning("sent to %s, %r", Personal(EMAIL), Personal(EMAIL))

    assert "sent to ***, ***" == caplog.messages[0]


def test_value_is_there_for_who_asks():
    """
    One word reveals it.
    """
    assert EMAIL == Personal(EMAIL).reveal()
    assert 7 == Personal(7).reveal()


@pytest.mark.parametrize(
    "store",
    [
        json.dumps,
        msgspec.json.encode,
        msgspec.msgpack.encode,
        msgspec.to_builtins,
        *(lambda value, protocol=protocol: pickle.dumps(value, protocol) for protocol in range(6)),
        lambda value: pickle.dumps(Contact(value)),
        lambda value: msgspec.json.encode(Contact(value)),
        vars,
    ],
)
def test_value_is_not_serialised(store):
    """
    No queue, cache or file gets it by accident.
    """
    with pytest.raises(TypeError) as refusal:
        store(Personal(EMAIL))

    assert "freja" not in str(refusal.value)


def test_equal_values_of_one_kind_are_equal():
    """
    They can be compared, counted and be keys.
    """
    assert Personal(EMAIL) == Personal(EMAIL)
    assert Personal(EMAIL) != Personal("other")
    assert Personal(EMAIL) != Secret(EMAIL)
    assert Personal(EMAIL) != EMAIL
    assert 2 == len({Personal(EMAIL), Personal(EMAIL), Secret(EMAIL)})


def test_value_cannot_be_exchanged():
    """
    Not by setting it, not by removing it, not by adding another.
    """
    value = Secret("a")
    with pytest.raises(AttributeError, match="Secret is frozen"):
        value._value = "b"
    with pytest.raises(AttributeError, match="Secret is frozen"):
        del value._value
    with pytest.raises(AttributeError, match="Secret is frozen"):
        value.other = "b"

    assert "a" == value.reveal()


def test_copy_is_the_same():
    """
    What cannot change need not be doubled.
    """
    value = Personal([EMAIL])

    assert value is copy.copy(value)
    assert value is copy.deepcopy(value)


def test_fields_are_wrapped_together():
    """
    Values of a record are wrapped by the names given; null, absent and empty ones are left out.
    """
    record = {"mail": EMAIL, "number": 7, "gone": None, "blank": "", "more": "x"}
    fields = [("email", "mail"), ("count", "number"), ("a", "gone"), ("b", "blank"), ("c", "none")]

    found = wrapped(record, fields)

    assert {"email": Personal(EMAIL), "count": Personal("7")} == found
    assert "{'email': ***, 'count': ***}" == repr(found)


@pytest.mark.parametrize("show", [repr, str, "{}".format, pprint.pformat])
@pytest.mark.parametrize("made", [ROW, RowOutcome(ROW, "created"), READY, [ROW], {"row": READY}])
def test_what_holds_values_shows_none(show, made):
    """
    Rows on their way to a vendor, and what holds them.
    """
    assert "freja" not in show(made)
    assert "<Row>" in show(made) or "<Ready>" in show(made)
    assert [] == ROW.__rich_repr__() == READY.__rich_repr__()


def test_no_crash_writes_memory_into_a_file():
    """
    The limit is set for the process and those that it starts; one may still raise it for oneself.
    """
    code = """
import resource
from klarsyn.personal import forbid_cores
resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)[1:] * 2)
forbid_cores()
print(resource.getrlimit(resource.RLIMIT_CORE)[0])
"""

    assert "0" == python(code).strip()
