"""From what is declared to what collectors and policies work with: manifests become plain definitions and SLAs."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy.orm import Session

from collectors.correlation.corrections import Corrections
from collectors.timelines.model import Key
from collectors.workflows.definition import Definition, Match, Settles, Step
from collectors.workflows.order import stand_ins
from policies.slas.model import Sla
from registry.catalogue import read
from registry.crossref import service as crossref
from registry.crossref.models import Correction
from registry.kinds.base import Manifest
from registry.kinds.sla import SLAManifest
from registry.kinds.workflow import Step as StepPart
from registry.kinds.workflow import WorkflowManifest


def definition(manifest: WorkflowManifest) -> Definition:
    """How the workflow is read from spans and events."""
    spec = manifest.spec
    return Definition(
        workflow=manifest.name,
        title=manifest.title,
        object=spec.object,
        keys=tuple((key.type, key.attribute) for key in spec.keys if key.joins),
        links=tuple((key.type, key.attribute) for key in spec.keys if not key.joins),
        dimensions=tuple(sorted(spec.dimensions.items())),
        amount=spec.amount.value if spec.amount else "",
        currency=spec.amount.currency if spec.amount else "",
        steps=tuple(
            Step(
                name=step.name,
                title=step.title or step.name,
                system=step.system,
                at=step.at,
                match=Match(**step.match.model_dump()),
                # Nobody waits for money to go back.
                optional=step.optional or _goes_back(step, spec.completes),
                # Parts come one by one: that there are several is nothing odd.
                repeatable=step.repeatable or step.settles is not None,
                instead_of=step.instead_of or "",
                after=step.after,
                settles=_settles(step),
            )
            for step in spec.steps
        ),
        completes=frozenset(spec.completes),
        fails=frozenset(spec.fails),
        cancels=frozenset(spec.cancels),
        reopens=frozenset(spec.reopens),
    )


def _goes_back(step: StepPart, completes: Collection[str]) -> bool:
    return step.settles is not None and step.settles.takes_back and step.name not in completes


def _settles(step: StepPart) -> Settles | None:
    part = step.settles
    return None if part is None else Settles(part.amount, part.currency or "", part.once_per or "", part.takes_back)


def sla(manifest: SLAManifest, workflow: Manifest | None) -> Sla:
    """The SLA of a workflow (None if it is not declared) with its durations in nanoseconds."""
    spec = manifest.spec
    good = stand_ins(definition(workflow)) if isinstance(workflow, WorkflowManifest) else {}
    return Sla(
        name=manifest.name,
        title=manifest.title,
        owner=manifest.metadata.owner or "",
        workflow=spec.workflow,
        start=spec.from_,
        end=spec.to,
        within=_nanoseconds(spec.within),
        objective=spec.objective,
        window=_nanoseconds(spec.window),
        as_good=tuple(sorted(good.get(spec.to, frozenset()) - {spec.to})),
    )


def definitions(session: Session) -> list[Definition]:
    """All workflows that are declared."""
    return [definition(manifest) for manifest in read.workflows(session)]


def slas(session: Session, workflow: str | None = None) -> list[Sla]:
    """All SLAs that are declared, or those of one workflow."""
    found = read.slas(session, workflow)
    known = {one.name: one for one in read.workflows(session)} if found else {}
    return [sla(manifest, known.get(manifest.spec.workflow)) for manifest in found]


def corrections(session: Session) -> dict[str, Corrections]:
    """Workflow -> what people put right in it."""
    return _by_workflow(crossref.standing(session))


def taken_back(session: Session) -> dict[str, Corrections]:
    """Workflow -> what people put right in it once and took back."""
    return _by_workflow(crossref.taken_back(session))


def _by_workflow(rows: Iterable[Correction]) -> dict[str, Corrections]:
    pairs: defaultdict[tuple[str, str], set[tuple[Key, Key]]] = defaultdict(set)
    for row in rows:
        said = crossref.statement_of(row)
        pairs[row.workflow, said.action].add((Key(*said.key), Key(*said.other)))
    return {
        workflow: Corrections(
            same=frozenset(pairs.get((workflow, "same"), ())), apart=frozenset(pairs.get((workflow, "apart"), ()))
        )
        for workflow in {workflow for workflow, _ in pairs}
    }


def _nanoseconds(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1) * 1_000
