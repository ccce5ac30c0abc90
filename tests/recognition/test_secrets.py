import re

import pytest

from klarsyn.recognition import recognise, secrets
from klarsyn.recognition.context import table
from tests.recognition.reading import read
from tests.recognition.secret_phrases import NEGATIVE, POSITIVE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lösenord: Vinter-2024.", ["Vinter-2024"]),
        ("Lösenordet är Sommar2024!", ["Sommar2024!"]),
        ("lösenordet till portalen är Fjord#88", ["Fjord#88"]),
        ("adgangskoden er Hest1234", ["Hest1234"]),
        ("wifi-lösenordet är Kaffe123", ["Kaffe123"]),
        ("Server=db;Password=Kaffe24;Encrypt=yes", ["Kaffe24"]),
        ("DB_PASSWORD=hunter2!", ["hunter2!"]),
        ("kodeord „Blomst77“", ["Blomst77"]),
        ("PIN 4821 till larmet", ["4821"]),
        ("dørkoden er 1234#", ["1234#"]),
        ("inloggning: anna / Vinter2023!", ["Vinter2023!"]),
        ("lösenordet är glömt", []),
        ("password reset link", []),
        ("password: ********", []),
        ("password: <password>", []),
        ("felkode 4711", []),
        ("passordet: 4711", ["4711"]),
        ("spinning 1234", []),
    ],
)
def test_what_a_word_announces(text, expected):
    """
    Right after the word or after "is"; the rest of a sentence is no password.
    """
    assert expected == [found for _, found in read(text, secrets.read_keyword)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "secret-aws"),
        ("sk_test_abcDEF123456", "secret-stripe"),
        ("xoxb-1234567890-abcdef", "secret-slack"),
        ("eyJhbGciOi.eyJzdWIiOi.c2lnbmVk", "secret-jwt"),
        ("-----BEGIN PRIVATE KEY-----\nMII", "secret-private-key"),
    ],
)
def test_shapes_of_tokens(text, expected):
    """
    Wherever they stand, but not inside a word.
    """
    assert [expected] == [rule for rule, _ in read(f"se {text}", secrets.read_shape)]
    assert [] == read(f"se x{text}".replace("x-", "-"), secrets.read_shape) or text[0] == "-"


def _secrets(text, *, fast):
    found = recognise([text], fast=fast)
    return [text[one.start : one.end] for one in found if one.category == "SECRET"]


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize(("text", "values"), POSITIVE)
def test_how_people_write_secrets(text, values, fast):
    """
    In five languages, only the value.
    """
    assert values.split("|") == _secrets(text, fast=fast)


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("text", NEGATIVE)
def test_what_only_looks_like_a_secret(text, fast):
    """
    Codes of other kinds, and sentences about passwords.
    """
    assert [] == _secrets(text, fast=fast)


@pytest.mark.parametrize("entry", table("secrets.toml")["shape"], ids=lambda entry: entry["rule"])
def test_shapes_begin_as_their_triggers_say(entry):
    """
    A shape whose beginning is not among its triggers would never be looked at.
    """
    assert entry["starts"]
    assert all(len(start) > 2 for start in entry["starts"])
    assert re.compile(entry["shape"]).pattern


def test_password_in_an_address():
    """
    scheme://user:password@host.
    """
    assert [("secret-in-address", "hemligt1")] == read(
        "postgres://app:hemligt1@db.example/x", secrets.read_credentials
    )
    assert [] == read("https://x.example/a@b", secrets.read_credentials)
