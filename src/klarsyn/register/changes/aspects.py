"""
What is compared in a vendor's file, part by part: use, owner, values, purposes, data, transfers.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from klarsyn.register.changes.comparison import Comparison
from klarsyn.register.changes.identity import folded
from klarsyn.register.changes.kinds import ASPECTS, Compared, compared, is_gap, kept, spots, value
from klarsyn.register.changes.tree import MISSING, ORDER, Path, at
from klarsyn.rules.periods import length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from klarsyn.register.changes.tree import Tree

_OWNER = ("name", "registration", "group")
_GROUND = ("mechanism", "module", "entity", "scope", "fallback", "since", "until")
"""What of a ground of transfer is substance."""


def compare(vendor: str, old: Tree, new: Tree, on: date | None) -> Comparison:
    """Compare two versions of a vendor's file, its ids being the new ones in both."""
    found = Comparison(vendor, _respelt(old, new), new, on)
    for part in (_use, _owner, _values, _retention, _purposes, _data, _transfers, _chain):
        part(found)
    return found


def _respelt(old: Tree, new: Tree) -> Tree:
    """Return the old file with the firms of its chain under the names that the new one has."""
    chain = _tree(old.get("chain"))
    now = {folded(one): one for one in _tree(new.get("chain")) if one != ORDER}
    names = {one: now.get(folded(one), one) for one in chain if one != ORDER}
    if not chain or len({*names.values()}) < len(names):
        return old
    order = {ORDER: [names[one] for one in chain[ORDER]]}
    return {**old, "chain": {**{names[one]: chain[one] for one in names}, **order}}


def _both(found: Comparison, place: Path) -> tuple[Any, Any]:
    return at(found.old, place), at(found.new, place)


def _use(found: Comparison) -> None:
    """Ended, back, or with a day on which it ends (the day is told once, when it is set)."""
    was, now = (value(one) for one in _both(found, ("status",)))
    before, after = (value(one) for one in _both(found, ("end",)))
    places = (("status",), ("end",))
    if now == "ended" and was != "ended":
        if not before or before != after:
            found.tell("removed", "ended", *places, after=after)
    elif now != "archive" and was in {"ended", "archive"} and now != was:
        found.tell("added", "back", *places)
    elif now != "ended" and before != after:
        kind, aspect = ("removed", "ends") if after else ("added", "stays")
        found.tell(kind, aspect, ("end",), before=before, after=after)  # type: ignore[arg-type]


def _owner(found: Comparison) -> None:
    """Tell of another legal entity: name, registration and group together in one change."""
    real: dict[str, Compared] = {}
    learnt: dict[str, Compared] = {}
    for name in _OWNER:
        nodes = _both(found, ("entity", name))
        before, after = (value(one) for one in nodes)
        if folded(before or "") == folded(after or ""):
            continue
        # Where no group is written, there is none; without a number, it is not known;
        # and before the entity itself is known, nothing is said of its group either.
        is_learnt = is_gap(*nodes, "scope" if name == "group" and "name" not in learnt else "fact")
        (learnt if is_learnt else real)[name] = Compared(before, after, is_learnt)
    if "name" in real and "registration" not in real and _has_one_registration(found):
        del real["name"]  # the same legal person took another name
    for changed in (real, learnt):
        if changed:
            found.tell(
                "entity",
                "entity",
                *(("entity", name) for name in changed),
                before=tuple((name, one.before) for name, one in changed.items()),
                after=tuple((name, one.after) for name, one in changed.items()),
                first_told=changed is learnt,
            )


def _has_one_registration(found: Comparison) -> bool:
    before, after = (value(one) for one in _both(found, ("entity", "registration")))
    return before is not None and folded(before) == folded(after or "")


def _values(found: Comparison) -> None:
    for aspect in ASPECTS:
        for place in spots(found.old, found.new, aspect.path):
            if result := compared(*_both(found, place), aspect.form):
                names = zip(place, aspect.path, strict=True)
                subject = " ".join(name for name, wild in names if wild == "*")
                found.tell_value(aspect.kind, aspect.name, place, result, subject)


def _retention(found: Comparison) -> None:
    """Compare how long, by which criterion, and for which statute, as one (R10, R36)."""
    for place in spots(found.old, found.new, ("processing", "*", "retention")):
        before, after = (_kept_for(one) for one in _both(found, place))
        if _is_same_retention(before, after):
            continue
        told = Compared(before or None, after or None, not before or not after)
        found.tell_value("purpose", "retention", place, told, place[1])


def _kept_for(node: Tree) -> dict[str, Any]:
    said = {name: value(node.get(name, MISSING)) for name in ("period", "criterion")}
    said["statute"] = node.get("statute")
    return {name: one for name, one in said.items() if one is not None}


def _is_same_retention(before: dict[str, Any], after: dict[str, Any]) -> bool:
    if before.keys() != after.keys():
        return False
    texts = [one["criterion"] for one in (before, after) if "criterion" in one]
    return (
        length(before.get("period", "")) == length(after.get("period", ""))
        and before.get("statute") == after.get("statute")
        and all(kept(one, other) for one, other in pairwise(texts))
    )


