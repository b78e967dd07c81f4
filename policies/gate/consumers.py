"""Who relies on an API: what is declared joined with what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from policies.gate.usage import Caller
from registry.kinds.api import APIManifest

Status = Literal["active", "quiet", "unknown"]


@dataclass(frozen=True, slots=True)
class Relying:
    """A consumer. ``status``: ``active`` called within 30 days, ``quiet`` within the look-back, else ``unknown``.

    ``calls`` and ``last_call`` are null where nothing was seen, which does not say that there was nothing.
    """

    api: str
    name: str
    kind: Literal["System", "Team", "service"]
    declared: bool
    versions: tuple[str, ...]
    calls_30d: int | None
    last_call: datetime | None
    status: Status
    purpose: str | None = None


def relying(api: APIManifest, version: str | None, seen: list[Caller]) -> list[Relying]:
    """The consumers of a version (of the API where none is named), busiest first, those not seen last."""
    found = [_declared(api, position, version, seen) for position in range(len(api.spec.consumers))]
    known = [one for one in found if one is not None]
    names = {one.name for one in known if one.kind == "System"}
    others: dict[str, list[Caller]] = {}
    for caller in seen:
        if caller.system not in names:
            others.setdefault(caller.system or caller.service, []).append(caller)
    known += [_observed(api, name, own) for name, own in others.items()]
    return sorted(known, key=lambda one: (one.calls_30d is None, -(one.calls_30d or 0), one.name))


def _declared(api: APIManifest, position: int, version: str | None, seen: list[Caller]) -> Relying | None:
    consumer = api.spec.consumers[position]
    if version is not None and consumer.versions and version not in consumer.versions:
        return None
    own = [one for one in seen if consumer.system is not None and one.system == consumer.system]
    return Relying(
        api=api.name,
        name=consumer.system or consumer.team or "",
        kind="System" if consumer.system else "Team",
        declared=True,
        versions=consumer.versions,
        purpose=consumer.purpose,
        calls_30d=sum(one.calls for one in own) if own else None,
        last_call=max((one.last_call for one in own), default=None),
        status=_status(own),
    )


def _observed(api: APIManifest, name: str, own: list[Caller]) -> Relying:
    return Relying(
        api=api.name,
        name=name or "callers that send no traces",
        kind="System" if own[0].system else "service",
        declared=False,
        versions=tuple(sorted({one.version for one in own if one.version})),
        calls_30d=sum(one.calls for one in own),
        last_call=max(one.last_call for one in own),
        status=_status(own),
    )


def _status(own: list[Caller]) -> Status:
    if not own:
        return "unknown"
    return "active" if any(one.calls for one in own) else "quiet"
