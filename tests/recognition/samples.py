"""
Texts for the tests of recognition, and what they hold; all invented, numbers reserved for tests.

Telephone numbers are from the series that Post- och telestyrelsen keeps for fiction, national ids
from the tax agencies' test numbers or with an impossible person, domains end in `.example`.
"""

from hypothesis import strategies as st

#: Text -> its findings as (category, text).
HELD = {
    "Ring Anna Lindqvist på 070-174 06 05.": [
        ("PERSON", "Anna Lindqvist"),
        ("PHONE", "070-174 06 05"),
    ],
    "personnummer 19121212-1212": [("NATID", "19121212-1212")],
    "Skriv till Åsa@rör.example eller hej@rör.example": [
        ("EMAIL", "Åsa@rör.example"),
        ("EMAIL", "hej@rör.example"),
    ],
    "CPR-nr.: 070761-4285": [("NATID", "070761-4285")],
    "Kunden Nordlys Rør ApS (CVR 13585628)": [("ORG", "Nordlys Rør ApS"), ("ORGNR", "13585628")],
    "Betales til konto 8601 11 17947": [("BANK", "8601 11 17947")],
    "Betala till SE35 5000 0000 0549 1000 0003": [("BANK", "SE35 5000 0000 0549 1000 0003")],
    "Mva-nr. NO 988 077 917 MVA": [("VAT", "NO 988 077 917 MVA")],
    "Leveres til Storgata 12 B, 0184 Oslo": [("ADDRESS", "Storgata 12 B, 0184 Oslo")],
    "Loggade in från 192.0.2.44 med lösenord Vinter-2024": [
        ("IP", "192.0.2.44"),
        ("SECRET", "Vinter-2024"),
    ],
    "Server 2001:db8:1f84::635 svarar": [("IP", "2001:db8:1f84::635")],
    "Kort 4111 1111 1111 1111": [("BANK", "4111 1111 1111 1111")],
    "Ordre 12345678 sendt 2026-11-22 kl. 17:05, beløp 1 234,50": [],
    "": [],
}

#: What random texts are made of, beside any sign: pieces that rules look for.
PIECES = [
    *HELD,
    "070-1740605",
    "+46 (0)70 174 06 05",
    "0045 12 34 56 78",
    "19121212+1212",
    "Anna-Karin A. Bergström",
    "Berg, Anna",
    "Hanssons Åkeri",
    "AB",
    " A/S ",
    "@",
    "password=",
    "AKIA",
    "-----BEGIN PRIVATE KEY-----",
    "https://user:hemligt1@db.example/x",
    "SE35",
    "DK-",
    "gatan 1",
    "Box 12",
    "::1",
    "1.2.3.4",
    "e\u0301\u030a",
    "\u200b",
    "\xad",
    "\ud800",
    "\0",
    "\U0001f600",
]


def texts():
    """Return a strategy for texts: any signs, and pieces that rules look for, glued together."""
    anything = st.text(
        st.characters(codec=None) | st.sampled_from("\0\n -.,:()+/@0123456789"), max_size=20
    )
    return st.lists(anything | st.sampled_from(PIECES), max_size=6).map("".join)
