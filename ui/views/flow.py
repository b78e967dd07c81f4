"""A workflow's flow page: the answer, the picture, and its figures as tables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from collectors.timelines.flow import Flow, Stop, Variant, Variants
from policies.slas.narrowing import NO_STEP
from ui import format as fmt
from ui import naming, words
from ui.charts import flow as chart
from ui.sentence import Bit
from ui.views.wanted import Asked

#: The order in which stops are told, and how they are called below a step.
_STAYS = {"running": "waiting", "failed": "failed", "cancelled": "cancelled", "completed": "completed"}
_NO_STEP_TITLE = "only failed attempts"


@dataclass(frozen=True, slots=True)
class HopRow:
    """A hop as a line; ``share`` is of those that went on from its first step."""

    start: str
    end: str
    href: str
    count: int
    share: float
    p50: int
    p90: int


@dataclass(frozen=True, slots=True)
class StopRow:
    """Where objects stopped: since when the one that is silent longest, and what they are worth."""

    step: str
    state: str
    href: str
    count: int
    oldest: int
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A sequence of steps as a line."""

    steps: Sequence[str]
    href: str
    count: int
    share: float
    completed: float
    p50: int
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A kind of error, and who met it."""

    error_type: str
    href: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    answer: Sequence[Bit]
    total: int
    picture: Markup
    hops: Sequence[HopRow]
    stops: Sequence[StopRow]
    variants: Sequence[VariantRow]
    errors: Sequence[ErrorRow]
    number: int


def view(
    asked: Asked,
    flow: Flow,
    variants: Variants,
    system_title: Callable[[str], str],
    errors: Mapping[str, int] | None = None,
) -> View:
    """The page of a flow and its variants; ``errors`` has how many met each kind of error."""
    title = _titles(asked)
    going = {hop.start: 0 for hop in flow.hops}
    for hop in flow.hops:
        going[hop.start] += hop.count
    return View(
        answer=list(_answer(asked, flow, variants, title)),
        total=flow.total,
        picture=_picture(asked, flow, title, system_title),
        hops=[
            HopRow(
                title(hop.start),
                title(hop.end),
                _also(asked, "hop", f"{hop.start}:{hop.end}"),
                hop.count,
                hop.count / going[hop.start],
                hop.p50,
                hop.p90,
            )
            for hop in flow.hops
        ],
        stops=[
            StopRow(title(stop.step), stop.state, _stopped(asked, stop), stop.count, stop.oldest, stop.amounts)
            for stop in sorted(flow.stops, key=lambda stop: (list(_STAYS).index(stop.state), -stop.count))
        ],
        variants=[_variant(asked, one, variants.total, title) for one in variants.items],
        errors=[
            ErrorRow(kind, _list(asked, error_type=kind), count, count / max(1, flow.total))
            for kind, count in (errors or {}).items()
        ],
        number=variants.number,
    )


def _answer(asked: Asked, flow: Flow, variants: Variants, title: Callable[[str], str]) -> Iterator[Bit]:
    subject = words.quantity(flow.total, asked.definition.object)
    inside = [f"{words.noun(name)} {value}" for name, value in asked.dimensions.items()]
    where = f" with {words.listing(inside)}" if inside else ""
    yield Bit(f"{subject}{where}", _list(asked))
    yield Bit(f" began {asked.period.words}. ")
    if variants.items:
        usual = variants.items[0]
        yield Bit(f"{fmt.percent(usual.count / variants.total)} took the same way", _way(asked, usual))
        others = variants.number - 1
        yield Bit(f", the rest {words.quantity(others, 'other')}. " if others else ". ")
    waiting = [stop for stop in flow.stops if stop.state == "running"]
    if waiting:
        worst = max(waiting, key=lambda stop: stop.count)
        count = f"{fmt.count(worst.count)} {words.verb(worst.count, 'has', 'have')} come no further than “{title(worst.step)}”"
        yield Bit(count, _stopped(asked, worst), "late")
        sums = fmt.sums(worst.amounts)
        yield Bit(
            f" and {words.verb(worst.count, 'is', 'are')} under way{f', {words.listing(sums)} in all' if sums else ''}"
        )
        yield Bit(f"; the longest silence is {fmt.duration(max(0, asked.now - worst.oldest))}.")


def _picture(asked: Asked, flow: Flow, title: Callable[[str], str], system_title: Callable[[str], str]) -> Markup:
    nodes = [
        chart.Node(
            name=step.name,
            title=title(step.name),
            system=system_title(step.system),
            count=flow.reached.get(step.name, 0),
            href=_also(asked, "step", step.name),
            stays=list(_stays(asked, [stop for stop in flow.stops if stop.step == step.name], title(step.name))),
        )
        for step in asked.definition.steps
    ]
    known = {node.name for node in nodes}
    links = [
        chart.Link(
            start=hop.start,
            end=hop.end,
            count=hop.count,
            p50=hop.p50,
            p90=hop.p90,
            href=_also(asked, "hop", f"{hop.start}:{hop.end}"),
            title=(
                f"{title(hop.start)} → {title(hop.end)}: {fmt.count(hop.count)}, half within {fmt.duration(hop.p50)}, "
                f"nine in ten within {fmt.duration(hop.p90)}"
            ),
        )
        for hop in flow.hops
        if {hop.start, hop.end} <= known
    ]
    return chart.draw(nodes, links)


def _stays(asked: Asked, stops: Sequence[Stop], title: str) -> Iterator[chart.Stay]:
    for state, said in _STAYS.items():
        for stop in stops:
            if stop.state == state:
                sums = fmt.sums(stop.amounts)
                worth = f", {words.listing(sums)}" if sums else ""
                yield chart.Stay(
                    state,
                    f"{fmt.count(stop.count)} {said}",
                    _stopped(asked, stop),
                    f"{title}: {fmt.count(stop.count)} {said} here{worth}",
                )


def _variant(asked: Asked, one: Variant, total: int, title: Callable[[str], str]) -> VariantRow:
    return VariantRow(
        steps=[title(step) for step in one.path] or [_NO_STEP_TITLE],
        href=_way(asked, one),
        count=one.count,
        share=one.count / total,
        completed=one.completed / one.count,
        p50=one.p50,
        amounts=one.amounts,
    )


def _titles(asked: Asked) -> Callable[[str], str]:
    titles = naming.step_titles(asked.definition)
    return lambda step: titles.get(step, words.title(step)) if step else _NO_STEP_TITLE


def _stopped(asked: Asked, stop: Stop) -> str:
    if stop.step:
        return _list(asked, current=stop.step, state=stop.state)
    return _list(asked, path=NO_STEP, state=stop.state)


def _way(asked: Asked, one: Variant) -> str:
    return _list(asked, path=",".join(one.path) or NO_STEP)


def _also(asked: Asked, name: str, value: str) -> str:
    """The list with one more step or hop asked for, so that it has as many as were counted among these."""
    given = [one.strip() for one in asked.given.get(name, "").split(",") if one.strip()]
    return _list(asked, **{name: ",".join(dict.fromkeys([*given, value]))})


def _list(asked: Asked, **changes: str) -> str:
    return asked.address(**changes)
