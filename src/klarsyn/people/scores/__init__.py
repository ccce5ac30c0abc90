"""
Calculated elements: what a score card says, carried out exactly and told to the person in words.

`Scores.of` goes over the tables once; `explain` tells one person's score, with at least one
"if X had been Y" that is true to the last digit. Rows come from the company's source by way of
`tables`, or from anywhere; nothing here knows a vendor.
"""

from klarsyn.people.scores.points import Score, Scores
from klarsyn.people.scores.sourced import is_known, tables
from klarsyn.people.scores.tallies import Row
from klarsyn.people.scores.whatif import WhatIf, what_ifs
from klarsyn.people.scores.words import Explanation, explain

__all__ = [
    "Explanation",
    "Row",
    "Score",
    "Scores",
    "WhatIf",
    "explain",
    "is_known",
    "tables",
    "what_ifs",
]
