import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from klarsyn.register.terms import exists, vocabulary
from klarsyn.register.vendor import Kind
from klarsyn.rules.kinds import HOLDS

ROOT = Path(__file__).resolve().parents[2]
TERM = re.compile(r"\b(?:dpv|pd):\w+")


@pytest.mark.parametrize("kind", HOLDS)
def test_terms_of_a_kind_are_in_the_vocabulary(kind):
    """
    D15: what a kind of system holds is recognised by terms that DPV 2.3 really has.
    """
    assert [] == [term for topic in HOLDS[kind] for term in topic.terms if not exists(term)]


@pytest.mark.parametrize(
    "path",
    [
        *sorted(ROOT.glob("examples/*/register/**/*.yaml")),
        *sorted(ROOT.glob("src/klarsyn/register/drafts/data/*.toml")),
    ],
    ids=lambda path: "-".join(path.parts[-4:]),
)
def test_terms_of_the_registers_are_in_the_vocabulary(path):
    """
    R74: the machine-readable export points to terms that exist.
    """
    used = set(TERM.findall(path.read_text(encoding="utf-8")))

    assert set() == used - vocabulary()


def test_kinds_are_kinds_of_the_model():
    """
    A misspelt kind would hold nothing, and no list would ever be too short.
    """
    assert set(HOLDS) <= set(get_args(Kind))


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("accounting", "postal address"),
        ("payments", "payment card or bank account"),
        ("crm", "e-mails and messages"),
        ("helpdesk", "e-mails and messages"),
        ("remote-support", "what the screen shows"),
        ("session-replay", "behaviour on the site"),
        ("e-mail-marketing", "opened e-mails and clicked links"),
    ],
)
def test_kind_holds_what_the_earlier_page_left_out(kind, label):
    """
    D08, D09, D15: each kind whose row was too short has its topic.
    """
    assert label in [topic.label for topic in HOLDS[kind]]


def test_vocabulary_file_of_the_drafts_is_readable():
    """
    What a draft takes its classification from is plain TOML.
    """
    for path in ROOT.glob("src/klarsyn/register/drafts/data/*.toml"):
        assert tomllib.loads(path.read_text(encoding="utf-8"))
