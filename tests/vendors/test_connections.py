import pytest

from klarsyn.errors import CallRefused, ConnectionInvalid, UnknownName
from klarsyn.testing import StillClock
from klarsyn.transport.connection import Purpose, Surroundings
from klarsyn.vendors.connections import (
    bind,
    declared_elements,
    key,
    placed_elements,
    problems_of,
    variable,
)
from tests.register.builders import VENDOR, add, edited, load, register, swap

KEY = "0123456789abcdef0123456789abcdef-us1"
ENVIRON = {"KLARSYN_POSTDESK_API_KEY": KEY}
WHOLE = """\
connection:
  sheet: mailchimp
  settings: {audiences: "a1 b2"}
  map: {person.name: member.name, person.email: member.merge_fields.MAIL}
"""


def told(text):
    """Return each problem of a connection, with the line of the file that it points at."""
    files = edited(add(VENDOR, text))
    found = []
    for one in problems_of(load(files), "postdesk"):
        line = files[VENDOR].splitlines()[one.line - 1].strip()
        found.append((one.file, line, str(one.what), str(one.remedy)))
    return found


def bound(text=WHOLE, environ=ENVIRON, *edits):
    """Return the connection that a text makes."""
    return bind(register(add(VENDOR, text), *edits), "postdesk", environ)


def test_whole_connection():
    """
    Settings, keys and map in order: everything has a place, own fields are elements.
    """
    one = bound()

    assert [] == told(WHOLE)
    assert one.complete
    assert {"api_key": KEY, "audiences": ["a1", "b2"]} == one.settings
    assert {
        "person.name": ("member", "name"),
        "person.email": ("member", "merge_fields.MAIL"),
    } == one.places
    own = one.vendor.record("member").element("merge_fields.MAIL")
    assert "user.contact.email" == own.means
    assert KEY not in repr(one)


@pytest.mark.parametrize(
    ("text", "line", "what", "remedy"),
    [
        (
            "connection: {sheet: mailchump}",
            "connection: {",
            "there is no fact sheet 'mailchump'",
            "there are mailchimp",
        ),
        (
            "connection: {settings: {}}",
            "connection: {",
            "there is no fact sheet 'postdesk'",
            "there are",
        ),
        (
            "connection:\n  sheet: mailchimp\n  settings:\n    audience: a",
            "audience: a",
            "Mailchimp has no setting 'audience'",
            "there are audiences",
        ),
        (
            "connection:\n  sheet: mailchimp\n  settings:\n    api_key: abc",
            "api_key: abc",
            "the key 'api_key' stands in the register",
            "make a new one, since this is in git now, and put it into KLARSYN_POSTDESK_API_KEY",
        ),
        (
            "connection:\n  sheet: recurly\n  settings:\n    region: asia",
            "region: asia",
            "'region' cannot be 'asia'",
            "it is where the site is",
        ),
        (
            "connection:\n  sheet: mailchimp\n  settings:\n    audiences: ' '",
            "audiences: ' '",
            "'audiences' cannot be ' '",
            "it is ids of the audiences to look at",
        ),
        (
            "connection:\n  sheet: zendesk\n  settings: {subdomain: 'a.b/c'}",
            "settings: {subdomain: 'a.b/c'}",
            "'subdomain' cannot be 'a.b/c'",
            "it is",
        ),
        (
            "connection: {sheet: zendesk}",
            "connection: {sheet: zendesk}",
            "Zendesk needs the setting 'subdomain'",
            "it is",
        ),
        (
            "connection:\n  sheet: mailchimp\n  map:\n    person.nam: member.name",
            "person.nam: member.name",
            "'person.nam' is not declared for this vendor",
            "there are person.name",
        ),
        (
            (
                "connection:\n  sheet: mailchimp\n  map:\n    person.name: member.name\n"
                "    person.email: member.name"
            ),
            "person.email: member.name",
            "'person.name' has the place member.name, too",
            "one place holds one data element",
        ),
        (
            "connection:\n  sheet: mailchimp\n  map:\n    person.name: membre.name",
            "person.name: membre.name",
            "Mailchimp has no record 'membre'",
            "there are member",
        ),
        (
            "connection:\n  sheet: mailchimp\n  map:\n    person.email: member.emial",
            "person.email: member.emial",
            "member has no place 'emial'",
            "there are email",
        ),
        (
            "connection:\n  sheet: microsoft\n  map:\n    person.email: customers",
            "person.email: customers",
            "'customers' names no place",
            "write record and field: customers.email",
        ),
    ],
)
def test_mistake_is_told_where_it_stands(text, line, what, remedy):
    """
    Every mistake of a connection is told with file, line, what and remedy.
    """
    found = [one for one in told(text) if one[2].startswith(what)]

    assert 1 == len(found), told(text)
    assert f"register/{VENDOR}" == found[0][0]
    assert found[0][1].startswith(line)
    assert found[0][3].startswith(remedy)


