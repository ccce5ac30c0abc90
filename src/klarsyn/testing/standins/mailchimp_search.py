"""
Mailchimp's index of members, which lags behind what was written.

Nothing documents how long; that it lags is what users of the API report.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from klarsyn.testing.standins.mailchimp_wire import Json

Key = tuple[str, str]
"""Audience and contact id."""


class MemberIndex:
    """What the search knows: each member as they were when the index last came by."""

    def __init__(self, lag: timedelta) -> None:
        """Begin empty."""
        self._lag = lag
        self._seen: dict[Key, Json] = {}
        self._waiting: list[tuple[datetime, Key, Json | None]] = []

    def write(self, when: datetime, key: Key, reply: Json | None) -> None:
        """Let a member be found as that reply once the lag has passed; None takes them out."""
        self._waiting.append((when + self._lag, key, reply))

    def found(self, query: str, list_id: str, now: datetime) -> tuple[list[Json], list[Json]]:
        """Return exact matches and partial ones; a stale entry is found as it was."""
        self._catch_up(now)
        wanted = query.strip().casefold()
        exact: list[Json] = []
        partial: list[Json] = []
        for (audience, _), reply in self._seen.items():
            if list_id not in ("", audience) or reply["status"] == "archived":
                continue
            words = [text.casefold() for text in _words(reply)]
            if wanted in words:
                exact.append(reply)
            elif any(wanted in one for one in words):
                partial.append(reply)
        return exact, partial

    def _catch_up(self, now: datetime) -> None:
        due = [one for one in self._waiting if one[0] <= now]
        self._waiting = [one for one in self._waiting if one[0] > now]
        for _, key, reply in due:
            self._seen.pop(key, None)
            if reply:
                self._seen[key] = reply


def _words(reply: Json) -> list[str]:
    """Return what is searched: address, first name, last name and both."""
    names = [str(reply["merge_fields"].get(tag, "")) for tag in ("FNAME", "LNAME")]
    return [reply["email_address"], reply["full_name"], *names]
