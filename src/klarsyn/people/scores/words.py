"""
A score told to the person whose it is, in short sentences (GDPR Art. 15(1)(h); C-203/22).

Everything is a message, so that it can be said in any language. Numbers are exact as far as six
decimals reach; one that goes on for ever is called "about".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from klarsyn.errors import said
from klarsyn.language import LANGUAGES, decimal
from klarsyn.people.scores.whatif import WhatIf, what_ifs
from klarsyn.register.calculation import LARGEST, label_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from klarsyn.errors import Message
    from klarsyn.people.scores.points import Score, Scores, Weighed
    from klarsyn.personal import Personal
    from klarsyn.register.calculation import Statistic
    from klarsyn.register.company import ScoreCard
    from klarsyn.register.facts import Fact, Text

_PLACES = (0, 2, 3, 4, 5, 6)
"""The decimals that a number may be written with: none, or two like an amount, or more."""
_MOST = 12
_ABOUT = 2
"""The decimals of a number that six would not tell whole."""

_OF_ORDERS: Mapping[Statistic, Message] = {
    "count": said("Orders"),
    "days": said("Days with an order"),
    "sum": said("Amount of all orders"),
    "mean": said("Average amount of an order"),
    "median": said("Amount of the order in the middle (median)"),
    "days-since-last": said("Days since the last order"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """A score with the sentences that explain it."""

    score: Score
    names: tuple[object, ...]
    """What each figure is called: a message, or a text in several languages."""
    what_ifs: tuple[WhatIf, ...]
    messages: tuple[Message, ...]

    def plain(self) -> dict[str, object]:
        """Return it for programs: numbers are exact decimals, or fractions such as 100/3."""
        score, recipe = self.score, self.score.recipe
        return {
            "algorithm": recipe.calculation.algorithm,
            "version": recipe.version,
            "example": recipe.calculation.example,
            "day": recipe.day.isoformat(),
            "first": recipe.first.isoformat(),
            "last": recipe.last.isoformat(),
            "figures": [
                {
                    "table": figure.table,
                    "statistic": figure.statistic,
                    "direction": figure.direction,
                    "weight": figure.weight,
                    "full_at": figure.full_at,
                    "points": _exactly(points),
                }
                for figure, points in zip(recipe.calculation.figures, score.points, strict=True)
            ],
            **_outcome(score),
            "what_if": [_outcome(other.score) for other in self.what_ifs],
        }


def _outcome(score: Score) -> dict[str, object]:
    return {
        "score": str(score.value),
        "exact": _exactly(score.exact),
        "band": score.band.id if score.band else None,
        "numbers": [_exactly(one) for one in score.numbers],
        "whole": _exactly(score.whole),
    }


def _exactly(number: Fraction | None) -> str | None:
    if number is None:
        return None
    for places in range(_MOST + 1):
        if (number * 10**places).denominator == 1:
            return f"{Decimal(int(number * 10**places)).scaleb(-places):f}"
    return str(number)


def explain(scores: Scores, key: Personal[str], card: ScoreCard, company: str) -> Explanation:
    """
    Explain one person's score by its card.

    Their rows have to be kept: see `Scores.of`. The company's name says whose example it is.
    """
    score = scores.of_person(key)
    calculation = score.recipe.calculation
    names = tuple(
        label_of(card, calculation, number) or _OF_ORDERS[one.statistic]
        for number, one in enumerate(calculation.figures)
    )
    others = what_ifs(scores, key)
    messages = [*_result(score, card, company), *_sum(score, names)]
    messages += [_what_if(score, other.score, names) for other in others]
    if not others:
        messages.append(said("No change that was tried would have made another score."))
    return Explanation(score, names, others, (*messages, *_use(card)))


# What came out, and of what.


def _result(score: Score, card: ScoreCard, company: str) -> Iterator[Message]:
    recipe = score.recipe
    yield said("{label}: {score}", label=card.label, score=_with_band(score))
    meant = card.definitions.get(recipe.calculation.definition or "")
    if meant and not recipe.calculation.example:
        yield said("What it means: {text}", text=meant.text)
    if recipe.calculation.example:
        yield said(
            "This calculation is an example. {company} has not confirmed how it makes this score.",
            company=company,
        )
    yield said(
        "It was calculated for {day}, by version {version} of the calculation. It looks at what "
        "happened from {first} to {last}.",
        day=recipe.day,
        first=recipe.first,
        last=recipe.last,
        version=recipe.version,
    )


def _sum(score: Score, names: tuple[object, ...]) -> Iterator[Message]:
    if score.whole is not None:
        yield said("{name}: {number}", name=names[0], number=_number(score.numbers[0]))
        yield said("{name}: {number}", name=_of_all(names[0]), number=_number(score.whole))
        yield said("The score is the first number as a share of the second, in per cent.")
    else:
        yield said("Points are added up, to {largest} at most:", largest=LARGEST)
        for one, name, number, points in zip(
            score.recipe.figures, names, score.numbers, score.points, strict=True
        ):
            yield _points(one, name, number, points)
        yield said("Together that makes {points} points.", points=_number(score.exact))
    if score.exact != Fraction(score.value):
        yield said("It is rounded to {score}.", score=_number(score.value))
    if score.band:
        facts = {"band": score.band.label, "start": _number(Fraction(score.band.at_least))}
        yield said('The band "{band}" begins at {start}.', **facts)


def _points(one: Weighed, name: object, number: Fraction | None, points: Fraction) -> Message:
    facts = {"name": name, "points": _number(points), "weight": _number(one.weight)}
    if number is None:
        return said("{name}: nothing in this time, so 0 of {weight} points.", **facts)
    facts |= {"number": _number(number), "full": _number(one.full_at)}
    if one.figure.direction == "raises":
        return said(
            "{name}: {number}. More of it raises the score. It gives {points} of {weight} points, "
            "and all of them from {full} on.",
            **facts,
        )
    return said(
        "{name}: {number}. More of it lowers the score. It gives {points} of {weight} points, "
        "and none of them from {full} on.",
        **facts,
    )


# What would have been otherwise, and what it is used for.


def _what_if(now: Score, other: Score, names: tuple[object, ...]) -> Message:
    """Say every number that would have been another, and the score that they would have made."""
    pairs = [*zip(names, now.numbers, other.numbers, strict=True)]
    if now.whole is not None:
        pairs.append((_of_all(names[0]), now.whole, other.whole))
    changes = [
        said(
            '"{name}" had been {new} instead of {old}',
            name=name,
            new=_number(new),
            old=_number(old),
        )
        for name, old, new in pairs
        if old != new
    ]
    say = _with_band if now.band is not other.band else _value
    return said(
        "If {changes}, the score would have been {new} instead of {old}.",
        changes=changes,
        new=say(other),
        old=say(now),
    )


def _use(card: ScoreCard) -> Iterator[Message]:
    yield said("Who acts on it: {text}", text=_told(card.acted_on_by))
    yield said("What it leads to: {text}", text=_told(card.effect))
    yield said("Where a person decides: {text}", text=_told(card.human_step))
    yield said("How to object: {text}", text=_told(card.objection))


def _told(fact: Fact[Text]) -> object:
    return fact.value or said("not yet known")


def _of_all(name: object) -> Message:
    return said("{name}, all customers together", name=name)


def _with_band(score: Score) -> object:
    if score.band is None:
        return _value(score)
    return said("{score} ({band})", score=_value(score), band=score.band.label)


def _value(score: Score) -> object:
    return _number(score.value)


def _number(number: Fraction | Decimal | None) -> object:
    """Return a number as each language writes it, or that there is none."""
    if number is None:
        return said("nothing")
    exact = Fraction(number)
    for places in _PLACES:
        if (exact * 10**places).denominator == 1:
            return _written(exact, places)
    return said("about {number}", number=_written(exact, _ABOUT))


def _written(exact: Fraction, places: int) -> dict[str, str]:
    number = Decimal(round(exact * 10**places)).scaleb(-places)
    return {language: decimal(number, language, places=places) for language in LANGUAGES}
