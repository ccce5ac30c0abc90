import textwrap

import pytest

from tests.shape import measure
from tests.shape.measure import Module


def rules(text, path="register/page.py"):
    """Return the rules that a snippet breaks."""
    return [complaint.rule for complaint in measure.complaints(Module(path, textwrap.dedent(text)))]


def function(body, signature=""):
    """Return a module with one function of that body."""
    return f'"""M."""\ndef read({signature}):\n    """R."""\n' + textwrap.indent(body, "    ")


GOOD = '''
"""Reads a page."""
from klarsyn import yamlfiles


class Page:
    """A page."""

    def rows(self):
        """Return its rows."""
        def one():
            return 1
        return [one()]


def _own():
    return 1
'''


def test_good_code_is_left_alone():
    """
    A tidy module has no complaint.
    """
    assert [] == rules(GOOD)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("file", '"""M."""\n' + "A = 1\n" * 400),
        ("function", function("a = 1\n" * 50)),
        ("class", '"""M."""\nclass A:\n    """A."""\n' + "    a = 1\n" * 250),
        ("parameters", function("return 1\n", "a, b, c, *, d, e, f, g")),
        ("branches", function("if a:\n    pass\n" * 11)),
        ("branches", function("[b for b in c" + " if b" * 11 + "]\n")),
        ("name", '"""M."""\nclass PageManager:\n    """P."""\n'),
        ("name", '"""M."""\ndef read_utils():\n    """R."""\n'),
        ("name", '"""M."""\nclass Page:\n    """P."""\n    def service(self):\n        """S."""\n'),
        ("docstring", "A = 1\n"),
        ("docstring", '"""M."""\ndef read():\n    pass\n'),
        ("docstring", '"""M."""\nclass Page:\n    """P."""\n    def rows(self):\n        pass\n'),
        ("suppression", '"""M."""\nimport a  # noqa\n'),
        ("suppression", '"""M."""\nimport a  # type: ignore\n'),
        ("print", '"""M."""\nprint("a")\n'),
        ("yaml", '"""M."""\nimport yaml\n'),
        ("yaml", '"""M."""\nfrom ruamel.yaml import YAML\n'),
        ("yaml", '"""M."""\nfrom msgspec import json, yaml\n'),
    ],
)
def test_bad_code_is_found(rule, text):
    """
    Each rule finds its own bad snippet, and only that rule does.
    """
    assert [rule] == rules(text)


def test_limits_are_met_exactly():
    """
    What is just as large as the limit is fine.
    """
    assert [] == rules(function("if a:\n    pass\n" * 10, "a, b, c, d, e, f"))
    assert [] == rules(function("a = 1\n" * 48))
    assert [] == rules('"""M."""\n' + "A = 1\n" * 399)


def test_method_does_not_count_self():
    """
    Six parameters are six beside self.
    """
    method = '    def read(self, a, b, c, d, e, f):\n        """R."""\n'
    assert [] == rules(f'"""M."""\nclass Page:\n    """P."""\n{method}')


def test_function_inside_has_branches_of_its_own():
    """
    Branches of a function inside another count once, for the inner one.
    """
    inner = "def inner():\n" + "    if a:\n        pass\n" * 6
    assert [] == rules(function(inner + "if a:\n    pass\n" * 6))


@pytest.mark.parametrize(
    ("path", "lines", "broken"),
    [
        ("vendors/reading.py", 201, []),
        ("vendors/reading.py", 401, ["file"]),
        ("cli/check.py", 82, ["file"]),
        ("register/a/b.py", 5, []),
        ("register/a/b/c.py", 5, ["depth"]),
        ("register/helpers.py", 5, ["name"]),
        ("services/page.py", 5, ["name"]),
    ],
)
def test_place_decides_the_limits(path, lines, broken):
    """
    Vendors and commands are shorter than the rest, and no path is long or empty of meaning.
    """
    assert broken == rules('"""M."""\n' + "A = 1\n" * (lines - 1), path)


@pytest.mark.parametrize(("facts", "broken"), [(200, []), (201, ["file"])])
def test_fact_sheet_counts_only_facts(facts, broken):
    """
    A sheet is what makes a Vendor; its imports and docstrings cost it nothing.
    """
    text = '"""\nM.\n"""\n\nfrom a import (\n    b,\n)\n\n' + "A = 1\n" * (facts - 1)
    assert broken == rules(f"{text}mine = Vendor(b)\n", "vendors/mine.py")


def test_command_counts_only_code():
    """
    Docstrings, comments and blank lines cost a command nothing.
    """
    text = '"""\nM.\n"""\n\n' + "# why\n\n" * 100 + "A = 1\n" * 80
    assert [] == rules(text, "cli/check.py")


def test_yaml_library_has_one_home():
    """
    Ruamel is at home in yamlfiles; PyYAML is nowhere.
    """
    assert [] == rules('"""M."""\nfrom ruamel.yaml import YAML\n', "yamlfiles/reading.py")
    assert [] == rules('"""M."""\nimport ruamel.yaml\n', "yamlfiles.py")
    assert ["yaml"] == rules('"""M."""\nimport yaml\n', "yamlfiles/reading.py")


@pytest.mark.parametrize(
    ("comment", "count"),
    [
        ("# noqa: S101", 1),
        ("# type: ignore[arg-type]  # noqa: S101", 2),
        ("# pragma: no cover", 1),
        ("# this is no qa at all", 0),
    ],
)
def test_suppressions_are_counted(comment, count):
    """
    Each time a checker is told to look away counts.
    """
    assert count == measure.suppression_count(Module("a.py", f"a = 1  {comment}\n"))


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        ("RequestManager", "manager"),
        ("page_factories", "factory"),
        ("utilities", "util"),
        ("serviceable", ""),
        ("handled", ""),
    ],
)
def test_empty_words_are_found_in_any_spelling(name, empty):
    """
    Plural and camel case do not hide an empty word; a longer word is another word.
    """
    assert empty == measure.empty_words(name)
