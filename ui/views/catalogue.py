"""What the pages of the catalogue say. Pure; times are nanoseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from registry.catalogue.listing import Entry
from registry.findings.model import Finding, Level, Seen
from registry.kinds.api import APISpec, Lifecycle, Version
from registry.kinds.base import Manifest
from registry.kinds.source import SourceManifest
from registry.kinds.system import SystemManifest
from registry.kinds.team import Contact, TeamManifest
from ui import urls, words
from ui.sentence import Bit

#: The look of a stage: icon and colour of a state.
STAGES: Mapping[Lifecycle, str] = {
    "proposed": "pending",
    "active": "met",
    "deprecated": "overdue",
    "retired": "cancelled",
}
_OWN_PAGES = {"Schema": "/catalogue/schemas/{}", "Mapping": "/catalogue/mappings/{}", "SLA": "/slas/{}"}
_SHORT = {"API", "SLA"}


def href(kind: str, name: str) -> str:
    """A declared thing's page."""
    return f"/catalogue/{kind}/{quote(name, safe='')}"


def own_page(kind: str, name: str) -> str:
    """The page that shows such a thing at work; "" where there is none."""
    if kind == "Workflow":
        return urls.instances(name)
    return _OWN_PAGES[kind].format(quote(name, safe="")) if kind in _OWN_PAGES else ""


def team_href(name: str) -> str:
    """A team's page."""
    return href("Team", name)


def noun(kind: str, number: int) -> str:
    """A kind as people say it: "3 systems", "1 API"."""
    one = kind if kind in _SHORT else kind.lower()
    many = f"{one}s" if kind in _SHORT else words.plural(one)
    return f"{number:,} {one if number == 1 else many}"


def nanoseconds(moment: datetime) -> int:
    """A moment as pages carry it."""
    return int(moment.timestamp() * 1_000_000) * 1_000


def answer(counts: Mapping[str, int], orphans: int, *, narrowed: bool) -> list[Bit]:
    """How much is declared, and for how much of it nobody answers."""
    if not counts:
        return [Bit("Nothing that is declared fits." if narrowed else "Nothing is declared yet.")]
    bits: list[Bit] = []
    kinds = [*counts.items()]
    for position, (kind, number) in enumerate(kinds):
        bits.append(Bit(noun(kind, number), urls.with_query("/catalogue", {"kind": kind})))
        bits.append(Bit(" and " if position == len(kinds) - 2 else ", " if position < len(kinds) - 1 else ""))
    bits.append(Bit(" fit. " if narrowed else f" {'is' if sum(counts.values()) == 1 else 'are'} declared. "))
    if narrowed:
        return bits
    if orphans:
        bits += [Bit(f"{orphans:,}", "/catalogue/findings?check=ownership", "late"), Bit(_unowned(orphans))]
    else:
        bits.append(Bit("Each has an owner who can be reached."))
    return bits


def _unowned(number: int) -> str:
    return " has no owner who can be reached." if number == 1 else " have no owner who can be reached."


def row(entry: Entry) -> dict[str, Any]:
    """A declared thing in a list."""
    return {
        "kind": entry.kind,
        "name": entry.name,
        "title": entry.shown,
        "href": href(entry.kind, entry.name),
        "owner": entry.owner,
        "labels": sorted(entry.labels.items()),
        "at": nanoseconds(entry.updated_at),
        "by": entry.updated_by,
    }


def contact(one: Contact) -> str:
    """How to reach someone, in a line."""
    ways = [way for way in (one.email, one.chat, one.phone, one.url) if way]
    return f"{one.name}: {', '.join(ways)}" if one.name else ", ".join(ways)


def team_row(team: TeamManifest, owns: int) -> dict[str, Any]:
    """A team in the list of teams."""
    return {
        "title": team.title,
        "href": team_href(team.name),
        "contacts": [contact(one) for one in team.spec.contacts],
        "disbanded": team.spec.disbanded,
        "owns": owns,
        "owned": urls.with_query("/catalogue", {"owner": team.name}),
    }


def version_row(version: Version, today: date) -> dict[str, Any]:
    """One version of an API: its stage, its dates, what comes next."""
    dates = [(stage, day) for stage in STAGES if (day := version.dates.of(stage)) is not None]
    return {
        "version": version.version,
        "stage": version.lifecycle,
        "state": STAGES[version.lifecycle],
        "stability": version.stability,
        "dates": dates,
        "sunset": version.sunset,
        "sunset_in": days(version.sunset, today) if version.sunset else "",
        "late": version.sunset is not None and version.sunset < today and version.lifecycle != "retired",
        "replacement": version.replacement,
        "schema": version.schema_,
        "recognised": bool(version.calls),
        "reinstated": version.reinstated,
    }


