"""
The page of open points: what the company chose to publish of its findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.publication import words
from klarsyn.publication.pages.frame import Link
from klarsyn.register.examination import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from klarsyn.publication.pages.frame import About, Edition
    from klarsyn.publication.voice import Voice
    from klarsyn.register.findings import Finding, Rule

PATH = "findings.html"


def link(edition: Edition, voice: Voice) -> Link | None:
    """There is such a page where the company publishes findings and has some."""
    return Link(PATH, voice.text("Open points")) if edition.published else None


def pages(about: About) -> Iterator[tuple[str, str]]:
    """Yield the page, if there is one."""
    if published := about.edition.published:
        groups = [
            findings_view(rule, [one for one in published if one.rule is rule], about.voice)
            for rule in count(published)
        ]
        yield about.render("findings.html", PATH, groups=groups)


@dataclass(frozen=True, slots=True)
class FindingsView:
    """The open points under one rule."""

    id: str
    title: str
    severity: str
    requirement: str
    why: str
    points: tuple[str, ...]


def findings_view(rule: Rule, findings: Sequence[Finding], voice: Voice) -> FindingsView:
    """Return the open points of a rule in words."""
    return FindingsView(
        id=rule.id,
        title=voice.text(rule.title),
        severity=voice.text(words.SEVERITIES[rule.severity]),
        requirement=rule.requirement,
        why=voice.text(rule.why),
        points=tuple(voice.message(one.what) for one in findings),
    )
