"""An evaluation as the plain JSON value that is answered, stored and shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from policies.gate import mapped
from policies.gate.consumers import Relying
from policies.gate.evaluation import Evaluation
from policies.gate.impact import Touched
from policies.gate.touching import Impact
from policies.gate.verdict import Finding
from registry.compat.outputs.json import as_object
from registry.kinds.sla import SLAManifest
from registry.waivers.standing import Standing

Answer = dict[str, Any]


def answer_of(evaluation: Evaluation, now: datetime) -> Answer:
    """What is told of an evaluation."""
    manifest, today = evaluation.manifest, now.date()
    return {
        "verdict": evaluation.verdict,
        "subject": manifest.name,
        "version": evaluation.number or None,
        "format": evaluation.report.format.value,
        "mode": evaluation.report.mode.value,
        "changes": as_object(evaluation.report)["changes"],
        "findings": [finding(one) for one in evaluation.findings],
        "waivers": [waiver(one, today) for one in evaluation.waivers],
        "impact": impact(evaluation.impact),
        "notices": list(evaluation.notices),
        "evaluated_at": moment(now),
    }


def finding(one: Finding) -> Answer:
    """One finding; ``waiver`` is null unless it was let pass."""
    return {
        "policy": one.policy,
        "level": one.level,
        "message": one.message,
        "waiver": one.waiver,
        "fingerprint": one.fingerprint,
        "path": one.path,
        "line": one.line,
        "remedy": one.remedy or None,
        "stage": one.stage,
        "would_be": one.would_be,
    }


def waiver(one: Standing, today: date) -> Answer:
    """A waiver as it stands on a day."""
    return {
        "name": one.name,
        "subject": one.subject,
        "fingerprints": sorted(one.fingerprints),
        "state": one.state(today),
        "reason": one.reason,
        "ticket": one.ticket,
        "expires": one.expires.isoformat(),
        "days_left": one.days_left(today),
        "ends_soon": one.ends_soon(today),
        "requested_by": one.requested_by,
        "requested_at": moment(one.requested_at),
        "decided_by": one.decided_by,
        "decided_at": moment(one.decided_at),
        "comment": one.comment,
    }


def impact(found: Impact) -> Answer:
    """Whom it may touch."""
    return {
        "consumers": [_consumer(one) for one in found.consumers],
        "mappings": [dict(mapped.document(one)) for one in found.mappings],
        "workflows": [_workflow(one) for one in found.workflows],
        "slas": [_sla(one) for one in found.slas],
        "notes": list(found.notes),
    }


def _consumer(one: Relying) -> Answer:
    return {
        "api": one.api,
        "name": one.name,
        "kind": one.kind,
        "declared": one.declared,
        "versions": list(one.versions),
        "calls_30d": one.calls_30d,
        "last_call": moment(one.last_call),
        "status": one.status,
        "purpose": one.purpose,
    }


def _workflow(one: Touched) -> Answer:
    return {
        "name": one.workflow.name,
        "title": one.workflow.title,
        "owner": one.workflow.metadata.owner,
        "because": list(one.because),
        "keys": one.named("key"),
        "steps": one.named("step"),
    }


def _sla(one: SLAManifest) -> Answer:
    spec = one.spec
    return {"name": one.name, "title": one.title, "workflow": spec.workflow, "from": spec.from_, "to": spec.to}


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def storable(value: Any) -> Any:
    """Facts as JSON can hold them: times as RFC 3339."""
    if isinstance(value, Mapping):
        return {str(key): storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