def test_all_mistakes_at_once():
    """
    Binding raises with every mistake, each on a line of its own.
    """
    text = "connection:\n  sheet: mailchimp\n  settings: {x: a, y: b}\n  map: {z: member.name}\n"
    with pytest.raises(ConnectionInvalid) as caught:
        bound(text)
    assert 3 == len(caught.value.problems)
    assert 4 == len(str(caught.value).splitlines())


def test_vendor_that_the_register_lacks():
    """
    The nearest names are told.
    """
    with pytest.raises(UnknownName, match="no vendor 'postdeks' there are postdesk"):
        bind(register(), "postdeks", {})
    with pytest.raises(UnknownName, match="there are postdesk, vault"):
        bind(register(), "zzz", {})


def test_missing_key_is_told_with_how_to_make_one():
    """
    Without its key a connection is bound, says what is missing, and does not open.
    """
    one = bound(WHOLE, {})
    (problem,) = one.missing

    assert not one.complete
    assert str(problem.what).startswith("KLARSYN_POSTDESK_API_KEY is not set: the API key")
    assert str(problem.remedy).startswith("make it on https://admin.mailchimp.com")
    with pytest.raises(ConnectionInvalid, match="KLARSYN_POSTDESK_API_KEY is not set"):
        one.open(Purpose.AUDIT, Surroundings(clock=StillClock()))


def test_what_has_no_place_yet():
    """
    Declared elements without a place are named; a listed element is placed, an incidental is not.
    """
    assert ("person.email", "person.name") == bound("connection: {sheet: mailchimp}").unmapped
    incidental = swap(VENDOR, "declaration: listed", "declaration: incidental")
    changed = register(incidental)
    assert set() == placed_elements(changed, "postdesk")
    assert {"person.name", "person.email"} == declared_elements(changed, "postdesk")


def test_read_only_until_enabled():
    """
    A connection that nobody has enabled opens for reading and for nothing else.
    """
    around = Surroundings(clock=StillClock())
    with bound().open(Purpose.AUDIT, around) as connection:
        assert "postdesk" == connection.name
    with pytest.raises(CallRefused, match="run `klarsyn vendors enable postdesk`"):
        bound().open(Purpose.ERASE, around)


def test_enabled_connection_writes():
    """
    Once enabled it opens for every job.
    """
    from dataclasses import replace

    with replace(bound(), enabled=True).open(
        Purpose.ERASE, Surroundings(clock=StillClock())
    ) as one:
        assert Purpose.ERASE is one.purpose


def test_digest_changes_with_settings_and_map_and_not_with_the_key():
    """
    What was enabled is told apart from what it became; a new key needs no new look.
    """
    same = bound(WHOLE, {"KLARSYN_POSTDESK_API_KEY": KEY.replace("0", "f")})

    assert bound().digest == same.digest
    assert bound().digest != bound(WHOLE.replace("a1 b2", "a1")).digest
    assert bound().digest != bound(WHOLE.replace("member.name", "member.source")).digest


def test_key_from_the_environment_or_a_file(tmp_path):
    """
    A variable, or the file that it names; blanks around are no part of a key.
    """
    file = tmp_path / "key"
    file.write_text(" abc\n", encoding="utf-8")

    assert "KLARSYN_POST_DESK_API_KEY" == variable("post-desk", "api_key")
    assert "x" == key("a", "k", {"KLARSYN_A_K": " x ", "KLARSYN_A_K_FILE": str(file)})
    assert "abc" == key("a", "k", {"KLARSYN_A_K_FILE": str(file)})
    assert "" == key("a", "k", {"KLARSYN_A_K_FILE": str(tmp_path / "none")})
    assert "" == key("a", "k", {"KLARSYN_A_K": " "})
