"""An API's calls, as they were seen, held against its documents and its declared consumers. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collectors.usage.reading import ApiUsage, ConsumerUsage
from policies.drift.model import LOOK_BACK_DAYS, Drift
from policies.drift.operations import Document, Kind, Operation, called, documented, general
from policies.gate.usage import system_of
from registry.kinds.api import APIManifest, Consumer
from registry.kinds.system import SystemManifest

_KINDS: dict[str, Kind] = {"grpc": "rpc", "event": "message"}
#: Operations that one sentence names.
_NAMED = 5
#: Names of operations that an API's usage tells apart per caller at most; beyond, a finding each would say nothing.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Around:
    """What an API stands among: all systems."""

    systems: Sequence[SystemManifest]

    def owner_of(self, system: str | None) -> str | None:
        """The team that owns a system."""
        return next((one.metadata.owner for one in self.systems if one.name == system), None)


def drift(api: APIManifest, documents: Sequence[Document], usage: ApiUsage, around: Around) -> list[Drift]:
    """All that differs; nothing where the API does not say how its calls look, or nothing was seen."""
    if not usage.recognised or not usage.spans:
        return []
    return [*_unknown(api, documents, usage), *_undeclared(api, usage, around), *_not_seen(api, documents, usage)]


def _kind(api: APIManifest) -> Kind:
    return _KINDS.get(api.spec.protocol, "http")


def _unknown(api: APIManifest, documents: Sequence[Document], usage: ApiUsage) -> Iterator[Drift]:
    if not any(one.operations for one in documents):
        return
    found: defaultdict[Operation, dict[str, list[int]]] = defaultdict(dict)
    for consumer in usage.consumers:
        for name, count in consumer.operations.items():
            operation = called(name, _kind(api))
            if operation is not None and not any(documented(operation, documents)):
                calls, last = found[general(operation)].get(name, [0, 0])
                found[general(operation)][name] = [calls + count.calls, max(last, count.last_at)]
    several = len({one.schema for one in documents}) > 1
    where = f"none of its documents ({_listed([one.schema for one in documents])}) has" if several else (
        f"its document {documents[0].schema} does not have"
    )  # fmt: skip
    ranked = sorted(found.items(), key=lambda one: (-sum(calls for calls, _ in one[1].values()), str(one[0])))
    for operation, names in ranked[:_MOST]:
        calls = sum(count for count, _ in names.values())
        yield Drift(
            check="unknown-operation",
            sentence=f"{operation} was called {_times(calls)} in {LOOK_BACK_DAYS} days, and {where} it",
            advice="Add it to the document if callers may rely on it; otherwise find out who serves it and take it away",
            calls=calls,
            last_at=max(last for _, last in names.values()),
            operations=frozenset(names),
        )


def _undeclared(api: APIManifest, usage: ApiUsage, around: Around) -> Iterator[Drift]:
    for consumer in usage.consumers:
        system = system_of(consumer.service, around.systems)
        if not consumer.service or system == api.spec.system:
            continue  # whoever sends no traces has no name, and a provider's own parts are no consumers
        declared = [one for one in api.spec.consumers if _is(one, system, around)]
        if declared and not _of_another_version(declared, consumer):
            continue
        yield _consumer(consumer, system, declared)


def _is(one: Consumer, system: str | None, around: Around) -> bool:
    if one.system is not None:
        return one.system == system
    return one.team is not None and one.team == around.owner_of(system)


def _of_another_version(declared: Sequence[Consumer], consumer: ConsumerUsage) -> bool:
    return bool(consumer.version) and all(one.versions and consumer.version not in one.versions for one in declared)


def _consumer(consumer: ConsumerUsage, system: str | None, declared: Sequence[Consumer]) -> Drift:
    who = f"system {system} (service {consumer.service})" if system else f"service {consumer.service}"
    what = f"version {consumer.version}" if consumer.version else "it"
    versions = sorted({version for one in declared for version in one.versions})
    said = f"is declared for {_listed(versions)} only" if declared else "is not declared as a consumer"
    if declared:
        advice = "Move it to a version that it is declared for, or name this version under its entry in consumers"
    elif system:
        advice = f"Name system {system} under consumers if it may rely on the API, or take its access away"
    else:
        advice = (
            f"Find out whose service this is: name {consumer.service} under services of its system, and the system under "
            "consumers if it may rely on the API"
        )
    return Drift(
        check="undeclared-consumer",
        sentence=f"{who} called {what} {_times(consumer.calls)} in {LOOK_BACK_DAYS} days and {said}",
        advice=advice,
        calls=consumer.calls,
        last_at=consumer.last_at,
        service=consumer.service,
        version=consumer.version,
    )


def _not_seen(api: APIManifest, documents: Sequence[Document], usage: ApiUsage) -> Iterator[Drift]:
    """What documents have and traffic did not show. Nobody can tell from that that it is not used."""
    names = {name for consumer in usage.consumers for name in consumer.operations}
    seen, untold = set[tuple[str, Operation]](), False
    for name in names:
        operation = called(name, _kind(api))
        untold = untold or operation is None
        seen |= set(documented(operation, documents)) if operation is not None else set()
    for document in documents:
        missing = [one for one in document.operations if (document.schema, one) not in seen]
        if not missing:
            continue
        told = _listed([str(one) for one in missing[:_NAMED]])
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        some = "; some of its calls don't tell their operation" if untold else ""
        yield Drift(
            check="operation-not-seen",
            sentence=(
                f"of {len(document.operations)} operations in {document.schema} {len(missing)} {_were(missing)} not seen in "
                f"{LOOK_BACK_DAYS} days, so whether they are used is unknown: {told}{more}{some}"
            ),
            advice="Look further back, and at callers that send no traces, before anything is taken away",
        )


def _were(items: Sequence[object]) -> str:
    return "was" if len(items) == 1 else "were"


def _times(calls: int) -> str:
    return "once" if calls == 1 else f"{calls:,} times"


def _listed(names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
