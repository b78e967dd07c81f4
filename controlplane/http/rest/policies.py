"""The policy API: may this change ship?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.subjects import subject_named, unreadable
from controlplane.http.wiring import State
from controlplane.state import AppState
from policies.gate import keeping
from policies.gate.keeping import Question
from policies.gate.models import StoredEvaluation
from policies.gate.service import UnknownSubjectError
from registry.access.roles import Principal
from registry.cel.policy import Level as Verdict
from registry.compat.model import DocumentError
from registry.kinds.schema import document_text

router = APIRouter(prefix="/api/v1/policy", tags=["Policies"])
Asker = Annotated[Principal, Depends(requires("policies:evaluate"))]
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
_MOST_DOCUMENTS = 50
_MOST_CONTEXT = 50

Subject = Annotated[str, Field(max_length=200)]
Document = Annotated[str | dict[str, Any], Field(description="Its text, or the value that its JSON says.")]


class ProposedDocument(BaseModel):
    """One of several documents of a commit."""

    model_config = ConfigDict(extra="forbid")

    subject: Subject
    document: Document


class QuestionBody(BaseModel):
    """A document that somebody would like to put in the place of a subject's present one, or several at once."""

    model_config = ConfigDict(extra="forbid")

    subject: Subject | None = None
    document: Document | None = None
    documents: Annotated[list[ProposedDocument] | None, Field(min_length=1, max_length=_MOST_DOCUMENTS)] = None
    context: Annotated[
        dict[str, Any],
        Field(
            default_factory=dict,
            max_length=_MOST_CONTEXT,
            description="What else is known, such as repository and commit, for policies: `context.branch`.",
        ),
    ]

    @model_validator(mode="after")
    def _one_form(self) -> QuestionBody:
        single = self.subject is not None and self.document is not None
        neither = self.subject is None and self.document is None
        if not (single and self.documents is None) and not (neither and self.documents is not None):
            raise ValueError("give subject and document, or a list of documents")
        return self

    @property
    def asked(self) -> list[tuple[str, str | dict[str, Any]]]:
        """Every subject with its document."""
        if self.documents is not None:
            return [(one.subject, one.document) for one in self.documents]
        return [(self.subject or "", self.document or "")]


class PolicyFinding(BaseModel):
    """What one policy says. ``waiver`` is null unless it was let pass; ``would_be`` is then the level that it had."""

    policy: str
    level: Verdict
    message: str
    waiver: str | None
    fingerprint: str
    path: str
    line: int | None
    remedy: str | None
    stage: Literal["audit"] | None
    would_be: Verdict | None


class UsedWaiver(BaseModel):
    """A waiver as it stands."""

    name: str
    subject: str
    fingerprints: list[str]
    state: Literal["requested", "approved", "refused", "withdrawn", "expired"]
    reason: str
    ticket: str | None
    expires: str
    days_left: int
    ends_soon: bool
    requested_by: str
    requested_at: str
    decided_by: str | None
    decided_at: str | None
    comment: str | None


class TouchedConsumer(BaseModel):
    """Who relies on the API; ``unknown`` means not seen calling, which does not say that it does not."""

    api: str
    name: str
    kind: Literal["System", "Team", "service"]
    declared: bool
    versions: list[str]
    calls_30d: int | None
    last_call: str | None
    status: Literal["active", "quiet", "unknown"]
    purpose: str | None


class TouchedWorkflow(BaseModel):
    """A workflow that reads what changes, and by which attributes, keys and steps."""

    name: str
    title: str
    owner: str | None
    because: list[str]
    keys: list[str]
    steps: list[str]


class TouchedSla(BaseModel):
    """A deadline of a workflow that is touched."""

    model_config = ConfigDict(populate_by_name=True)

    name: str
    title: str
    workflow: str
    from_: str = Field(alias="from", serialization_alias="from")
    to: str


class Impact(BaseModel):
    """Whom a change may touch; ``notes`` say how far to trust that."""

    consumers: list[TouchedConsumer]
    mappings: list[dict[str, Any]]
    workflows: list[TouchedWorkflow]
    slas: list[TouchedSla]
    notes: list[str]


class Evaluation(BaseModel):
    """The answer. ``version`` is the one that the document was judged against, ``changes`` are as ``check`` gives them.

    Equal questions (subject, document, context) have equal ids. ``url`` is its page.
    """

    id: str
    batch: str | None
    url: str
    verdict: Verdict
    subject: str
    version: int | None
    format: str
    mode: str
    changes: list[dict[str, Any]]
    findings: list[PolicyFinding]
    waivers: list[UsedWaiver]
    impact: Impact
    notices: list[str]
    evaluated_at: str


class Evaluations(BaseModel):
    """The answer about several documents: the worst verdict, and each document's own."""

    id: str
    url: str
    verdict: Verdict
    evaluations: list[Evaluation]


