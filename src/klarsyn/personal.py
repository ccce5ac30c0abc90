"""
Values that may be used but not shown: of people, and secrets.

They travel wrapped. What prints, logs, formats or serialises one meets three asterisks or a
refusal; only who calls `reveal` sees what is inside, so a search for that word finds every place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NoReturn, Self, TypeVar, cast

T_co = TypeVar("T_co", covariant=True)

_SHOWN = "***"


class Personal(Generic[T_co]):
    """
    A value of a person. It is shown as `***`.

    Two are equal where their kinds and values are. No dataclass, since msgspec, pprint and
    `asdict` would look inside one.
    """

    __slots__ = ("_value",)

    _value: T_co

    def __init__(self, value: T_co) -> None:
        """Wrap a value; it cannot be exchanged afterwards."""
        _set(self, value)

    def reveal(self) -> T_co:
        """Return the value itself. What is done with it is the caller's responsibility."""
        return self._value

    def __repr__(self) -> str:
        return _SHOWN

    def __format__(self, form: str) -> str:
        """Show `***` whatever the form asks for: even a width would tell a length."""
        return _SHOWN

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self._value == cast("Personal[object]", other)._value)

    def __hash__(self) -> int:
        return hash((type(self), self._value))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse to be pickled: a queue, a cache or another process would hold it in clear."""
        raise TypeError(f"{type(self).__name__} is not pickled; store it encrypted")


class Unshown:
    """
    What holds values of a person that are not wrapped any more: it shows its name alone.

    Stands before `Struct`, whose own answers to `repr` and to rich would tell every field.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Show rich no field either."""
        return []


# Three times as fast as object.__setattr__, and an audit wraps every value that it reads.
_set = cast("Callable[[Personal[Any], Any], None]", vars(Personal)["_value"].__set__)
_new = cast("Callable[[type[Personal[str]]], Personal[str]]", object.__new__)


def wrapped(
    record: Mapping[str, object], fields: Sequence[tuple[str, str]]
) -> dict[str, Personal[str]]:
    """
    Return the values of some fields of a record, as texts, by the name given with each.

    What is null, absent or an empty text is left out. To wrap them here, without a call of
    `__init__` each, takes a quarter off what an audit spends on a record.
    """
    found: dict[str, Personal[str]] = {}
    get = record.get
    for name, field in fields:
        told = get(field)
        if type(told) is not str:
            if told is None:
                continue
            told = str(told)
        if told:
            found[name] = one = _new(Personal)
            _set(one, told)
    return found


def forbid_cores() -> None:
    """
    Let no crash of this process write its memory into a file: values would lie there in clear.

    For this process and those that it starts, where the system knows such a limit.
    """
    try:
        import resource
    except ImportError:  # Windows writes none of its own accord
        return
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


class Secret(Personal[str]):
    """A key, a password or a token."""

    __slots__ = ()