def _purposes(found: Comparison) -> None:
    old, new = _both(found, ("processing",))
    came, went = _came_and_went(old, new)
    for one in came:
        told = tuple(_ids(new[one].get("elements", {})))
        found.tell("purpose", "purpose", ("processing", one), subject=one, after=told)
    for one in went:
        told = tuple(_ids(old[one].get("elements", {})))
        found.tell("purpose", "purpose-lost", ("processing", one), subject=one, before=told)
    if came or went:
        found.explained.append(("processing", ORDER))


def _came_and_went(old: Tree, new: Tree) -> tuple[list[str], list[str]]:
    """Return the keys of two keyed lists that only the new one has, and only the old one."""
    came, went = ([one for one in new if one not in old], [one for one in old if one not in new])
    return [one for one in came if one != ORDER], [one for one in went if one != ORDER]


def _ids(held: Tree) -> Iterator[str]:
    """Yield the ids of elements, and of those that a group includes."""
    for one, about in held.items():
        if one != ORDER:
            yield one
            yield from about.get("includes", ())


def _tree(node: Any) -> Tree:
    return node if isinstance(node, dict) else {}


def _data(found: Comparison) -> None:
    """Compare declaration and elements, purpose by purpose; `none` and no elements are one."""
    for way in spots(found.old, found.new, ("processing", "*")):
        old, new = (_tree(one) for one in _both(found, (*way, "elements")))
        gained, lost = _came_and_went(*(dict.fromkeys(_ids(one)) for one in (old, new)))
        declared = tuple(one["declaration"] for one in _both(found, way))
        places = [*_places(way, old, new)] if gained or lost else []
        if "none" in declared:
            _tell_declaration(found, way, declared, lost, gained, places)
            continue
        _tell_declaration(found, way, declared, [], [], [])
        for aspect, which, one in (("gained", "after", gained), ("lost", "before", lost)):
            if one:
                found.tell("data", aspect, *places, subject=way[1], **{which: tuple(one)})


def _tell_declaration(
    found: Comparison,
    way: Path,
    declared: tuple[str, ...],
    lost: list[str],
    gained: list[str],
    places: list[Path],
) -> None:
    """Tell of another declaration, with the elements where there are none before or after."""
    if declared[0] != declared[1]:
        found.tell(
            "data",
            "declaration",
            (*way, "declaration"),
            (*way, "evidence"),  # what proves the new claim came with it
            *places,
            subject=way[1],
            before=(declared[0], tuple(lost)),
            after=(declared[1], tuple(gained)),
        )


def _places(way: Path, old: Tree, new: Tree) -> Iterator[Path]:
    """Yield where elements stand that came or went, be it in a group."""
    for one in old.keys() ^ new.keys():
        yield (*way, "elements", one)
    for one in old.keys() & new.keys():
        yield (*way, "elements", one, "includes")
    yield (*way, "elements", ORDER)


def _transfers(found: Comparison) -> None:
    old, new = (_tree(one) for one in _both(found, ("transfers",)))
    for country in sorted({_to(one) for one in (*old, *new)} - {ORDER}):
        before, after = (_grounds(one, country) for one in (old, new))
        if _standing(before, found.on) == _standing(after, found.on):
            continue
        found.tell(
            "mechanism",
            "grounds",
            *(("transfers", one) for one in (*old, *new) if _to(one) == country),
            ("transfers", ORDER),
            subject=country,
            before=_standing(before, found.on),
            after=_standing(after, found.on),
            first_told=not before and _became_known(found, country),
        )


Grounds = tuple[tuple[tuple[str, str], ...], ...]


def _grounds(transfers: Tree, country: str) -> Grounds:
    """Return the grounds for one country, in an order of their own."""
    entries: Iterable[Tree] = (it for one, it in transfers.items() if _to(one) == country)
    return tuple(
        sorted(tuple((name, one[name]) for name in _GROUND if name in one) for one in entries)
    )


def _standing(grounds: Grounds, on: date | None) -> Grounds:
    """Return the grounds without those that were over before a day."""
    if on is None:
        return grounds
    return tuple(one for one in grounds if dict(one).get("until", "9999") >= on.isoformat())


def _became_known(found: Comparison, country: str) -> bool:
    """Tell whether a country became known now, and the ground for it therefore with it."""
    told = [one for one in found.changes if one.kind == "country" and one.first_told]
    return any(country in (one.after or ()) for one in told)


def _to(key: str) -> str:
    return key.partition("#")[0]


def _chain(found: Comparison) -> None:
    old, new = (_tree(one) for one in _both(found, ("chain",)))
    came, went = _came_and_went(old, new)
    for one in came:
        found.tell("added", "chain", ("chain", one), subject=one, after=new[one]["country"])
    for one in went:
        found.tell("removed", "chain", ("chain", one), subject=one, before=old[one]["country"])
    if came or went:
        found.explained.append(("chain", ORDER))
