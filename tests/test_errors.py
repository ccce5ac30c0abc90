import inspect
import re

import pytest

from klarsyn import errors
from klarsyn.errors import KlarsynError, Message, Problem, RegisterError, SettingsError, said

CLASSES = [
    one
    for _, one in inspect.getmembers(errors, inspect.isclass)
    if issubclass(one, KlarsynError) and "id" in vars(one)
]
TREE = re.findall(r"[├└]── (\w+) +(\d+)  ([a-z-]+)  ", errors.__doc__)


def problem(file, line, what="wrong"):
    """Return a problem in a file."""
    return Problem(file, line, said(what), said("mend it"))


def test_ids_and_codes_are_told_apart():
    """
    An id and an exit code mean one thing each.
    """
    assert (
        len(CLASSES) == len({one.id for one in CLASSES}) == len({one.exit_code for one in CLASSES})
    )


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.__name__)
def test_error_has_an_id_a_code_and_a_sentence(one):
    """
    The class docstring is the reference text.
    """
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", one.id)
    assert 0 < one.exit_code < 126
    assert one.__doc__.endswith(".")


def test_drawn_tree_is_the_real_one():
    """
    What the module's docstring shows is what the classes say.
    """
    expected = {
        (one.__name__, str(one.exit_code), one.id) for one in CLASSES if one is not KlarsynError
    }

    assert expected == set(TREE)


def test_problems_are_told_by_file_and_line():
    """
    In the order in which somebody mends them.
    """
    error = RegisterError([problem("b", 1), problem("a", 10), problem("a", 9)])

    assert ["a:9", "a:10", "b:1"] == [f"{one.file}:{one.line}" for one in error.problems]
    assert (
        "a:9: wrong: mend it\na:10: wrong: mend it\nb:1: wrong: mend it\n[register-invalid]"
        == str(error)
    )


def test_two_problems_of_one_line_are_both_told():
    """
    The order looks at file and line; neither problem is lost.
    """
    error = SettingsError([problem("a", 1, "first"), problem("a", 1, "second")])

    assert ["first", "second"] == [str(one.what) for one in error.problems]


def test_error_ends_with_remedy_and_id():
    """
    Message, remedy and id stand on one line.
    """
    plain = errors.UnknownName(said("there is no rule 'x'"))
    helped = errors.UnknownName(said("there is no rule 'x'."), said("Did you mean 'y'?"))

    assert "there is no rule 'x' [unknown-name]" == str(plain)
    assert "there is no rule 'x'. Did you mean 'y'? [unknown-name]" == str(helped)


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("word", "word"),
        (7, "7"),
        (["a", "b"], "a, b"),
        (("a", said("b {c}", c="d")), "a, b d"),
        ({"sv": "Namn", "en": "Name"}, "Name"),
        ({"sv": "Namn"}, "Namn"),
        ({}, ""),
        ([{"en": "Name"}, {"en": "E-mail"}], "Name, E-mail"),
        ("{braces}", "{braces}"),
    ],
)
def test_facts_are_said_in_english(fact, expected):
    """
    A fact is a word, a number, a list, a message, or a text in several languages.
    """
    assert f"<{expected}>" == str(said("<{fact}>", fact=fact))


def test_message_keeps_what_was_said():
    """
    Text and facts stay apart, so that another language can say them.
    """
    assert Message("{a} and {b}", {"a": 1, "b": 2}) == said("{a} and {b}", a=1, b=2)


def test_fact_may_be_called_text():
    """
    The name of the sentence's own argument is free for facts.
    """
    assert "it is 'x'" == str(said("it is '{text}'", text="x"))
