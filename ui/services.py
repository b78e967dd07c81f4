"""What the pages need from outside, handed in by whoever mounts them. The pages know no settings and no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from collectors.correlation.readings import Progress
from collectors.senders.model import Senders
from collectors.timelines.context import Traces
from collectors.timelines.flow import Flows
from collectors.timelines.model import Instance
from collectors.timelines.reading import Timelines
from collectors.timelines.related import Relation
from collectors.timelines.traces import Trace
from collectors.timelines.unread import Unread
from collectors.usage.reading import Usage
from collectors.workflows.definition import Definition
from policies.gate.service import Gate
from policies.slas.model import Sla
from policies.slas.report import SlaReports
from registry.access.roles import Permission, Principal
from registry.crossref.check import Statement
from registry.crossref.models import Correction
from registry.database import Database
from registry.findings.model import Finding


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared and pages speak of: workflows by name, SLAs by name, titles of systems and of teams by name."""

    workflows: Mapping[str, Definition]
    slas: Mapping[str, Sla]
    systems: Mapping[str, str]
    teams: Mapping[str, str]

    def slas_of(self, workflow: str) -> Sequence[Sla]:
        """The SLAs of a workflow, by name."""
        return [sla for sla in self.slas.values() if sla.workflow == workflow]


@dataclass(frozen=True, slots=True)
class Crossref:
    """What people put right about which ids belong together.

    Attributes:
        standing: workflow -> its corrections, the oldest first.
        say: who, workflow, what they say, why. Raises ``CorrectionError``.
        take_back: who, workflow, a correction's id. Raises ``CorrectionError``.
    """

    standing: Callable[[str], Sequence[Correction]]
    say: Callable[[Principal, str, Sequence[Statement], str], object]
    take_back: Callable[[Principal, str, str], object]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Sending to webhooks while a person looks on.

    Attributes:
        test: who, a webhook's name; sends a test event. Raises ``WebhookError``, as ``again`` does.
        again: a webhook's name, an event's id; sends it once more.
        make_secret: who, a webhook's name; the secret that was made. Raises ``SecretError`` too.
    """

    test: Callable[[Principal, str], object]
    again: Callable[[str, str], object]
    make_secret: Callable[[Principal, str], str]


@dataclass(frozen=True, slots=True)
class Receiving:
    """Where and how this server takes spans.

    Attributes:
        http_port: OTLP over HTTP, 0 if it is turned off; likewise ``grpc_port``.
        open: whether senders need no token.
        max_bytes: of a request, after decompression.
        behind: seconds that timelines are behind what is stored.
        rules: by which attributes are dropped or hashed, as sentences in their order.
        warnings: what these rules take from workflows that read it.
        limits: what else is held to a size or a number, in words.
    """

    http_port: int
    grpc_port: int
    open: bool
    max_bytes: int
    behind: float
    rules: Sequence[str] = ()
    warnings: Sequence[str] = ()
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """Readers, the clock and access.

    Attributes:
        clock: nanoseconds now.
        requires: permission -> a FastAPI dependency that gives the principal, or raises 401 or 403; None asks only
            that someone is known.
        visitor: who asks, None if nobody is signed in; for pages that anyone may see.
        declared: what is declared at present.
        timelines: instances and search; may raise an HTTP error where a server observes nothing. Likewise the others.
        reports: SLAs over many instances.
        flows: the ways of many instances.
        traces: what stands around a trace.
        trace: trace id, a span's id ("" for none in particular) -> the trace.
        related: what an instance relates to.
        building: readings that are still going through history.
        unread: workflow -> its amounts that can't be read, where there are any.
        crossref: what people put right.
        database: what is declared, for pages that read or change it themselves; one request is one transaction.
        applied: to be told after a change was stored, with the kinds that changed.
        usage: who calls what.
        gate: what judges documents and keeps the answers.
        drift: what traffic shows that nothing declared allows; none where nothing looks at traffic.
    drift_known: what of it is known without waiting.
    senders: from, now, a sender's id ("" for all) -> who sent telemetry, and what was refused.
        receiving: where and how this server takes spans.
        outgoing: sending to webhooks; None where nothing is sent.
    """

    clock: Callable[[], int]
    requires: Callable[[Permission | None], Callable[..., Principal]]
    visitor: Callable[[Request], Principal | None]
    declared: Callable[[], Declared]
    timelines: Callable[[], Timelines]
    reports: Callable[[], SlaReports]
    flows: Callable[[], Flows]
    traces: Callable[[], Traces]
    trace: Callable[[str, str], Trace | None]
    related: Callable[[Instance], Sequence[Relation]]
    building: Callable[[], Sequence[Progress]]
    unread: Callable[[], Mapping[str, Unread]]
    crossref: Crossref
    database: Database
    applied: Callable[[frozenset[str]], None]
    usage: Callable[[], Usage]
    gate: Gate
    senders: Callable[[int, int, str], Senders]
    receiving: Callable[[], Receiving]
    outgoing: Outgoing | None = None
    drift: Callable[[], Sequence[Finding]] = tuple
    drift_known: Callable[[], Sequence[Finding]] = tuple
