"""``/reviews/{number}``: a proposed version: what changes, whom it hurts, what was said, and the forms to decide."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from policies.gate.keeping import Question
from policies.gate.service import UnknownSubjectError
from policies.reviews import assessing, reading, service
from policies.reviews.deciding import ReviewError
from policies.reviews.model import Review
from policies.reviews.service import Actor, UnknownReviewError
from policies.reviews.words import WordsError
from registry.access.roles import Principal
from registry.catalogue import read
from registry.compat.model import DocumentError
from registry.kinds.team import TeamManifest
from ui.schema_finding import HIGHEST, moment
from ui.site import Site
from ui.views import reviews as view

_LONGEST = 10_000
_Words = Annotated[str, Form(max_length=_LONGEST)]
Seen = Annotated[int, Form(ge=1, le=HIGHEST)]


def routes(site: Site) -> APIRouter:
    """The page and its forms; one that is sent from another site's page is refused where a person is recognised."""
    router = APIRouter()
    Reader = Annotated[Principal, Depends(site.services.requires("catalogue:read"))]  # noqa: N806  a type
    Writer = Annotated[Principal, Depends(site.services.requires("reviews:write"))]  # noqa: N806  a type
    publisher = site.services.requires("catalogue:write")
    gate = site.services.gate

    @router.get("/reviews/{number:int}")
    def review(request: Request, person: Reader, number: int) -> Response:
        """One review, with what the gate says of it now."""
        now = moment(site.services.clock())
        found = review_numbered(site, number)
        answer, notices = _now(site, found)
        with site.services.database.reading() as session:
            who = reading.voter(session, person)
            members = {team.name: team.spec.members for team in read.every(session, TeamManifest)}
        shown = view.detail(
            found,
            answer,
            who,
            members,
            now.date(),
            notices=notices,
            writes=person.may("reviews:write"),
            publishes=person.may("catalogue:write"),
        )
        until = (now.date() + timedelta(days=30)).isoformat()
        may_ask = person.may("policies:evaluate")
        return site.page(request, person, "review.html", one=shown, may_ask=may_ask, until=until)

    @router.get("/reviews/{number:int}/document")
    def document(person: Reader, number: int) -> Response:  # noqa: ARG001  whoever may read it
        """The proposed text alone."""
        return PlainTextResponse(review_numbered(site, number).revision.text)

    @router.post("/reviews/{number:int}/comments")
    def comment(person: Writer, number: int, text: _Words = "") -> Response:
        """Say something."""
        with told():
            service.comment(gate, _actor(site, person), number, text)
        return _back(number, "#discussion")

    @router.post("/reviews/{number:int}/votes")
    def vote(
        person: Writer,
        number: int,
        revision: Seen,
        decision: Annotated[Literal["approve", "refuse", "take-back"], Form()],
        team: Annotated[str, Form(max_length=100)] = "",
        reason: _Words = "",
    ) -> Response:
        """Approve, refuse, or take one's word back."""
        with told():
            service.vote(
                gate,
                _actor(site, person),
                number,
                revision=revision,
                decision=decision,
                team=team or None,
                reason=reason,
            )
        return _back(number)

    @router.post("/reviews/{number:int}/assessment")
    def assess(person: Writer, number: int) -> Response:
        """Judge it anew."""
        with told():
            service.assess(gate, _actor(site, person), number)
        return _back(number)

    @router.post("/reviews/{number:int}/publication")
    def publish(
        person: Annotated[Principal, Depends(publisher)], number: int, revision: Seen, reason: _Words = ""
    ) -> Response:
        """Publish it."""
        with told():
            service.publish(gate, _actor(site, person), number, revision=revision, reason=reason)
        site.services.applied(frozenset({"Schema"}))
        return _back(number)

    @router.post("/reviews/{number:int}/withdrawal")
    def withdraw(person: Writer, number: int, reason: _Words = "") -> Response:
        """End it."""
        with told():
            service.withdraw(gate, _actor(site, person), number, reason)
        return _back(number)

    @router.post("/reviews/{number:int}/due")
    def reschedule(person: Writer, number: int, due: Annotated[date, Form()]) -> Response:
        """Another day."""
        with told():
            service.reschedule(gate, _actor(site, person), number, due)
        return _back(number)

    return router


def review_numbered(site: Site, number: int) -> Review:
    """The review. Raises 404."""
    with site.services.database.reading() as session:
        found = reading.review(session, number)
    if found is None:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, f"There is no review {number if number <= HIGHEST else 'of so high a number'}"
        )
    return found


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong inside as an error that pages show."""
    try:
        yield
    except (UnknownReviewError, UnknownSubjectError) as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from error
    except ReviewError as error:
        raise HTTPException(HTTPStatus.CONFLICT, str(error)) from error
    except WordsError as error:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error


def _now(site: Site, found: Review) -> tuple[Mapping[str, Any], Sequence[str]]:
    """What the gate says of it at the moment, and what somebody should know about that."""
    present = found.revision
    if not found.summary.alive:
        return present.answer, ()
    question = Question(found.summary.subject, present.text, {})
    try:
        fresh = assessing.looked_at(site.services.gate, question, moment(site.services.clock()))
    except UnknownSubjectError:
        return present.answer, ["The schema is not declared any more"]
    except DocumentError as error:
        return present.answer, [f"The document can't be judged any more: {error}"]
    if fresh.base != present.base:
        return present.answer, [f"Version {fresh.base} came into force meanwhile: this must be revised on top of it"]
    asked, known = ({need.team for need in needs} for needs in (fresh.needs, found.summary.needs))
    if asked != known:
        return fresh.answer, [
            "Whom it hurts has changed since it was judged: judge it anew, and the right teams are asked"
        ]
    return fresh.answer, ()


def _actor(site: Site, person: Principal) -> Actor:
    return Actor(person, moment(site.services.clock()))


def _back(number: int, place: str = "") -> Response:
    return RedirectResponse(f"{view.href(number)}{place}", HTTPStatus.SEE_OTHER)
