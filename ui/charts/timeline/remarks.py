"""What is odd about a timeline, found and put into words, and marked on the dots that it is about. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ui import format as fmt
from ui import words
from ui.charts.timeline.model import Dot, Note, Story

#: Up to this length a step that is stamped before its predecessor points to clocks that differ.
CLOCK_SKEW = 5 * fmt.MINUTE
#: Of very many attempts so many are drawn at their beginning and as many at their end.
SHOWN_AT_EACH_END = 20
_TIMES = {1: "once", 2: "twice"}

Finding = tuple[str, str, tuple[Dot, ...]]


def annotate(story: Story, order: Sequence[str], errors: Collection[str] = ()) -> Story:
    """The story with its notes, numbered from one in the order of time.

    ``order`` are the workflow's steps, ``errors`` those that stand for a failure and so never "work".
    """
    found = sorted(
        (*_retried(story, errors), *_again(story), *_out_of_order(story, order), *_slow(story)),
        key=lambda finding: min(dot.at for dot in finding[2]),
    )
    notes = tuple(Note(number, kind, text) for number, (kind, text, _) in enumerate(found, 1))
    marks: dict[int, list[int]] = {}
    for number, (_, _, dots) in enumerate(found, 1):
        for dot in dots:
            marks.setdefault(id(dot), []).append(number)

    def marked(dots: Sequence[Dot]) -> tuple[Dot, ...]:
        return tuple(replace(dot, notes=tuple(marks.get(id(dot), ()))) for dot in dots)

    return replace(story, path=marked(story.path), beside=marked(story.beside), notes=notes)


def _retried(story: Story, errors: Collection[str]) -> Iterator[Finding]:
    for dot in story.path:
        tries = [other for other in story.beside if other.step == dot.step and other.kind == "attempt"]
        shown = f" The first and last {SHOWN_AT_EACH_END} are shown." if len(tries) > 2 * SHOWN_AT_EACH_END else ""
        if dot.kind == "failed":
            times = _times(len(tries) + 1)
            told = f"happened {times}." if dot.step in errors else f"was tried {times} and has not worked."
            yield "failed", f"{place(story, dot)} {told}{_last_error([*tries, dot])}{shown}", (dot,)
        elif tries:
            times = words.quantity(len(tries), "attempt")
            text = f"{place(story, dot)} worked after {times} failed.{_last_error(tries)}{shown}"
            yield "retried", text, (dot,)


def _last_error(tries: Sequence[Dot]) -> str:
    message = next((other.message for other in reversed(tries) if other.message), "")
    return f" The last error: {message.rstrip('.')}." if message else ""


def _again(story: Story) -> Iterator[Finding]:
    for dot in story.path:
        more = [other for other in story.beside if other.step == dot.step and other.kind == "again"]
        if not more:
            continue
        times = _times(len(more) + 1)
        gap = fmt.duration(more[-1].at - dot.at)
        if left := _different_ids((dot, *more)):
            text = (
                f"{place(story, dot)} happened {times}, the last {gap} after the first, and left {left}. "
                f"The first one counts here; in {story.lanes[dot.lane].title} the other may have to be taken back."
            )
            yield "done again", text, (dot, *more)
        else:
            text = f"{place(story, dot)} is reported {times} for the same ids, the last {gap} after the first. The first one counts."
            yield "reported again", text, (dot, *more)


def _out_of_order(story: Story, order: Sequence[str]) -> Iterator[Finding]:
    rank = {step: place for place, step in enumerate(order)}
    for dot in story.path:
        later = [other for other in story.path if other.at > dot.at and rank.get(other.step, 0) < rank.get(dot.step, 0)]
        if not later:
            continue
        first = min(later, key=lambda other: other.at)
        gap = fmt.duration(first.at - dot.at)
        head = f"{place(story, dot)} is stamped {gap} before {place(story, first)} although it is the later step."
        if first.at - dot.at <= CLOCK_SKEW and first.lane != dot.lane:
            yield "clocks differ", f"{head} The two systems' clocks seem to differ by at least that much.", (dot,)
        else:
            yield "out of order", f"{head} The times are shown as the systems gave them.", (dot,)


def _slow(story: Story) -> Iterator[Finding]:
    for hop in story.hops:
        if hop.slow and hop.usual is not None:
            start, end = story.path[hop.start], story.path[hop.end]
            usual = fmt.duration(hop.usual)
            text = f"From {_lower(start.title)} to {_lower(end.title)} it took {fmt.duration(hop.length)}; {usual} is usual."
            yield "slower than usual", text, (end,)


def _times(number: int) -> str:
    return _TIMES.get(number, f"{fmt.count(number)} times")


def _different_ids(dots: Sequence[Dot]) -> str:
    """Kinds of id of which the dots have several values, in words; "" if they agree."""
    values: dict[str, set[str]] = {}
    for dot in dots:
        for key in dot.keys:
            values.setdefault(key.type, set()).add(key.value)
    several = {kind: sorted(found) for kind, found in sorted(values.items()) if len(found) > 1}
    return "; ".join(f"{kind} {words.listing(found)}" for kind, found in several.items())


def place(story: Story, dot: Dot) -> str:
    """The step with its system, unless its title names that already."""
    system = story.lanes[dot.lane].title
    return dot.title if system.lower() in dot.title.lower() else f"{dot.title} ({system})"


def _lower(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
