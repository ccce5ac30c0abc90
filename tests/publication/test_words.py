import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from klarsyn.language import translator
from klarsyn.publication import words
from klarsyn.register import company, facts, findings, measures, vendor
from tests.publication.sites import LANGUAGES


def literals(owner, field):
    """Return the closed set of words that a field takes, from its annotation."""
    source = Path(owner.__file__).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AnnAssign) and field == ast.unparse(node.target):
            return {
                one.value
                for one in ast.walk(node.annotation)
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
    raise AssertionError(field)


TABLES: dict[str, tuple[Mapping[Any, str], set[Any]]] = {
    "roles": (words.ROLES, set(get_args(vendor.Role))),
    "directions": (words.DIRECTIONS, set(get_args(vendor.Direction))),
    "legal bases": (words.BASES_IN_LAW, set(get_args(company.LegalBasis))),
    "severities": (words.SEVERITIES, set(findings.SEVERITIES)),
    "bases": (facts.BASES, set(get_args(facts.Basis))),
    "subjects": (words.ABOUT, literals(company, "about")),
    "origins": (words.ORIGINS, literals(company, "origin")),
    "mechanisms": (words.MECHANISMS, literals(vendor, "mechanism")),
    "frequencies": (words.FREQUENCIES, literals(vendor, "frequency")),
    "sensitivities": (
        words.SENSITIVITIES,
        literals(company, "sensitivity") - {"ordinary", "secret"},
    ),
    "sole traders": (words.SOLE_TRADERS, literals(company, "sole_traders")),
    "statuses": (words.STATUSES, literals(vendor, "status")),
    "measures": (words.MEASURES, literals(measures, "heading")),
}


@pytest.mark.parametrize("name", TABLES)
def test_each_word_of_a_closed_set_can_be_printed(name):
    """
    What the register may say, a page can say, and no table holds a word without a use.
    """
    table, wanted = TABLES[name]

    assert wanted == set(table)
    assert len(set(table.values())) == len(table)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_differ_in_every_language(language):
    """
    Two roles, or two grounds, never read the same.
    """
    speak = translator(language, strict=True)

    for name, (table, _) in TABLES.items():
        said = [speak.text(one) for one in table.values()]
        assert len(set(said)) == len(said), name
