"""What is odd about a timeline, put into words and marked on the dots that it is about. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from collectors.timelines.model import Milestone
from collectors.timelines.remarks import Remark
from ui import format as fmt
from ui import words
from ui.charts.timeline.model import Dot, Identity, Note, Story

#: Of very many attempts so many are drawn at their beginning and as many at their end.
SHOWN_AT_EACH_END = 20
#: So many ids stand in one sentence.
_LISTED = 8
#: Characters of a sender's text that are quoted.
_LONGEST = 40
_TIMES = {1: "once", 2: "twice"}

Named = Callable[[str], str]


class Finding(NamedTuple):
    """A remark in words, at the time of what it is about, and the milestones that it is marked on."""

    at: int
    kind: str
    text: str
    facts: tuple[Identity, ...]


def annotate(
    story: Story, found: Sequence[Remark], named: Named, errors: Collection[str] = (), more: Iterable[Finding] = ()
) -> Story:
    """The story with its notes, numbered from one in the order of time.

    ``named`` gives what people call a step, with its system; ``errors`` are the steps that stand for a failure and so
    never "work"; ``more`` has remarks that are in words already.
    """
    told = [Finding(one.at, one.kind, _words(one, story, named, errors), _marked(one)) for one in found]
    findings = sorted((*told, *_slow(story), *more), key=lambda finding: finding.at)
    marks: dict[Identity, list[int]] = {}
    for number, finding in enumerate(findings, 1):
        for fact in finding.facts:
            marks.setdefault(fact, []).append(number)

    def noted(dots: Sequence[Dot]) -> tuple[Dot, ...]:
        return tuple(replace(dot, notes=tuple(marks.get(dot.fact, ()))) if dot.fact else dot for dot in dots)

    notes = tuple(Note(number, finding.kind, finding.text) for number, finding in enumerate(findings, 1))
    return replace(story, path=noted(story.path), beside=noted(story.beside), notes=notes)


def _marked(one: Remark) -> tuple[Identity, ...]:
    """Attempts speak for themselves; of what is about them only the dot that they led to is marked."""
    facts = one.facts[:1] if one.kind in ("failed", "retried") else one.facts
    return tuple(fact.identity for fact in facts)


def _words(one: Remark, story: Story, named: Named, errors: Collection[str]) -> str:
    here, there = named(one.step), named(one.other) if one.other else ""
    gap = fmt.duration(one.gap)
    match one.kind:
        case "failed" | "retried":
            return _attempts(one, here, errors)
        case "done again" | "reported again":
            return _again(one, here, _system(story, one), gap)
        case "clocks differ" | "out of order" | "clock ahead":
            return _stamped(one, here, there, gap)
        case "arrived late":
            return f"{here} arrived {gap} after {there}, which happened later. The figures were computed again."
        case "instead" | "skipped":
            instead = one.kind == "instead"
            return f"{here} {f'stands in for {there}' if instead else f'has not come although {there}, a later step, has'}."
        case "very long" | "amount unread" | "part settled" | "over settled" | "not added up":
            return _figures(one, here)


def _stamped(one: Remark, here: str, there: str, gap: str) -> str:
    shown = "The times are shown as the systems gave them."
    if one.kind == "clock ahead":
        return f"{here} is stamped {gap} after it arrived here, so its sender's clock is ahead. {shown}"
    differ = "The two systems' clocks seem to differ by at least that much."
    told = differ if one.kind == "clocks differ" else shown
    return f"{here} is stamped {gap} before {there} although it is the later step. {told}"


def _long(one: Remark) -> str:
    head = f"It has {words.quantity(one.count, 'milestone')}; the first and the last of each step are looked at here."
    if not one.ids:
        return head
    ((kind, (value,)),) = one.ids
    return (
        f"{head} What joins them is {kind} {value[:_LONGEST]}, which stands beside very many other ids. It seems to be another "
        f"object's: let the key {kind} relate instead of join (joins: false) in the workflow, and each becomes one of its own."
    )


def _figures(one: Remark, here: str) -> str:
    if one.kind == "very long":
        return _long(one)
    return _unread(one, here) if one.kind == "amount unread" else _settled(one, here)


def _settled(one: Remark, here: str) -> str:
    parts, sum_ = words.quantity(one.count, "part"), fmt.money(one.money) if one.money else ""
    if one.kind == "part settled":
        return f"{parts} came to less than the amount: {sum_} is open."
    if one.kind == "over settled":
        return f"{parts} came to more than the amount, by {sum_}: paid twice, or too much?"
    if one.money is None:
        return f"{here} settles nothing so far: no other step has stated the amount, so nobody knows what is open."
    if one.count > len(one.facts):
        return f"{parts} are too many to be added up, so what is open of {sum_} is not known and they complete nothing."
    times = "" if one.count == 1 else f" ({_times(one.count)})"
    return f"{here} states no amount in {one.money.currency}{times}, so it settles nothing of the {sum_}."


def _unread(one: Remark, here: str) -> str:
    amount, currency = one.facts[0].amount.strip(), one.facts[0].currency.strip()
    stated = "a list of amounts" if amount.startswith("\0") else f"the amount “{amount[:_LONGEST]}”"
    money = f"in “{currency[:_LONGEST]}”" if currency else "without a currency"
    also = f" (and {words.quantity(one.count - 1, 'time')} more)" if one.count > 1 else ""
    return (
        f"{here} states {stated} {money}{also}, which can't be read and counts in no sum. An amount is a decimal with a "
        "point, such as 1250.00, and its currency has three letters, such as EUR; the sender has to put it right."
    )


def _error(fact: Milestone) -> str:
    """What a failed attempt said, with the kind of error unless that is in it already."""
    message = fact.message.rstrip(".")
    if not fact.error_type or fact.error_type in message:
        return message
    return f"{message} ({fact.error_type})" if message else fact.error_type


def _attempts(one: Remark, here: str, errors: Collection[str]) -> str:
    failures = [fact for fact in one.facts if fact.status == "error"]
    message = next((said for fact in sorted(failures, reverse=True) if (said := _error(fact))), "")
    last = f" The last error: {message}." if message else ""
    drawn_beside = one.count - (one.kind == "failed")
    shown = f" The first and last {SHOWN_AT_EACH_END} are shown." if drawn_beside > 2 * SHOWN_AT_EACH_END else ""
    if one.kind == "retried":
        return f"{here} worked after {words.quantity(one.count, 'attempt')} failed.{last}{shown}"
    told = (
        f"happened {_times(one.count)}." if one.step in errors else f"was tried {_times(one.count)} and has not worked."
    )
    return f"{here} {told}{last}{shown}"


def _again(one: Remark, here: str, system: str, gap: str) -> str:
    times = _times(one.count)
    if one.kind == "reported again":
        return f"{here} is reported {times} for the same ids, the last {gap} after the first. The first one counts."
    left = "; ".join(f"{kind} {words.listing(_some(values))}" for kind, values in one.ids)
    return (
        f"{here} happened {times}, the last {gap} after the first, and left {left}. "
        f"The first one counts here; in {system} the other may have to be taken back."
    )


def _some(values: Sequence[str]) -> Sequence[str]:
    if len(values) <= _LISTED:
        return values
    return [*values[:_LISTED], words.quantity(len(values) - _LISTED, "other")]


def _system(story: Story, one: Remark) -> str:
    return next(lane.title for lane in story.lanes if lane.system == one.facts[0].system)


def _slow(story: Story) -> Iterator[Finding]:
    for hop in story.hops:
        if hop.slow and hop.usual is not None:
            start, end = story.path[hop.start], story.path[hop.end]
            usual = fmt.duration(hop.usual)
            text = f"From {_lower(start.title)} to {_lower(end.title)} it took {fmt.duration(hop.length)}; {usual} is usual."
            yield Finding(end.at, "slower than usual", text, (end.fact,) if end.fact else ())


def _times(number: int) -> str:
    return _TIMES.get(number, f"{fmt.count(number)} times")


def place(story: Story, dot: Dot) -> str:
    """The step with its system, unless its title names that already."""
    return called(dot.title, story.lanes[dot.lane].title)


def called(title: str, system: str) -> str:
    """A step's title with its system's, unless that is in it already."""
    return title if system.lower() in title.lower() else f"{title} ({system})"


def _lower(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