def days(day: date, today: date) -> str:
    """How far a day is from today, in words."""
    number = (day - today).days
    if number == 0:
        return "today"
    said = "1 day" if abs(number) == 1 else f"{abs(number):,} days"
    return f"in {said}" if number > 0 else f"{said} ago"


def api_answer(title: str, provider: str, spec: APISpec) -> str:
    """What an API is, in a sentence."""
    stages = [f"{one.version} is {one.lifecycle}" for one in spec.versions]
    protocol = (
        spec.protocol if spec.protocol in {"event", "file", "database", "webhook", "other"} else spec.protocol.upper()
    )
    return f"{title} is the {protocol} interface of {provider}: version {words.listing(stages)}."


def facts(manifest: Manifest) -> list[tuple[str, str, str]]:
    """Name, value and address of what a kind's own fields say; "" for no address."""
    spec = manifest.spec
    if isinstance(manifest, SystemManifest):
        found = [("Category", manifest.spec.category, ""), ("Vendor", manifest.spec.vendor or "not given", "")]
        return [*found, ("Services in traces", ", ".join(manifest.spec.services) or "none named", "")]
    if isinstance(spec, APISpec):
        signed = ", ".join(spec.authentication) or "not given"
        found = [("Provider", spec.system, href("System", spec.system)), ("Protocol", spec.protocol, "")]
        documentation = [("Documentation", spec.documentation, spec.documentation)] if spec.documentation else []
        return [*found, ("Callers authenticate by", signed, ""), *documentation]
    if isinstance(manifest, SourceManifest):
        place = manifest.spec.secret or "set by API, kept encrypted"
        return [("System", manifest.spec.system, href("System", manifest.spec.system)), ("Secret", place, "")]
    if isinstance(manifest, TeamManifest):
        ways = [("Contact", contact(one), "") for one in manifest.spec.contacts]
        return [
            *(ways or [("Contact", "none", "")]),
            ("Members", ", ".join(manifest.spec.members) or "none named", ""),
            *([("State", "disbanded", "")] if manifest.spec.disbanded else []),
        ]
    return []


def finding_row(one: Finding) -> dict[str, Any]:
    """A finding in a list."""
    return {
        "level": one.level,
        "state": _LOOKS[one.level],
        "check": one.check,
        "kind": one.kind,
        "name": one.name,
        # An event is nothing that is declared, and has a trace in place of a page.
        "href": urls.trace(one.seen.traces[0]) if one.kind == "Event" and one.seen else href(one.kind, one.name),
        "message": words.opened(one.message),
        "owner": one.owner,
        "advice": one.advice,
        "seen": None if one.seen is None else _seen(one.seen),
    }


_LOOKS: Mapping[Level, str] = {"error": "breached", "warning": "overdue", "info": "pending"}


def _seen(seen: Seen) -> dict[str, Any]:
    return {
        "count": words.quantity(seen.count, "time"),
        "first_at": None if seen.first_at is None else nanoseconds(seen.first_at),
        "last_at": None if seen.last_at is None else nanoseconds(seen.last_at),
        "traces": [(trace, urls.trace(trace)) for trace in seen.traces],
        "example": seen.example,
    }


def findings_answer(found: Sequence[Finding], *, narrowed: bool) -> str:
    """How much is odd, in a sentence."""
    if not found:
        return (
            "No finding fits."
            if narrowed
            else "Nothing is odd: every owner can be reached, every name leads somewhere."
        )
    errors, infos = (sum(one.level == level for one in found) for level in ("error", "info"))
    warnings = len(found) - errors - infos
    things = len({(one.kind, one.name) for one in found})
    told = f"{words.quantity(len(found), 'finding')} about {words.quantity(things, 'thing')}"
    parts = [(errors, "error"), (warnings, "warning"), *([(infos, "remark")] if infos else [])]
    counted = [words.quantity(number, word) for number, word in parts]
    return f"{told}: {', '.join(counted[:-1])} and {counted[-1]}."


def checks_of(found: Iterable[Finding]) -> list[tuple[str, int]]:
    """Each check that found something, with how much."""
    numbers: dict[str, int] = {}
    for one in found:
        numbers[one.check] = numbers.get(one.check, 0) + 1
    return sorted(numbers.items())
