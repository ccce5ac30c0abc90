import ast
import importlib
import inspect
from pathlib import Path

import pytest

import klarsyn
from tests.acceptance.processes import python

HEAVY = ("click", "jinja2", "markupsafe", "msgspec", "rich", "ruamel")


def test_public_names_are_sorted():
    """
    A reader finds a name where the alphabet has it, and a second one at once.
    """
    assert sorted(set(klarsyn.__all__)) == klarsyn.__all__


@pytest.mark.parametrize("name", klarsyn.__all__)
def test_public_name_is_there_and_says_what_it_is(name):
    """
    Each can be imported from klarsyn, is what its home calls by that name, and has a docstring.
    """
    value = getattr(klarsyn, name)
    home = importlib.import_module(klarsyn._HOMES[name])

    assert value is getattr(home, name)
    assert inspect.getdoc(value)


def test_homes_are_those_of_the_public_names():
    """
    Nothing is public by accident.
    """
    assert klarsyn.__all__ == sorted(klarsyn._HOMES)


def test_type_checkers_see_the_same_names():
    """
    What a type checker reads is what a program gets.
    """
    tree = ast.parse(Path(klarsyn.__file__).read_text())
    checked = next(one for one in tree.body if isinstance(one, ast.If))
    imported = {
        alias.name: node.module
        for node in checked.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert klarsyn._HOMES == imported


def test_unknown_name_is_an_attribute_error():
    """
    A name that is not public is not there.
    """
    with pytest.raises(AttributeError, match="has no attribute 'Registre'"):
        _ = klarsyn.Registre


@pytest.mark.parametrize("module", ["klarsyn", "klarsyn.cli", "klarsyn.errors"])
def test_importing_costs_nothing(module):
    """
    Neither the template engine nor the YAML library is loaded before it is needed.
    """
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = {name.partition(".")[0] for name in python(code).split()}

    assert "klarsyn" in loaded
    assert set() == loaded & set(HEAVY)
