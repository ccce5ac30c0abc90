"""
Storage by Zapier: a flat object of keys and values behind a secret that is all there is of access.

There is no register of secrets: any UUID of version 4 opens a store, an empty one if it is new.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.zapier_account import Record, ZapierAccount

PLACE = "/api/records"
#: Of a UUID drawn at random (RFC 9562), which is what a secret must be.
RANDOM_VERSION = 4


class ZapierStorage(ZapierAccount):
    """The stores, by their secrets."""

    STORE: ClassVar[str] = "0b5f3a52-6d0e-4c0f-9a51-5c2f7e9d4b10"
    """The secret of the one that is filled."""
    KEYS: ClassVar[int] = 500
    KEY_LENGTH: ClassVar[int] = 32
    VALUE_BYTES: ClassVar[int] = 2500
    #: A store that nobody touches for three months is gone.
    IDLE_DAYS: ClassVar[int] = 90

    def fill(self) -> None:
        """Keep names and addresses in a store, and now and then a number that is not declared."""
        super().fill()
        self.wipes = 0
        """How often a store was emptied by a deletion that named no key."""
        self.wiped = 0
        """How many keys were lost by that."""
        self.stores: dict[str, Record] = {self.STORE: {"counter": len(self.people)}}
        self._touched: dict[str, datetime] = {self.STORE: self.clock.now()}
        for person in self.people:
            value: Record = {"name": person.name, "email": person.email}
            self._plant(person, "storage.name")
            self._plant(person, "storage.email")
            if (person.number + 3) % 5 == 0:
                value["phone"] = person.phone
                self._plant(person, "storage.phone", expected=False)
            self.stores[self.STORE][f"customer_{person.number}"] = value

    @route("GET", PLACE)
    def get_records(self, request: Request) -> Reply:
        """All of a store as one flat object, or the one key that is named."""
        if (store := self._store(request)) is None:
            return self.key_refused(request)
        if key := request.param("key"):
            return Reply(200, {key: store[key]} if key in store else {})
        return Reply(200, dict(store))

    @route("POST", PLACE)
    def merge_records(self, request: Request) -> Reply:
        """Set the given keys; the others stay as they are."""
        if (store := self._store(request)) is None:
            return self.key_refused(request)
        given = _object(request)
        return self._kept(store, given) or Reply(200, given)

    @route("PATCH", PLACE)
    def change_record(self, request: Request) -> Reply:
        """Set a value if it is what one thinks it is, or add to a number."""
        if (store := self._store(request)) is None:
            return self.key_refused(request)
        given = _object(request) or {}
        change = given.get("data")
        key = change.get("key") if isinstance(change, dict) else None
        if not isinstance(change, dict) or not isinstance(key, str) or not key:
            return _refused("data.key is required")
        present = store.get(key)
        if given.get("action") == "set_value_if":
            if "only_if_value" in change and change["only_if_value"] != present:
                return Reply(200, {key: present})
            return self._kept(store, {key: change.get("value")}) or Reply(200, {key: store[key]})
        if given.get("action") == "increment_by":
            return self._incremented(store, key, change.get("amount", 1))
        return _refused("action is unknown")

    @route("DELETE", PLACE)
    def delete_records(self, request: Request) -> Reply:
        """Delete a key, there or not; without one, the whole store."""
        if (store := self._store(request)) is None:
            return self.key_refused(request)
        if key := request.param("key"):
            store.pop(key, None)
        else:
            self.wipes, self.wiped = self.wipes + 1, self.wiped + len(store)
            store.clear()
        return Reply(200, {})

    def _store(self, request: Request) -> Record | None:
        """Return the store of a request's secret, if that could be one."""
        secret = request.param("secret") or request.headers.get("x-secret", "")
        try:
            is_secret = UUID(secret).version == RANDOM_VERSION
        except ValueError:
            return None
        now = self.clock.now()
        idle = now - self._touched.get(secret, now)
        if idle > timedelta(days=self.IDLE_DAYS):
            self.stores.pop(secret, None)
        self._touched[secret] = now
        return self.stores.setdefault(secret, {}) if is_secret else None

    def _incremented(self, store: Record, key: str, amount: object) -> Reply:
        present = store.get(key, 0)
        if not isinstance(amount, int | float) or not isinstance(present, int | float):
            return _refused("not a number")
        return self._kept(store, {key: present + amount}) or Reply(200, {key: store[key]})

    def _kept(self, store: Record, given: Record | None) -> Reply | None:
        """Keep all of it, or return why none is kept."""
        if given is None:
            return _refused("The body must be a JSON object")
        if any(len(key) >= self.KEY_LENGTH for key in given):
            return _refused(f"Keys must be shorter than {self.KEY_LENGTH} characters")
        sizes = [len(json.dumps(one, ensure_ascii=False).encode()) for one in given.values()]
        if any(size >= self.VALUE_BYTES for size in sizes):
            return _refused(f"Values must be smaller than {self.VALUE_BYTES} bytes")
        if len(store.keys() | given.keys()) > self.KEYS:
            return _refused(f"A store holds at most {self.KEYS} keys")
        store.update(given)
        return None


def _object(request: Request) -> Record | None:
    """Return a body that is a JSON object."""
    try:
        given: Any = json.loads(request.body)
    except ValueError:
        return None
    return given if isinstance(given, dict) else None


def _refused(why: str) -> Reply:
    return Reply(400, {"error": why})
