"""The policy API: may this change ship?"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from controlplane.http.auth import requires
from controlplane.http.subjects import subject_named, unreadable
from controlplane.http.wiring import State
from policies.gate.impact import Touched, touched
from policies.gate.verdict import Finding, Verdict, compatibility, verdict
from registry.access.roles import Principal
from registry.catalogue import read
from registry.compat.model import DocumentError, Format, Report
from registry.compat.outputs.json import as_object
from registry.kinds.schema import SchemaManifest, document_text
from registry.kinds.workflow import WorkflowManifest
from registry.schemas import versions
from registry.schemas.judge import Registered, in_order, judge

router = APIRouter(prefix="/api/v1/policy", tags=["Policies"])
_NOTES = (
    "consumers and mappings can't be declared yet: that these lists are empty does not say that nobody is touched",
    "workflows are found by the names of properties and attributes; see the guide to compatibility",
)


class Question(BaseModel):
    """A document that somebody would like to put in the place of a subject's present one."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[str, Field(max_length=200)]
    document: Annotated[str | dict[str, Any], Field(description="Its text, or the value that its JSON says.")]
    context: Annotated[
        dict[str, Any],
        Field(default_factory=dict, description="What else is known, such as repository and commit, for policies."),
    ]


class PolicyFinding(BaseModel):
    """What one policy says."""

    policy: str
    level: Verdict
    message: str
    waiver: str | None


class TouchedWorkflow(BaseModel):
    """A workflow that reads what changes, and by which attributes."""

    name: str
    title: str
    owner: str | None
    because: list[str]


class Impact(BaseModel):
    """Whom a change may touch; ``notes`` say how far to trust that."""

    consumers: list[dict[str, Any]]
    mappings: list[dict[str, Any]]
    workflows: list[TouchedWorkflow]
    notes: list[str]


class Evaluation(BaseModel):
    """The answer. ``version`` is the one that the document was judged against, ``changes`` are as ``check`` gives them."""

    verdict: Verdict
    subject: str
    version: int | None
    format: str
    mode: str
    changes: list[dict[str, Any]]
    findings: list[PolicyFinding]
    impact: Impact


@router.post("/evaluations", summary="Ask whether a changed document may ship")
def evaluate(
    state: State,
    _who: Annotated[Principal, Depends(requires("policies:evaluate"))],
    question: Question,
) -> Evaluation:
    """Deny: it breaks the subject's own compatibility mode. Warn: it may surprise someone. Nothing is stored.

    404 for an unknown subject, 422 for a document that can't be read.
    """
    today = state.clock().date()
    with state.database.reading() as session:
        manifest = subject_named(session, question.subject)
        spec = manifest.spec
        documents = versions.texts(session, manifest.name) if spec.mode.transitive else ()
        current = versions.in_force(session, manifest)
        workflows = read.workflows(session)
    registered = Registered(manifest.name, Format(spec.format), spec.mode, in_order(documents, spec.text))
    try:
        text = _text(question.document)
        report = judge(registered, text, today)
    except DocumentError as error:
        raise unreadable(error) from error
    return _answer(manifest, current.version if current else None, report, _touched(manifest, text, report, workflows))


def _text(document: str | dict[str, Any]) -> str:
    try:
        text = document_text(document)
        text.encode()
    except RecursionError:
        raise DocumentError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise DocumentError("it holds half of a surrogate pair, which is no character") from None
    return text


def _touched(
    manifest: SchemaManifest, text: str, report: Report, workflows: list[WorkflowManifest]
) -> list[TouchedWorkflow]:
    found: list[Touched] = touched(report.changes, manifest.spec.text, text, workflows)
    return [
        TouchedWorkflow(
            name=one.workflow.name,
            title=one.workflow.title,
            owner=one.workflow.metadata.owner,
            because=list(one.because),
        )
        for one in found
    ]


def _answer(
    manifest: SchemaManifest, version: int | None, report: Report, workflows: list[TouchedWorkflow]
) -> Evaluation:
    findings: list[Finding] = compatibility(report)
    return Evaluation(
        verdict=verdict(findings),
        subject=manifest.name,
        version=version,
        format=report.format.value,
        mode=report.mode.value,
        changes=as_object(report)["changes"],
        findings=[PolicyFinding(policy=f.policy, level=f.level, message=f.message, waiver=f.waiver) for f in findings],
        impact=Impact(consumers=[], mappings=[], workflows=workflows, notes=list(_NOTES)),
    )
