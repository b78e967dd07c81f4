"""What every part of a running server shares."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from collectors.store.client import Store, StoreError
from collectors.usage.reading import ApiUsage
from controlplane.drift import DriftWatch
from controlplane.event_checks import EventChecks
from controlplane.observed import Observed
from controlplane.retention import Retention
from controlplane.settings import Settings
from controlplane.watching import Watch
from controlplane.webhooks.delivering import Deliveries
from policies.gate.service import Gate
from policies.gate.usage import Usage, read_usage
from registry.access.service import Access
from registry.database import Database
from registry.kinds.api import APIManifest

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass
class AppState:
    """The settings, stores and hooks of one server.

    ``readiness`` holds questions that give a sentence while something is not ready, and none once it is.
    ``on_apply`` is called after manifests or corrections were stored, with the kinds that changed.
    ``observed`` is the half of the server that works on spans; None where only the registry is served.
    ``retention`` lets go of what is over, ``deliveries`` tells webhooks what happened,
    ``watch`` what comes due.
    ``gate`` judges documents; it asks ``observed`` who calls an API.
    ``event_checks`` looks at samples of events, ``drift`` tells what traffic shows that nothing declared allows.
    """

    settings: Settings
    database: Database
    access: Access
    clock: Clock = utc_now
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
    readiness: list[Callable[[], str | None]] = field(default_factory=list)
    on_apply: list[Callable[[frozenset[str]], None]] = field(default_factory=list)
    observed: Observed | None = None
    retention: Retention = field(init=False)
    deliveries: Deliveries = field(init=False)
    watch: Watch = field(init=False)
    gate: Gate = field(init=False)
    drift: DriftWatch = field(init=False)
    event_checks: EventChecks = field(init=False)

    def __post_init__(self) -> None:
        self.retention = Retention(self.settings, self.database, self.clock, self._still)
        self.deliveries = Deliveries(self.settings, self.database, self.clock)
        self.watch = Watch(self.database, self.clock, self._store, self._calls)
        self.gate = Gate(self.database, self.usage)
        self.event_checks = EventChecks(self.database, self.clock)
        self.drift = DriftWatch(self.database, lambda: self.observed, self.clock)

    def _still(self) -> AbstractContextManager[object]:
        return nullcontext() if self.observed is None else self.observed.correlator.still()

    def _store(self) -> Store | None:
        return None if self.observed is None else self.observed.store

    def _calls(self, api: APIManifest, now: datetime) -> ApiUsage | None:
        usage = self.usage(api, now)
        return None if usage is None else usage.found

    def usage(self, api: APIManifest, now: datetime) -> Usage | None:
        """Calls of an API, where traces are read and can be asked at the moment."""
        if self.observed is None:
            return None
        try:
            return read_usage(self.observed.usage, api, now)
        except StoreError:
            log.warning("calls of %s are unknown for now: the store can't be asked", api.name)
            return None

    def ready(self) -> list[str]:
        """What stands between the server and traffic; nothing if it is ready."""
        return [reason for question in self.readiness if (reason := question()) is not None]

    def applied(self, kinds: frozenset[str]) -> None:
        """Tell everyone who listens that these kinds changed; one that fails is logged and does not stop the others."""
        for listener in self.on_apply if kinds else ():
            try:
                listener(kinds)
            except Exception:
                log.exception("a listener failed after manifests were applied")


def open_state(settings: Settings, clock: Clock = utc_now) -> AppState:
    """The state with its transactional store at hand; tables are not touched. Raises ``DatabaseError``."""
    database = Database(settings.database)
    token = settings.bootstrap_token
    access = Access(database, clock, token.get_secret_value() if token else None)
    return AppState(settings, database, access, clock)
