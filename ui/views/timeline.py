"""One object's page: the answer, the picture in two shapes, the remarks and the list. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from collectors.timelines.model import Instance, Key, Money, Settlement, Turn
from collectors.workflows.definition import Definition
from policies.slas.judge import judge
from policies.slas.model import Sla, Verdict
from ui import format as fmt
from ui import naming, urls, words
from ui.charts.timeline import remarks, story, tall, wide
from ui.charts.timeline.model import Dot, Due, Note, Story
from ui.sentence import Bit

_SHOWN_AS = {
    "done": ("met", "done"),
    "met": ("met", "in time"),
    "late": ("breached", "late"),
    "failed": ("error", "failed"),
    "attempt": ("error", "attempt failed"),
    "again": ("overdue", "reported again"),
    "more": ("met", "once more"),
    "part": ("met", "a part"),
    "awaited": ("pending", "not due yet"),
    "overdue": ("overdue", "overdue"),
}
_HOW = {"failed": ", which failed ", "part": ", which settled a part, "}
_EVERY = {1: "Its deadline was", 2: "Both deadlines were"}
_FEWEST_TO_COMPARE = 20
#: Up to here clocks may differ and nobody says so.
_AHEAD = 5 * fmt.SECOND
#: Ids that stand at the top of the page.
_KEYS = 24


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    at: int
    after: str
    title: str
    system: str
    state: str
    result: str
    message: str
    error_type: str
    errors_href: str
    href: str | None
    source: str
    notes: Sequence[int]
    awaited: bool


@dataclass(frozen=True, slots=True)
class TurnRow:
    """The state that the object entered, in words, and by what."""

    at: int
    state: str
    told: str
    title: str


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    ident: str
    noun: str
    name: str
    workflow: str
    list_href: str
    amount: Money | None
    settled: str
    keys: Sequence[Key]
    more_keys: int
    total: int
    cut: bool
    milestones_href: str
    dimensions: Mapping[str, str]
    answer: Sequence[Bit]
    wide: Markup
    tall: Markup
    notes: Sequence[Note]
    rows: Sequence[Row]
    dues: Sequence[Due]
    missing: Sequence[str]
    turns: Sequence[TurnRow]
    definition: str
    open: bool


def view(
    instance: Instance,
    definition: Definition,
    slas: Sequence[Sla],
    system_title: Callable[[str], str],
    usual: story.Habits,
    now: int,
) -> View:
    """The page of an instance with its milestones."""
    promises = [
        (sla, verdict)
        for sla in sorted(slas, key=lambda sla: sla.name)
        if (verdict := judge(sla, instance.reached, instance.state, now))
    ]
    told = story.tell(instance, definition, promises, now, system_title=system_title, usual=usual, slas=slas)
    return View(
        ident=instance.id,
        noun=words.title(definition.object),
        name=naming.display_key(instance, definition).value,
        workflow=naming.workflow_title(definition),
        list_href=urls.instances(definition.workflow),
        amount=instance.amount,
        settled=_settled(instance.settlement),
        keys=instance.keys[:_KEYS],
        more_keys=max(0, len(instance.keys) - _KEYS),
        total=instance.total,
        cut=instance.total > len(instance.milestones),
        milestones_href=urls.milestones(definition.workflow, instance.id),
        dimensions=instance.dimensions,
        answer=answer(instance, told, promises, now),
        wide=wide.draw(told),
        tall=tall.draw(told),
        notes=told.notes,
        rows=list(_rows(told, definition.workflow)),
        dues=told.dues,
        missing=told.missing,
        turns=list(_turns(instance, definition)),
        definition=definition.id,
        open=told.now is not None,
    )


def _settled(found: Settlement | None) -> str:
    """How much of the amount beside which it stands is settled; "" where no part is."""
    if found is None or found.total is None or found.open is None or not found.parts:
        return ""
    total, left = (fmt.number(one.value, one.currency) for one in (found.total, found.open))
    if not found.open.value:
        return f"{total} settled"
    return f"{total} settled, {left.removeprefix('-')} too much" if found.covered else f"{total} settled, {left} open"


def answer(instance: Instance, told: Story, promises: Sequence[tuple[Sla, Verdict]], now: int) -> list[Bit]:
    """Where the object stands, in a sentence or two: what is overdue first, else how it ended."""
    last = _last(told) if instance.state == "running" else told.path[-1] if told.path else None
    bits = list(_waiting(told, now)) or list(_ending(instance, last, now))
    missed = [sla.title or words.title(sla.name) for sla, verdict in promises if verdict.state == "breached"]
    if missed:
        bits.append(Bit(f" {words.listing(missed)} {words.verb(len(missed), 'was', 'were')} missed.", tone="bad"))
    elif promises and all(verdict.state == "met" for _, verdict in promises):
        bits.append(Bit(f" {_EVERY.get(len(promises), f'All {len(promises)} deadlines were')} met."))
    return bits


def _last(told: Story) -> Dot | None:
    """The latest step, or the part of one that came after it."""
    parts = [dot for dot in told.beside if dot.kind == "part"]
    return max((*told.path[-1:], *parts), key=lambda dot: dot.at, default=None)


def _waiting(told: Story, now: int) -> Iterator[Bit]:
    late = sorted((dot for dot in told.awaited if dot.kind == "overdue"), key=lambda dot: dot.at)
    for number, dot in enumerate(late):
        yield Bit(f"{remarks.place(told, dot)} is " if number == 0 else f", {remarks.place(told, dot)} ")
        yield Bit(f"{'overdue ' if number == 0 else ''}by {fmt.duration(now - dot.at)}", tone="late")
    if late and (last := _last(told)):
        yield Bit(". The last that was heard is ")
        yield Bit(remarks.place(told, last), last.href)
        yield Bit(_HOW.get(last.kind, ", "))
        yield Bit(f"{_stamped(last.at, now)}.")


def _stamped(at: int, now: int) -> str:
    """When a step was reached; one that a system's clock puts ahead of now has come all the same."""
    if at <= now + _AHEAD:
        return fmt.relative(at, now)
    return f"stamped {fmt.duration(at - now)} ahead of now by its system's clock"


