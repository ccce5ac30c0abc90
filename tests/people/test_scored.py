"""
Scores beside the elements of the source.
"""

from datetime import date

import pytest

from klarsyn import register as registers
from klarsyn import settings
from klarsyn.people.rejected import Rejections
from klarsyn.people.scored import ScoresOfDay, with_calculated
from klarsyn.people.source import Source
from tests.acceptance.processes import EXAMPLES

DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def source():
    """KlarPris's customers and their orders."""
    installation = settings.load(EXAMPLES / "klarpris")
    return Source.of(installation, registers.load(installation.register))


def batch(source):
    """Return the first customers."""
    return next(source.read(Rejections()))


def test_every_score_with_a_calculation_is_there(source):
    """
    Nothing is read before one of them is asked for.
    """
    scores = ScoresOfDay(source, DAY)

    assert ({"company.rating", "customer.rating", "user.rating"}, 3) == (set(scores), len(scores))
    assert 0 == scores.rejected.rows


def test_score_is_an_element_like_others(source):
    """
    Of everybody in the batch, also of those without an order.
    """
    scores = ScoresOfDay(source, DAY)
    whole = with_calculated(batch(source), scores, {"company.rating", "person.email"})
    person = whole[0]

    assert str(scores["company.rating"].of_person(person.key).value) == (
        person.values["company.rating"].reveal()
    )
    assert "customer.rating" not in person.values
    assert scores["company.rating"] is scores["company.rating"]


def test_scores_that_nobody_needs_are_not_calculated(source):
    """
    The batch stays the same object, and no table is read.
    """
    plain = batch(source)

    assert plain is with_calculated(plain, ScoresOfDay(source, DAY), {"person.email"})


def test_score_without_its_table_is_not_there(source, tmp_path):
    """
    Then it has no column, and the plan says so; nothing else is held up.
    """
    text = (EXAMPLES / "klarpris" / "klarsyn.yaml").read_text(encoding="utf-8")
    (tmp_path / "klarsyn.yaml").write_text(text.partition("  tables:")[0], encoding="utf-8")
    bare = Source.of(settings.load(tmp_path), source.register)

    assert {} == dict(ScoresOfDay(bare, DAY))
