"""The keys of an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.errors import KeysMissing
from klarsyn.keys import VARIABLE, load, made

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = made("2025"), made("2026-b")


def test_last_key_is_the_one_in_use() -> None:
    """Keys stand oldest first; what is new is made under the last."""
    keys = load({VARIABLE: f"{OLD} {NEW}"})
    assert "2026-b" == keys.newest
    assert ["2025", "2026-b"] == list(keys.all("seal"))


def test_no_key_serves_two_ends() -> None:
    """Hashes, values at rest, steps and signatures each have a key of their own."""
    keys = load({VARIABLE: f"{OLD} {NEW}"})
    uses = ("hash", "seal", "steps", "sign")
    derived = {keys.derived(use, one) for use in uses for one in keys.secrets}  # type: ignore[arg-type]
    assert 8 == len(derived)
    assert {32} == {len(one) for one in derived}


def test_same_secret_gives_the_same_key_another_day() -> None:
    """What was hashed last year is recognised: nothing random goes into the derivation."""
    assert load({VARIABLE: OLD}).derived("hash") == load({VARIABLE: OLD}).derived("hash")


def test_file_may_hold_the_keys(tmp_path: Path) -> None:
    """One key a line, and lines that begin with # say what they are for."""
    (tmp_path / "keys").write_text(f"# retired in May\n{OLD}\n  # in use\n{NEW}\n")
    assert "2026-b" == load({f"{VARIABLE}_FILE": str(tmp_path / "keys")}).newest


@pytest.mark.parametrize(
    "given",
    ["", "  ", "2026", "2026:short", f"{OLD} {OLD}", f"{OLD},{NEW}"],
    ids=["nothing", "blanks", "no secret", "short", "twice", "comma"],
)
def test_wrong_keys_are_refused_without_being_shown(given: str) -> None:
    """The message tells which part is wrong and how a key is made, and repeats nothing of it."""
    with pytest.raises(KeysMissing) as refused:
        load({VARIABLE: given})
    assert "klarsyn keys new" in str(refused.value)
    assert OLD.partition(":")[2] not in str(refused.value)


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Who mistypes the name of the file is told which one was looked for."""
    with pytest.raises(KeysMissing, match="gone"):
        load({f"{VARIABLE}_FILE": str(tmp_path / "gone")})


def test_keys_are_not_shown() -> None:
    """Printing the keys shows their ids only."""
    assert OLD.partition(":")[2] not in repr(load({VARIABLE: OLD}))