def _ending(instance: Instance, last: Dot | None, now: int) -> Iterator[Bit]:
    took = fmt.duration((instance.ended_at or now) - instance.started_at)
    if instance.state == "completed":
        yield Bit(f"Completed in {took}.")
    elif instance.state in ("failed", "cancelled"):
        failed = instance.state == "failed"
        yield Bit("Failed" if failed else "Cancelled", tone="bad" if failed else "")
        yield Bit(f" after {took}")
        if last is not None:
            yield Bit(": ")
            yield Bit(last.title, last.href)
        yield Bit(".")
    else:
        again = len(instance.history) > 1
        yield Bit(f"Open again for {fmt.duration(now - instance.history[-1].at)}" if again else f"Under way for {took}")
        if last is not None:
            failed = last.kind == "failed"
            yield Bit("; the last that was tried is " if failed else "; the latest step is ")
            yield Bit(last.title, last.href)
            yield Bit(_HOW.get(last.kind, ", "), tone="bad" if failed else "")
            yield Bit(_stamped(last.at, now))
        yield Bit(".")


def _turns(instance: Instance, definition: Definition) -> Iterator[TurnRow]:
    titles = naming.step_titles(definition)
    for number, turn in enumerate(instance.history):
        yield TurnRow(turn.at, turn.state, _turned(turn, number), titles.get(turn.step) or words.title(turn.step))


def _turned(turn: Turn, number: int) -> str:
    if turn.state == "running":
        return "began" if number == 0 else "opened again"
    return words.WORKFLOW_STATES[turn.state]


def _rows(told: Story, workflow: str) -> Iterator[Row]:
    dots = sorted((*told.path, *told.beside, *told.awaited), key=lambda dot: dot.at)
    before: int | None = None
    for dot in dots:
        state, result = _SHOWN_AS[dot.kind]
        waits = dot.kind in ("awaited", "overdue")
        yield Row(
            at=dot.at,
            after=fmt.NOTHING if before is None or waits else fmt.duration(dot.at - before),
            title=dot.title,
            system=told.lanes[dot.lane].title,
            state=state,
            result=result,
            message=_beyond(dot.error_type, dot.message),
            error_type=dot.error_type,
            errors_href=urls.instances(workflow, {"error_type": dot.error_type}) if dot.error_type else "",
            href=dot.href,
            source=dot.source,
            notes=dot.notes,
            awaited=waits,
        )
        before = before if waits else dot.at


def _beyond(kind: str, message: str) -> str:
    """An error's message without its kind, which stands before it: "RCRD_DSNT_EXIST: no such invoice"."""
    return message.removeprefix(kind).lstrip(": ") if kind and message.startswith((f"{kind}:", f"{kind} ")) else message


def usual_hops(path: Iterable[tuple[str, str]], others: Sequence[Instance]) -> dict[tuple[str, str], story.Usual]:
    """What each hop usually takes among other instances, where at least twenty of them made it."""
    usual: dict[tuple[str, str], story.Usual] = {}
    for start, end in path:
        lengths = [
            other.reached[end] - other.reached[start]
            for other in others
            if start in other.reached and end in other.reached
        ]
        forward = sorted(length for length in lengths if length >= 0)
        if len(forward) >= _FEWEST_TO_COMPARE:
            usual[start, end] = story.Usual(forward[len(forward) // 2], forward[len(forward) * 19 // 20])
    return usual


def hops_of(instance: Instance) -> list[tuple[str, str]]:
    """The steps that follow one another in time."""
    steps = sorted(instance.reached, key=lambda step: instance.reached[step])
    return list(pairwise(steps))
