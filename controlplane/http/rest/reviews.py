"""Reviews: proposing a version of a schema, discussing it, deciding, publishing."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from controlplane import reviewing
from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.rest.policies import text_of
from controlplane.http.wiring import State
from controlplane.state import AppState
from policies.reviews import service, sources
from policies.reviews.deciding import Decision
from policies.reviews.deciding import State as Standing
from policies.reviews.service import Actor
from registry.access.roles import Principal

router = APIRouter(prefix="/api/v1/reviews", tags=["Reviews"])
_HIGHEST = 2**31 - 1
_LONGEST = 10_000
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
Writer = Annotated[Principal, Depends(requires("reviews:write"))]
Publisher = Annotated[Principal, Depends(requires("catalogue:write"))]
Number = Annotated[int, Path(ge=1, le=_HIGHEST)]
IfMatch = Annotated[str | None, Header(max_length=40, description="The ETag of the review that one looked at.")]
Seen = Annotated[
    int, Field(ge=1, le=_HIGHEST, description="The revision that one looked at; 409 if it is another one.")
]
#: A mark has fewer digits.
_DIGITS = 10


class Body(BaseModel):
    """What is sent; unknown members are refused."""

    model_config = ConfigDict(extra="forbid")


class NewReview(Body):
    """A proposed document: as it is, or that of a registered version (a draft), or what the gate was asked about."""

    subject: str = Field(max_length=100)
    title: str = Field(max_length=_LONGEST, description="What changes, in a line.")
    why: str = Field(default="", max_length=_LONGEST)
    due: date | None = Field(default=None, description="In a week unless it says otherwise.")
    document: str | dict[str, Any] | None = None
    version: int | None = Field(default=None, ge=1, le=_HIGHEST)
    evaluation: str | None = Field(default=None, max_length=64)


class NewRevision(Body):
    """Another document in the place of the one proposed."""

    revision: Seen
    document: str | dict[str, Any]
    note: str = Field(default="", max_length=_LONGEST)


class NewComment(Body):
    """Something said."""

    text: str = Field(max_length=_LONGEST)


class NewVote(Body):
    """A word for a team. Without a team: for all of one's own that are asked, and as an architect for what nobody owns."""

    decision: Decision
    revision: Seen
    team: str | None = Field(default=None, max_length=100)
    reason: str = Field(
        default="", max_length=_LONGEST, description="Needed for a refusal, and to stand in for a team."
    )


class Publication(Body):
    """Which revision is published, and what the audit log says why."""

    revision: Seen
    reason: str = Field(default="", max_length=_LONGEST)


class Reason(Body):
    """Why."""

    reason: str = Field(default="", max_length=_LONGEST)


class NewDue(Body):
    """Another day."""

    due: date


class NeededWord(BaseModel):
    """A team whose word is needed, why, and who gave it. A team that is null: an architect speaks for what nobody owns."""

    team: str | None
    because: list[str]
    approved_by: list[str]
    refused_by: list[str]


class ListedReview(BaseModel):
    """A review. ``base`` is the version that it would replace, ``published`` the one that came of it.

    ``needs_another_person``: every team agreed, but nobody but those who proposed it.
    """

    id: int
    url: str
    subject: str
    title: str
    author: str
    state: Standing
    due: date
    overdue: bool
    revision: int
    base: int | None
    verdict: Literal["allow", "warn", "deny"]
    published: int | None
    needs: list[NeededWord]
    needs_another_person: bool
    created_at: datetime
    changed_at: datetime


class ReviewRevision(BaseModel):
    """A document that was proposed; ``evaluation`` is what the gate said of it then."""

    number: int
    base: int | None
    evaluation: str
    verdict: str
    note: str
    at: datetime
    by: str


class ReviewRemark(BaseModel):
    """A comment (no decision) or a vote."""

    number: int
    revision: int
    person: str
    decision: Decision | None
    team: str | None
    standing_in: bool
    text: str
    at: datetime


class WholeReview(ListedReview):
    """A review with its document, what the gate says of it (as an evaluation does), and all that was said."""

    why: str
    document: str
    answer: dict[str, Any]
    assessed_at: datetime
    revisions: list[ReviewRevision]
    remarks: list[ReviewRemark]


