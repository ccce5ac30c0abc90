import pytest

from klarsyn.recognition import network
from tests.recognition.reading import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("skriv till hej@rör.example.", ["hej@rör.example"]),
        ("<ANNA+tag@MAIL.example>", ["ANNA+tag@MAIL.example"]),
        ("mailto:a_b-c@x.example?x", ["a_b-c@x.example"]),
        ("@rör.example och hej@", []),
        ("a..b@x.example", ["b@x.example"]),
        ("hej@rör", []),
        ("(,@rör.example '@rör.example", []),
        ("a@b.example,c@d.example", ["a@b.example", "c@d.example"]),
    ],
)
def test_email_addresses(text, expected):
    """
    Letters of any language, tags, capitals; no half addresses.
    """
    assert expected == [found for _, found in read(text, network.read_email)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.44", ["192.0.2.44"]),
        ("fra 198.51.100.7, ", ["198.51.100.7"]),
        ("version 10.2.33.4", []),
        ("1.2.3.4", []),
        ("ip 1.2.3.4", ["1.2.3.4"]),
        ("300.1.1.1", []),
        ("1.192.0.2.44", []),
        ("192.0.2.44.1", []),
    ],
)
def test_ipv4(text, expected):
    """
    Four parts up to 255, not a version, not a chapter.
    """
    assert expected == [found for _, found in read(text, network.read_ipv4)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2001:db8::1", ["2001:db8::1"]),
        ("2001:DB8:0:1:2:3:4:5.", ["2001:DB8:0:1:2:3:4:5"]),
        ("fe80:: ", ["fe80::"]),
        ("kl 12:30:45", []),
        ("00:1b:44:11:3a:b7", []),
        ("abc::def::1", []),
        ("std::vector", []),
        ("f" * 100 + "::1", []),
        ("g::1:2", []),
        ("-::1:2", []),
    ],
)
def test_ipv6(text, expected):
    """
    No times of day, no hardware addresses, no code.
    """
    assert expected == [found for _, found in read(text, network.read_ipv6)]
