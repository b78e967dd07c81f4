"""SLA: how soon one step of a workflow must follow another."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, Strict

from registry.durations import Duration
from registry.kinds.base import Finding, Lookup, Manifest, Name, Reference, Spec
from registry.kinds.workflow import WorkflowManifest


class SLASpec(Spec):
    """``to`` follows ``from`` within a time, for at least the share ``objective`` of cases over ``window``."""

    workflow: Name
    from_: Name = Field(alias="from")
    to: Name
    within: Duration
    objective: Annotated[float, Strict(), Field(ge=0, le=1)] = 1.0
    window: Duration = timedelta(days=30)

    def inconsistencies(self) -> Iterator[Finding]:
        """Times of no length, and a step that would follow itself."""
        for field, length in (("within", self.within), ("window", self.window)):
            if length <= timedelta(0):
                yield Finding((field,), f"{field} must be longer than zero")
        if self.from_ == self.to:
            yield Finding(("to",), f"an SLA runs between two steps, but from and to are both {self.to!r}")


class SLAManifest(Manifest):
    """A promise about a workflow."""

    kind: Literal["SLA"] = "SLA"
    spec: SLASpec

    def references(self) -> Iterator[Reference]:
        """The owner and the workflow."""
        yield from super().references()
        yield Reference(("spec", "workflow"), "Workflow", self.spec.workflow)

    def disagreements(self, others: Lookup) -> Iterator[Finding]:
        """Steps that the workflow does not have."""
        workflow = others.get("Workflow", self.spec.workflow)
        if not isinstance(workflow, WorkflowManifest):
            return
        known = workflow.spec.step_names
        for field, step in (("from", self.spec.from_), ("to", self.spec.to)):
            if step not in known:
                sentence = f"workflow {workflow.name!r} has no step {step!r}; it has {', '.join(known)}"
                yield Finding(("spec", field), sentence)
