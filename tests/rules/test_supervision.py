import pytest

from klarsyn.rules.supervision import SOURCE, least_concept, permissible_concepts


@pytest.mark.parametrize(
    ("points", "concept"),
    [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3), (7, 5), (8, 5), (9, 5), (10, 5)],
)
def test_points_ask_for_a_concept(points, concept):
    """
    R68: 1-2 points allow concepts 1-6, 3-4 allow 2-6, 5-6 allow 3-6, 7-10 allow 5-6.
    """
    assert concept == least_concept(points)


@pytest.mark.parametrize(
    ("points", "concepts"), [(2, [1, 2, 3, 4, 5, 6]), (4, [2, 3, 4, 5, 6]), (10, [5, 6])]
)
def test_points_permit_concepts(points, concepts):
    """
    R68: from the least one to the sixth.
    """
    assert concepts == list(permissible_concepts(points))


def test_table_has_its_source():
    """
    R94: the guidance of 29 October 2021.
    """
    assert "Datatilsynet, 2021-10-29" == SOURCE
