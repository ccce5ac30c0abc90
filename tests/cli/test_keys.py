"""`klarsyn keys`."""

from __future__ import annotations

from klarsyn.keys import VARIABLE, load
from tests.acceptance.processes import klarsyn


def test_new_key_is_ready_to_use() -> None:
    """What is printed is what the variable takes."""
    printed = klarsyn("keys", "new", "--id", "2026").stdout
    assert "2026" == load({VARIABLE: printed}).newest


def test_key_is_called_after_the_day() -> None:
    """Two keys of two days have two names without anybody thinking of one."""
    assert 10 == len(load({VARIABLE: klarsyn("keys", "new").stdout}).newest)
