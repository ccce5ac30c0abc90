"""
Danish supervision of processors: how many points ask for which concept (R68).

Source: Datatilsynet, guidance on supervision of processors, 29 October 2021 (grade S).
"""

from __future__ import annotations

SOURCE = "Datatilsynet, 2021-10-29"

_LEAST_CONCEPT = ((2, 1), (4, 2), (6, 3), (10, 5))  # up to so many points: at least this concept


def least_concept(points: int) -> int:
    """Return the least of the six concepts that a score of 1 to 10 points allows."""
    return next(concept for most, concept in _LEAST_CONCEPT if points <= most)


CONCEPTS = 6


def permissible_concepts(points: int) -> range:
    """Return the concepts that a score of 1 to 10 points allows, the least first."""
    return range(least_concept(points), CONCEPTS + 1)
