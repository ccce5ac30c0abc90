"""
Checkpoints as they are written: JSON, encrypted under a key that is not in the database.

The engine below would write pickle in base64, and errors in their own words (trap 1d.5).
"""

from __future__ import annotations

import base64
from typing import Any, Final

import msgspec

from klarsyn.durable.failures import failure_of, from_plain, to_plain
from klarsyn.errors import SecretUnreadable
from klarsyn.keys import Keys
from klarsyn.storage.sealing import Sealed, Sealing

#: What the bytes are bound to. Whose they are stands inside, and is looked at when they are used:
#: the engine does not tell which row it writes.
_BOUND: Final = "steps"
NAME: Final = "klarsyn-1"


class Unread(BaseException):
    """
    A checkpoint under a key that is not given, or altered.

    No Exception: the engine would record that the work failed, where only a key is missing. It
    asks arguments for their two parts, so it finds those; `unread` among them tells whoever runs.
    """

    def __getitem__(self, part: str) -> Any:
        return {"unread": True} if part == "kwargs" else ()


class Checkpoints:
    """Writes and reads what the engine records."""

    def __init__(self, keys: Keys) -> None:
        """Write under the newest key, read under all."""
        self._sealing = Sealing(keys.all("steps"))

    def name(self) -> str:
        """What the engine writes beside each checkpoint, to know who can read it."""
        return NAME

    def serialize(self, data: Any) -> str:
        """Return a value or an error as `KEY:BASE64`; TypeError for what is no JSON."""
        plain = [1, to_plain(failure_of(data))] if isinstance(data, BaseException) else [0, data]
        sealed = self._sealing.seal(msgspec.json.encode(plain), _BOUND)
        return f"{sealed.key_id}:{base64.b64encode(sealed.sealed).decode()}"

    def deserialize(self, serialized_data: str) -> Any:
        """Return the value, the WorkFailed, or `Unread`; nothing is raised."""
        key_id, _, encoded = serialized_data.partition(":")
        try:
            sealed = Sealed(key_id, base64.b64decode(encoded, validate=True))
            clear = self._sealing.open(sealed, _BOUND, _BOUND)
        except (SecretUnreadable, ValueError):
            return Unread()
        is_error, plain = msgspec.json.decode(clear)
        return from_plain(plain) if is_error else plain