@router.get("", summary="Reviews, what is due first coming first")
def list_reviews(
    state: State,
    who: Reader,
    standing: Annotated[list[Standing] | None, Query(alias="state")] = None,
    subject: Annotated[str | None, Query(max_length=100)] = None,
    mine: Annotated[
        Literal["waiting", "proposed"] | None,
        Query(description="Those that wait for one's word, or that one proposed."),
    ] = None,
    due: Annotated[
        Literal["overdue", "soon"] | None, Query(description="Not over and overdue, or due in 3 days.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListedReview]:
    """Without their documents."""
    if subject is not None and not (subject.isascii() and subject.isprintable()):
        return Page(items=[], next_cursor=None)
    found = reviewing.listed(
        state,
        who,
        states=standing or (),
        subject=subject,
        waiting=mine == "waiting",
        proposed=mine == "proposed",
        due=due,
        after=_after(cursor),
        limit=limit + 1,
    )
    shown, last = cut(found, limit)
    today = state.clock().date()
    items = [ListedReview(**reviewing.summary(one, today), url=_url(state, one.id)) for one in shown]
    return Page(items=items, next_cursor=encode_cursor((last.due.isoformat(), last.id)) if last else None)


@router.get("/{review}", summary="One review")
def get_review(state: State, _who: Reader, response: Response, review: Number) -> WholeReview:
    """Its `ETag` counts its changes, for `If-Match`."""
    return _told(state, response, review)


@router.post("", summary="Propose a version of a schema", status_code=HTTPStatus.CREATED)
def open_review(state: State, who: Writer, response: Response, new: NewReview) -> WholeReview:
    """The gate judges the document, and says whose word it needs. 422 for one that can't be read."""
    given = [name for name in ("document", "version", "evaluation") if getattr(new, name) is not None]
    if len(given) != 1:
        sentence = "say what is proposed: one of document, version and evaluation"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence)
    with reviewing.told(state):
        ident = service.open_review(
            state.gate,
            _actor(state, who, None),
            subject=new.subject,
            document=_document(state, new),
            title=new.title,
            why=new.why,
            due=new.due,
        )
    response.headers["Location"] = f"/api/v1/reviews/{ident}"
    return _told(state, response, ident)


@router.post("/{review}/revisions", summary="Propose another document in its place", status_code=HTTPStatus.CREATED)
def revise_review(
    state: State, who: Writer, response: Response, review: Number, new: NewRevision, if_match: IfMatch = None
) -> WholeReview:
    """Votes start anew. Whoever proposed it may, and architects."""
    actor = _actor(state, who, if_match)
    with reviewing.told(state, actor):
        text = text_of(new.document, None)
        service.revise(state.gate, actor, review, revision=new.revision, document=text, note=new.note)
    return _told(state, response, review)


@router.post("/{review}/comments", summary="Say something about it", status_code=HTTPStatus.CREATED)
def comment_on_review(state: State, who: Writer, response: Response, review: Number, new: NewComment) -> WholeReview:
    """Also once it is over."""
    with reviewing.told(state):
        service.comment(state.gate, _actor(state, who, None), review, new.text)
    return _told(state, response, review)


@router.post("/{review}/votes", summary="Approve, refuse, or take one's word back", status_code=HTTPStatus.CREATED)
def vote_on_review(
    state: State, who: Writer, response: Response, review: Number, new: NewVote, if_match: IfMatch = None
) -> WholeReview:
    """Members of the teams that are asked decide; an architect may stand in for a team with a reason.

    409 for whoever may not, and where the revision is another one by now.
    """
    actor = _actor(state, who, if_match)
    with reviewing.told(state, actor):
        service.vote(
            state.gate,
            actor,
            review,
            revision=new.revision,
            decision=new.decision,
            team=new.team,
            reason=new.reason,
        )
    return _told(state, response, review)


@router.post("/{review}/assessment", summary="Judge it anew")
def assess_review(state: State, who: Writer, response: Response, review: Number) -> WholeReview:
    """By today's policies, waivers, traffic and owners. That happens by itself before a vote and before publication."""
    with reviewing.told(state):
        service.assess(state.gate, _actor(state, who, None), review)
    return _told(state, response, review)


@router.post("/{review}/publication", summary="Publish what was approved")
def publish_review(
    state: State, who: Publisher, response: Response, review: Number, new: Publication, if_match: IfMatch = None
) -> WholeReview:
    """The document becomes the version in force, as by applying its manifest.

    409 unless it is approved, if another version came into force meanwhile, or if the schema's mode or a policy denies it
    and no waiver lets it pass.
    """
    actor = _actor(state, who, if_match)
    with reviewing.told(state, actor):
        service.publish(state.gate, actor, review, revision=new.revision, reason=new.reason)
    state.applied(frozenset({"Schema"}))
    return _told(state, response, review)


@router.post("/{review}/withdrawal", summary="End it without publication")
def withdraw_review(
    state: State, who: Writer, response: Response, review: Number, why: Reason | None = None, if_match: IfMatch = None
) -> WholeReview:
    """Whoever proposed it may, and architects."""
    actor = _actor(state, who, if_match)
    with reviewing.told(state, actor):
        service.withdraw(state.gate, actor, review, why.reason if why else "")
    return _told(state, response, review)


@router.put("/{review}/due", summary="Let it be due on another day")
def reschedule_review(
    state: State, who: Writer, response: Response, review: Number, new: NewDue, if_match: IfMatch = None
) -> WholeReview:
    """Whoever proposed it may, and architects."""
    actor = _actor(state, who, if_match)
    with reviewing.told(state, actor):
        service.reschedule(state.gate, actor, review, new.due)
    return _told(state, response, review)


def _document(state: AppState, new: NewReview) -> str:
    if new.document is not None:
        return text_of(new.document, None)
    with state.database.reading() as session:
        if new.version is not None:
            return sources.of_version(session, new.subject, new.version)
        return sources.of_evaluation(session, new.subject, new.evaluation or "")


def _actor(state: AppState, who: Principal, if_match: str | None) -> Actor:
    return Actor(who, state.clock(), _match(if_match))


def _match(if_match: str | None) -> int | None:
    if if_match is None:
        return None
    digits = if_match.strip().removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdecimal() or len(digits) > _DIGITS:
        raise Problem(HTTPStatus.BAD_REQUEST, 'If-Match must be the ETag of what you looked at, such as "3"')
    return int(digits)


def _after(cursor: str | None) -> tuple[date, int] | None:
    position = decode_cursor(cursor, (str, int))
    if position is None:
        return None
    try:
        return date.fromisoformat(str(position[0])), int(position[1])
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, "the cursor is not one of this list; leave it out to begin") from None


def _told(state: AppState, response: Response, ident: int) -> WholeReview:
    found = reviewing.one(state, ident)
    response.headers["ETag"] = f'"{found.summary.mark}"'
    return WholeReview(**reviewing.detail(found, state.clock().date()), url=_url(state, ident))


def _url(state: AppState, ident: int) -> str:
    base = str(state.settings.public_url or f"http://{state.settings.host}:{state.settings.port}")
    return f"{base.rstrip('/')}/reviews/{ident}"
