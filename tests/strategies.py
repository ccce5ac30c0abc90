"""
Hypothesis strategies: register files as people write them, and as they spoil them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from scripts.fuzz import MUTATIONS

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

ROOT = Path(__file__).resolve().parents[1]
REAL_FILES = {
    path.relative_to(folder).as_posix(): path.read_bytes()
    for folder in sorted(ROOT.glob("examples/*/register"))
    for path in sorted(folder.rglob("*.yaml"))
}


@st.composite
def mutated_files(draw: DrawFn) -> tuple[str, bytes]:
    """Return the name and the content of a real file that one or two mutations went over."""
    name = draw(st.sampled_from(sorted(REAL_FILES)))
    content = REAL_FILES[name]
    rng = draw(st.randoms(use_true_random=False))
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=2)):
        if content.split():
            other = REAL_FILES[draw(st.sampled_from(sorted(REAL_FILES)))]
            content = mutate(rng, content, other)
    return name, content
