"""
Two versions of a register compared: what changed, and of which kind (R98).

The words for it are publication's; the rules stand in docs/reference/changes.md.
"""

from klarsyn.register.changes.difference import Difference, apply, diff, trees
from klarsyn.register.changes.kinds import KINDS, Change, Kind

__all__ = ["KINDS", "Change", "Difference", "Kind", "apply", "diff", "trees"]
