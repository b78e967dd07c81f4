"""Drift of all APIs, as findings with examples."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from collectors.store.client import StoreError
from collectors.usage.examples import MOST_TRACES, Calls
from collectors.usage.reading import ApiUsage
from policies.drift.calls import Around, drift
from policies.drift.documents import documents_of
from policies.drift.model import LOOK_BACK_DAYS, Drift
from policies.drift.operations import Document
from registry.catalogue import read
from registry.findings.model import Finding, Level, Seen
from registry.kinds.api import APIManifest, APISpec
from registry.kinds.system import SystemManifest

log = logging.getLogger(__name__)
_DAY = 86_400 * 10**9


class Observing(Protocol):
    """Whoever can be asked about calls."""

    def api(self, api: APISpec, since: int, until: int) -> ApiUsage:
        """Who called an API."""

    def examples(
        self, api: APISpec, between: tuple[int, int], operations: frozenset[str], services: frozenset[str]
    ) -> list[Calls]:
        """Examples of calls."""


def declared(session: Session) -> tuple[list[tuple[APIManifest, list[Document]]], list[SystemManifest]]:
    """APIs that are in use and say how their calls look, each with its documents; and all systems."""
    apis = [
        (api, documents_of(session, api))
        for api in read.every(session, APIManifest)
        if api.spec.lifecycle != "retired" and (api.spec.calls or any(one.calls for one in api.spec.versions))
    ]
    return apis, list(read.every(session, SystemManifest))


def find(
    apis: Iterable[tuple[APIManifest, Sequence[Document]]],
    systems: Sequence[SystemManifest],
    observing: Observing,
    now: datetime,
) -> list[Finding]:
    """What the calls of the last 30 days show; an API whose calls can't be asked for now is left out."""
    until = int(now.timestamp() * 1_000_000) * 1_000
    between, around, found = (until - LOOK_BACK_DAYS * _DAY, until), Around(systems), list[Finding]()
    for api, documents in apis:
        try:
            differing = drift(api, documents, observing.api(api.spec, *between), around)
            seen = _examples(api, differing, observing, between)
        except StoreError as error:
            log.warning("drift of API %s is unknown for now: %s", api.name, error)
            continue
        found += [finding(api, one, seen) for one in differing]
    return found


def _examples(
    api: APIManifest, differing: Sequence[Drift], observing: Observing, between: tuple[int, int]
) -> list[Calls]:
    operations = frozenset[str]().union(*(one.operations for one in differing))
    services = frozenset(one.service for one in differing if one.service)
    return observing.examples(api.spec, between, operations, services) if operations or services else []


def finding(api: APIManifest, one: Drift, examples: Iterable[Calls]) -> Finding:
    """Drift in words, with the first and last time and the latest traces."""
    level: Level = "info" if one.check == "operation-not-seen" else "warning"
    mine = [
        calls
        for calls in examples
        if calls.operation in one.operations or (calls.service, calls.version) == (one.service, one.version)
    ]
    latest = sorted((each for calls in mine for each in calls.traces), reverse=True)
    seen = Seen(
        count=one.calls,
        first_at=_moment(min(calls.first_at for calls in mine)) if mine else None,
        last_at=_moment(one.last_at) if one.calls else None,
        traces=tuple(dict.fromkeys(trace for _, trace in latest))[:MOST_TRACES],
    )
    return Finding(one.check, level, "API", api.name, one.sentence, api.metadata.owner, one.advice, seen)


def _moment(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds // 1_000 / 1e6, UTC)
