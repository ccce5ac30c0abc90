import pytest

from klarsyn.register import RULES
from tests.acceptance.processes import EXAMPLES, klarsyn


def explain(name, **environ):
    """Ask for a finding, away from any register."""
    return klarsyn("explain", name, folder=EXAMPLES, **environ)


def test_finding_is_explained_by_its_id():
    """
    What, on which requirement, how grave, why and what to do; no register is needed.
    """
    done = explain("role-missing")
    rule = RULES["role-missing"]

    assert 0 == done.returncode
    assert done.stdout.startswith(f"role-missing: {rule.title}\n")
    assert " ".join(rule.why.split()) in " ".join(done.stdout.split())
    assert f"→ {rule.remedy}" in " ".join(done.stdout.split())
    assert rule.requirement in done.stdout
    assert rule.severity in done.stdout


@pytest.mark.parametrize("name", ["R82", "r82", "D24", "d24", "ROLE-MISSING"])
def test_small_and_capital_letters_are_the_same(name):
    """
    R82 or r82: everything that rests on it is explained.
    """
    wanted = name.upper()
    expected = [
        rule.id
        for rule in RULES.values()
        if wanted in {*rule.requirement.split(), *rule.seen_as.split(), rule.id.upper()}
    ]
    told = explain(name).stdout
    heads = [one.partition(":")[0] for one in told.splitlines() if one and one[0] != " "]

    assert expected
    assert expected == heads


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_is_complete(name):
    """
    Each rule has a requirement, a reason with its source, and a remedy.
    """
    rule = RULES[name]

    assert rule.requirement.startswith("R")
    assert 40 < len(rule.why)
    assert rule.remedy
    assert rule.title[0].isupper() or not rule.title[0].isalpha()


def test_unknown_finding_names_the_nearest():
    """
    15: a misspelt id is answered with the right one.
    """
    done = explain("role-mising")

    assert 15 == done.returncode
    assert "" == done.stdout
    assert (
        "There is no finding called role-mising. Did you mean role-missing? [unknown-name]\n"
        == done.stderr
    )


def test_unknown_finding_without_a_neighbour_says_where_ids_are():
    """
    15: what is like nothing is sent to the check.
    """
    done = explain("xyzzy")

    assert 15 == done.returncode
    assert "klarsyn check" in done.stderr


def test_explanation_fits_a_terminal():
    """
    No line is longer than 90 signs.
    """
    assert [] == [one for one in explain("R12").stdout.splitlines() if len(one) > 90]


def test_explanation_is_in_danish_on_a_danish_terminal():
    """
    The reason of a finding is told in the reader's language.
    """
    done = explain("role-missing", LANG="da_DK.UTF-8")

    assert 0 == done.returncode
    assert done.stdout.startswith("role-missing: ")
    assert RULES["role-missing"].title not in done.stdout