class ListedEvaluation(BaseModel):
    """An evaluation in a list; ``history`` holds each turn of its verdict."""

    id: str
    batch: str | None
    url: str
    subject: str
    verdict: Verdict
    version: int
    context: dict[str, Any]
    asked: int
    history: list[dict[str, Any]]
    created_at: datetime
    evaluated_at: datetime
    evaluated_by: str


class KeptEvaluation(Evaluation):
    """An evaluation with the question's context."""

    context: dict[str, Any]
    asked: int
    history: list[dict[str, Any]]
    created_at: datetime
    evaluated_by: str


@router.post("/evaluations", summary="Ask whether changed documents may ship", response_model=Evaluation | Evaluations)
def evaluate(state: State, who: Asker, question: QuestionBody) -> Response:
    """Deny: it breaks the subject's own compatibility mode, or a policy refuses it. Warn: it may surprise someone.

    Nothing is published by asking; the answer is kept. 404 for an unknown subject, 422 for a document that can't be read.
    """
    questions = [
        Question(subject, text_of(document, at if question.documents else None), question.context)
        for at, (subject, document) in enumerate(question.asked)
    ]
    found = [{**one, "url": _url(state, f"/{one['id']}")} for one in _asked(state, questions, who)]
    if question.documents is None:
        return _json(found[0])
    worst = next(level for level in ("deny", "warn", "allow") if any(one["verdict"] == level for one in found))
    batch = found[0]["batch"] or found[0]["id"]
    return _json({"id": batch, "url": _url(state, f"?batch={batch}"), "verdict": worst, "evaluations": found})


def _json(answer: dict[str, Any]) -> Response:
    """The answer as it is: it was made for this shape, which a test holds it to, and pipelines wait for it."""
    return Response(orjson.dumps(answer), media_type="application/json")


def _asked(state: AppState, questions: Sequence[Question], who: Principal) -> list[dict[str, Any]]:
    try:
        return state.gate.ask(questions, who.name, state.clock())
    except UnknownSubjectError as error:
        with state.database.reading() as session:
            subject_named(session, str(error))
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no schema {error!s}") from error
    except DocumentError as error:
        problem = unreadable(error)
        problem.errors = ({**problem.errors[0], "path": error.path or "document"},)
        raise problem from error


def text_of(document: str | dict[str, Any], at: int | None) -> str:
    """The text of a document that was sent, of several the one at a place. Raises ``Problem`` 422."""
    try:
        text = document_text(document)
        text.encode()
    except RecursionError:
        raise unreadable(DocumentError("it is nested too deeply")) from None
    except UnicodeEncodeError:
        place = "" if at is None else f"document {at + 1}: "
        raise unreadable(DocumentError(f"{place}it holds half of a surrogate pair, which is no character")) from None
    return text


@router.get("/evaluations", summary="What was asked, the latest first")
def list_evaluations(
    state: State,
    _who: Reader,
    subject: Annotated[str | None, Query(max_length=100)] = None,
    verdict: Verdict | None = None,
    batch: Annotated[str | None, Query(max_length=32, description="The id of a call about several documents.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListedEvaluation]:
    """Without their findings."""
    position = decode_cursor(cursor, (str, str))
    with state.database.reading() as session:
        rows = keeping.page(
            session, subject=subject, verdict=verdict, batch=batch, before=_before(position), limit=limit + 1
        )
        shown, last = cut(rows, limit)
        items = [_listed(state, row) for row in shown]
    following = encode_cursor((last.evaluated_at.isoformat(), last.id)) if last else None
    return Page(items=items, next_cursor=following)


@router.get("/evaluations/{evaluation}", summary="One evaluation")
def get_evaluation(state: State, _who: Reader, evaluation: str) -> KeptEvaluation:
    """Its latest answer."""
    with state.database.reading() as session:
        row = keeping.one(session, evaluation) if evaluation.isalnum() else None
        if row is None:
            sentence = f"there is no evaluation {evaluation[:64]!r}, or its time of keeping is over"
            raise Problem(HTTPStatus.NOT_FOUND, sentence)
        return KeptEvaluation(
            **{**row.answer, "url": _url(state, f"/{row.id}"), "batch": row.batch},
            context=row.context,
            asked=row.asked,
            history=row.history,
            created_at=row.created_at,
            evaluated_by=row.evaluated_by,
        )


def _url(state: AppState, rest: str) -> str:
    base = str(state.settings.public_url or f"http://{state.settings.host}:{state.settings.port}")
    return f"{base.rstrip('/')}/reviews/evaluations{rest}"


def _listed(state: AppState, row: StoredEvaluation) -> ListedEvaluation:
    names = ListedEvaluation.model_fields.keys() - {"url"}
    return ListedEvaluation(**{name: getattr(row, name) for name in names}, url=_url(state, f"/{row.id}"))


def _before(position: Sequence[str | int] | None) -> tuple[datetime, str] | None:
    if position is None:
        return None
    try:
        return datetime.fromisoformat(str(position[0])), str(position[1])
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, "the cursor is not one of this list; leave it out to begin") from None
