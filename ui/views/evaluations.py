"""What the pages about evaluations show, from what is kept of them. Times are in nanoseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from policies.gate.models import StoredEvaluation
from ui import format as fmt
from ui import urls, words

_STATES = {"deny": "breached", "warn": "overdue", "allow": "met"}
_VERDICTS = {"deny": "may not ship", "warn": "may ship, with warnings", "allow": "may ship"}
_HEADINGS = {"deny": "Denies", "warn": "Warns", "allow": "Let pass, or recorded only"}


@dataclass(frozen=True, slots=True)
class Row:
    """One evaluation in a list."""

    href: str
    subject: str
    state: str
    verdict: str
    at: int
    by: str
    context: str
    turns: int


@dataclass(frozen=True, slots=True)
class Part:
    """The findings of one level."""

    heading: str
    state: str
    level: str
    findings: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who relies on the API, and what was seen of it."""

    name: str
    api: str
    how: str
    state: str
    status: str
    calls: str
    last: int | None
    purpose: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One evaluation as its page shows it."""

    id: str
    subject: str
    subject_href: str
    verdict: str
    state: str
    answer: str
    at: int
    by: str
    asked: int
    batch_href: str
    context: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    consumers: Sequence[Consumer]
    mappings: Sequence[Mapping[str, Any]]
    workflows: Sequence[Mapping[str, Any]]
    slas: Sequence[Mapping[str, Any]]
    notes: Sequence[str]
    notices: Sequence[str]
    waivers: Sequence[Mapping[str, Any]]
    changes: Sequence[Mapping[str, Any]]
    format: str
    history: Sequence[tuple[int, str, str]]

    @property
    def wishes(self) -> list[Mapping[str, Any]]:
        """The findings that a waiver could let pass."""
        return [one for part in self.parts if part.level != "allow" for one in part.findings if one["fingerprint"]]


def answer(counts: Mapping[str, int], days: int) -> str:
    """The sentence that the list begins with."""
    total = sum(counts.values())
    if not total:
        return f"Nothing was asked in the last {days} days."
    denied, warned = counts.get("deny", 0), counts.get("warn", 0)
    said = f"{words.quantity(total, 'change')} {words.verb(total, 'was', 'were')} asked about in the last {days} days"
    return f"{said}: {fmt.count(denied)} may not ship, {fmt.count(warned)} may with warnings, {fmt.count(total - denied - warned)} may."


def row(one: StoredEvaluation) -> Row:
    """One line of the list."""
    return Row(
        href=href(one.id),
        subject=one.subject,
        state=_STATES[one.verdict],
        verdict=_VERDICTS[one.verdict],
        at=nanoseconds(one.evaluated_at),
        by=one.evaluated_by,
        context=_context_words(one.context),
        turns=len(one.history),
    )


def href(ident: str) -> str:
    """The address of an evaluation."""
    return f"/reviews/evaluations/{quote(ident, safe='')}"


def position(text: str) -> tuple[datetime, str] | None:
    """Where an older part of the list begins; none for what is no such place."""
    moment, _, ident = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, ident) if at.tzinfo and ident.isalnum() else None


def older(given: Mapping[str, str], last: StoredEvaluation) -> str:
    """The address of the part of the list behind a row."""
    before = f"{last.evaluated_at.isoformat()}~{last.id}"
    return urls.with_query("/reviews/evaluations", [*given.items(), ("before", before)])


def detail(one: StoredEvaluation) -> Detail:
    """All of an evaluation."""
    told = one.answer
    impact = told["impact"]
    return Detail(
        id=one.id,
        subject=one.subject,
        subject_href=f"/catalogue/schemas/{quote(one.subject, safe='')}",
        verdict=_VERDICTS[one.verdict],
        state=_STATES[one.verdict],
        answer=_sentence(told),
        at=nanoseconds(one.evaluated_at),
        by=one.evaluated_by,
        asked=one.asked,
        batch_href=urls.with_query("/reviews/evaluations", {"batch": one.batch}) if one.batch else "",
        context=[(str(name), str(value)[:300]) for name, value in one.context.items()],
        parts=_parts(told["findings"]),
        consumers=[_consumer(each) for each in impact["consumers"]],
        mappings=impact["mappings"],
        workflows=impact["workflows"],
        slas=impact["slas"],
        notes=impact["notes"],
        notices=told["notices"],
        waivers=told["waivers"],
        changes=[each for each in told["changes"] if each["level"] == "info" and not each.get("waived")],
        format=one.format,
        history=[(_at(turn["at"]), _VERDICTS[turn["verdict"]], turn["by"]) for turn in one.history],
    )


def _sentence(told: Mapping[str, Any]) -> str:
    against = f"Judged against version {told['version']}, this" if told["version"] else "This"
    found = [
        words.quantity(count, noun)
        for level, noun in (("deny", "objection"), ("warn", "warning"))
        if (count := sum(one["level"] == level for one in told["findings"]))
    ]
    waived = sum(one["waiver"] is not None for one in told["findings"])
    found += [f"{words.quantity(waived, 'finding')} {words.verb(waived, 'is', 'are')} let pass"] if waived else []
    grounds = f": {words.listing(found)}" if found else ", and nothing speaks against it"
    return f"{against} document {_VERDICTS[told['verdict']]}{grounds}."


def _parts(findings: Sequence[Mapping[str, Any]]) -> list[Part]:
    return [
        Part(heading, _STATES[level], level, own)
        for level, heading in _HEADINGS.items()
        if (own := [one for one in findings if one["level"] == level])
    ]


def _consumer(one: Mapping[str, Any]) -> Consumer:
    calls = one["calls_30d"]
    status = {"active": "calls it", "quiet": "quiet for 30 days", "unknown": "not seen, so unknown"}
    return Consumer(
        name=one["name"],
        api=one["api"],
        how="declared" if one["declared"] else "seen, not declared",
        state={"active": "met", "quiet": "overdue", "unknown": "pending"}[one["status"]],
        status=status[one["status"]],
        calls="unknown" if calls is None else fmt.count(calls),
        last=_at(one["last_call"]) if one["last_call"] else None,
        purpose=one["purpose"] or "",
    )


def _context_words(context: Mapping[str, Any]) -> str:
    picked = [str(context[name]) for name in ("repository", "branch", "commit", "file") if context.get(name)]
    return " ".join(part[:40] for part in picked)


def nanoseconds(moment: datetime) -> int:
    """A moment as pages count it."""
    return int(moment.timestamp()) * 10**9


def _at(text: str) -> int:
    return nanoseconds(datetime.fromisoformat(text))
