"""What the pages about reviews show. Times are in nanoseconds; the day is an argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.gate.models import StoredEvaluation
from policies.reviews.deciding import Voter, named, speaks_for
from policies.reviews.model import Review, Summary
from policies.reviews.needed import ARCHITECT, Need
from registry.compat.model import Level
from ui import words
from ui.schema_finding import nanoseconds
from ui.views import evaluations, schemas
from ui.views.schemas import Section, Shown
from ui.views.source import readable
from ui.views.text_diff import Difference, difference

PLACE = "/reviews"
#: How a state looks, and reads.
STATES = {
    "open": ("pending", "open"),
    "approved": ("met", "approved"),
    "refused": ("breached", "refused"),
    "superseded": ("overdue", "superseded"),
    "published": ("completed", "published"),
    "withdrawn": ("cancelled", "withdrawn"),
}
_VERDICTS = {"deny": ("breached", "denied"), "warn": ("overdue", "warned"), "allow": ("met", "allowed")}
_LEVELS = {
    Level.BREAKING: ("Breaks someone", "breached"),
    Level.WARNING: ("May surprise someone", "overdue"),
    Level.INFO: ("Other changes", "met"),
}
#: As many names as read well.
_MEMBERS = 8
_SAID = {"approve": "approved", "refuse": "refused", "take-back": "took their word back"}


@dataclass(frozen=True, slots=True)
class Row:
    """A review in a list."""

    href: str
    id: int
    title: str
    subject: str
    subject_href: str
    state: str
    word: str
    gate: tuple[str, str]
    due: str
    late: str
    author: str
    missing: str
    at: int


@dataclass(frozen=True, slots=True)
class Part:
    """The reviews of one heading."""

    name: str
    heading: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Asked:
    """A team whose word is needed: why, what was said, and who could say it."""

    team: str
    href: str
    because: Sequence[str]
    members: str
    said: Sequence[tuple[str, str, str]]
    missing: bool


@dataclass(frozen=True, slots=True)
class Said:
    """Something in the discussion: a comment, a vote, or another revision; ``old`` if it is of an earlier revision."""

    person: str
    what: str
    look: str
    text: str
    at: int
    revision: int
    old: bool


@dataclass(frozen=True, slots=True)
class Allowed:
    """What this person may do: speak for teams, take their word back, stand in for teams, and the rest."""

    speak: Sequence[str] = ()
    take_back: bool = False
    stand_in: Sequence[tuple[str, str]] = ()
    hint: str = ""
    comment: bool = False
    publish: bool = False
    manage: bool = False
    assess: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """One review as its page shows it."""

    row: Row
    answer: str
    why: str
    revision: int
    base: int
    base_href: str
    published_href: str
    due_day: str
    asked: Sequence[Asked]
    sections: Sequence[Section]
    difference: Difference
    gate: evaluations.Detail
    notices: Sequence[str]
    said: Sequence[Said]
    may: Allowed


def href(ident: int) -> str:
    """The address of a review."""
    return f"{PLACE}/{ident}"


def propose_href(subject: str) -> str:
    """The address of the form that proposes a version."""
    return f"{schemas.schema(subject)}/propose"


def row(one: Summary, today: date) -> Row:
    """One line of a list."""
    look, word = STATES[one.state]
    came = one.outcome
    missing = words.listing([named(team) for team in came.waiting]) if one.state == "open" else ""
    return Row(
        href=href(one.id),
        id=one.id,
        title=one.title,
        subject=one.subject,
        subject_href=schemas.schema(one.subject),
        state=look,
        word=f"version {one.published}" if one.published else word,
        gate=_VERDICTS[one.verdict],
        due=one.due.isoformat() if one.alive else "",
        late=_late(one, today),
        author=one.author,
        missing="somebody who did not propose it" if one.state == "open" and came.alone else missing,
        at=nanoseconds(one.changed_at),
    )


def _late(one: Summary, today: date) -> str:
    days = (today - one.due).days
    if one.overdue(today):
        return f"overdue by {words.quantity(days, 'day')}"
    if one.due_soon(today):
        return "due today" if not days else f"in {words.quantity(-days, 'day')}"
    return ""


def inbox(
    alive: Sequence[Summary], over: Sequence[Summary], who: Voter, today: date, *, publishes: bool
) -> tuple[str, list[Part]]:
    """The sentence, and reviews by what they want of this person: each stands under the first heading that fits."""
    found: dict[str, list[Summary]] = {"waiting": [], "publish": [], "proposed": [], "others": []}
    for one in alive:
        place = "proposed" if one.author == who.name else "others"
        if one.waits_for(who):
            place = "waiting"
        elif one.state == "approved" and publishes:
            place = "publish"
        found[place].append(one)
    headings = {
        "waiting": "Waits for your word",
        "publish": "Approved, to be published",
        "proposed": "You proposed",
        "others": "With others",
    }
    parts = [Part(name, heading, [row(one, today) for one in found[name]]) for name, heading in headings.items()]
    parts.append(Part("over", "Decided", [row(one, today) for one in over]))
    return _inbox_answer(found, alive, today), [part for part in parts if part.rows]


def _inbox_answer(found: Mapping[str, Sequence[Summary]], alive: Sequence[Summary], today: date) -> str:
    if not alive:
        return "No change is under review."
    waiting, others = found["waiting"], len(alive) - len(found["waiting"])
    late = sum(one.overdue(today) for one in alive)
    count = len(waiting)
    said = (
        f"{words.quantity(count, 'change')} {words.verb(count, 'waits', 'wait')} for your word"
        if count
        else "Nothing waits for your word"
    )
    ready = len(found["publish"])
    said += f", {ready} {words.verb(ready, 'is', 'are')} ready to be published" if ready else ""
    rest = others - ready
    said += f"; {words.quantity(rest, 'other change')} {words.verb(rest, 'is', 'are')} under review" if rest else ""
    overdue = f" {late} {words.verb(late, 'is', 'are')} overdue." if late else ""
    return f"{said}.{overdue}"


def detail(
    review: Review,
    answer: Mapping[str, Any],
    who: Voter,
    members: Mapping[str, Sequence[str]],
    today: date,
    *,
    notices: Sequence[str] = (),
    writes: bool,
    publishes: bool,
) -> Detail:
    """All of a review. ``answer`` is what the gate says of its document at the moment."""
    summary, present = review.summary, review.revision
    gate = _gate(review, answer)
    return Detail(
        row=row(summary, today),
        answer=_sentence(summary, answer, today),
        why=review.why,
        revision=present.number,
        base=present.base,
        base_href=schemas.version(summary.subject, present.base) if present.base else "",
        published_href=schemas.version(summary.subject, summary.published) if summary.published else "",
        due_day=summary.due.isoformat(),
        asked=[_asked(need, summary, members) for need in summary.needs],
        sections=sections(answer),
        difference=difference(readable(review.old), readable(present.text)),
        gate=gate,
        notices=[*notices, *gate.notices],
        said=_discussion(review),
        may=allowed(summary, who, writes=writes, publishes=publishes),
    )


def _gate(review: Review, answer: Mapping[str, Any]) -> evaluations.Detail:
    present = review.revision
    told = StoredEvaluation(
        id=present.evaluation,
        batch=None,
        subject=review.summary.subject,
        format=answer["format"],
        verdict=answer["verdict"],
        context={},
        answer=dict(answer),
        history=[],
        asked=1,
        evaluated_at=present.assessed_at,
        evaluated_by=present.by,
    )
    return evaluations.detail(told)


def sections(answer: Mapping[str, Any]) -> list[Section]:
    """The changes by how much they hurt, worst first; what is let pass stands where it would be without."""
    found: dict[Level, list[Shown]] = {level: [] for level in _LEVELS}
    for change in answer["changes"]:
        waived = change.get("waived")
        level = Level(waived.partition(" ")[0]) if waived else Level(change["level"])
        note = waived.partition(" ")[2].capitalize() if waived else change["hint"]
        found[level].append(
            Shown(
                change["rule"],
                schemas.rule(answer["format"], change["rule"]),
                change["path"],
                change["message"],
                note if level is not Level.INFO else "",
                change["old_line"],
                change["new_line"],
            )
        )
    return [Section(heading, look, found[level]) for level, (heading, look) in _LEVELS.items() if found[level]]


def _sentence(one: Summary, answer: Mapping[str, Any], today: date) -> str:
    counts = {section.heading: len(section.changes) for section in sections(answer)}
    hurt, maybe = counts.get("Breaks someone", 0), counts.get("May surprise someone", 0)
    what = "It breaks nobody"
    if hurt:
        what = f"It breaks someone in {words.quantity(hurt, 'place')}"
    elif maybe:
        what = f"It may surprise someone in {words.quantity(maybe, 'place')}"
    came = one.outcome
    teams = [named(team) for team in came.waiting]
    against = words.listing(sorted({vote.person for vote in came.standing if vote.decision == "refuse"}))
    missing = f"the word of {words.listing(teams)} is missing"
    if came.alone:
        missing = "every team agreed, but nobody yet who did not propose it"
    how = {
        "open": f"; {missing}",
        "approved": ", and everyone who was asked agrees: it can be published"
        if one.verdict != "deny"
        else ", and everyone who was asked agrees; but the gate denies it as long as no waiver lets it pass",
        "refused": f", and {against} refused it",
        "superseded": "; but another version came into force meanwhile, so it must be revised on top of that",
        "published": f"; it was published as version {one.published}",
        "withdrawn": "; it was withdrawn",
    }[one.state]
    late = f" It is {_late(one, today)}." if one.overdue(today) else ""
    return f"{what}{how}.{late}"


def _asked(need: Need, one: Summary, members: Mapping[str, Sequence[str]]) -> Asked:
    came = one.outcome
    people = members.get(need.team, ())
    more = " and more" if len(people) > _MEMBERS else ""
    who = f"members: {', '.join(people[:_MEMBERS])}{more}" if people else "no members are named: an architect stands in"
    return Asked(
        team=named(need.team),
        href=f"/catalogue/Team/{need.team}" if need.team else "",
        because=need.because,
        members="for what nobody owns" if need.team == ARCHITECT else who,
        said=[
            (
                "met" if vote.decision == "approve" else "breached",
                f"{_SAID[vote.decision]} by {vote.person}{' in its place' if vote.standing_in else ''}",
                vote.reason,
            )
            for vote in came.standing
            if vote.team == need.team
        ],
        missing=need.team in came.waiting,
    )


def _discussion(review: Review) -> list[Said]:
    last = review.summary.revision
    found = [
        Said(
            person=one.person,
            what=_of_vote(one.decision, one.team, standing_in=one.standing_in),
            look={"approve": "met", "refuse": "breached", "take-back": "cancelled"}.get(one.decision, ""),
            text=one.text,
            at=nanoseconds(one.at),
            revision=one.revision,
            old=one.revision != last,
        )
        for one in review.remarks
    ]
    found += [
        Said(
            one.by, f"proposed revision {one.number}", "", one.note, nanoseconds(one.at), one.number, one.number != last
        )
        for one in review.revisions[1:]
    ]
    # A revision comes before what was said of it in the same moment.
    return sorted(found, key=lambda one: (one.at, one.revision, not one.what.startswith("proposed")))


def _of_vote(decision: str, team: str, *, standing_in: bool) -> str:
    if not decision:
        return ""
    place = "in the place of" if standing_in else "for"
    return f"{_SAID[decision]} {f'{place} {team}' if team else 'as an architect'}"


def allowed(one: Summary, who: Voter, *, writes: bool, publishes: bool) -> Allowed:
    """What somebody may do, as the service decides it too."""
    if not writes:
        return Allowed(publish=publishes and one.state == "approved")
    mine = one.author == who.name or who.name in one.authors
    votes = one.state in {"open", "approved", "refused"}
    own = speaks_for(who, one.needs, one.authors) if votes else []
    others = who.may_stand_in and who.name not in one.authors and votes
    hint = ""
    if votes and who.name in one.authors:
        hint = "You proposed it, so somebody else has to agree, too."
    elif votes and not own and not others:
        hint = "Members of the teams that are asked decide."
    return Allowed(
        speak=[named(team) for team in own],
        take_back=any(vote.person == who.name for vote in one.outcome.standing) and votes,
        stand_in=[(need.team, named(need.team)) for need in one.needs if others and need.team and need.team not in own],
        hint=hint,
        comment=True,
        publish=publishes and one.state == "approved",
        manage=one.alive and (mine or who.may_stand_in),
        assess=one.alive,
    )
