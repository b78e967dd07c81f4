"""The company's own process: it sends its past, then lives on. It reports to its starter by lines of JSON."""

from __future__ import annotations

import gc
import heapq
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count

from controlplane.demo.emit import Emitter
from controlplane.demo.model import MINUTE, SECOND, Hop, Story
from controlplane.demo.stories import history
from controlplane.demo.world import World

Report = Callable[[Mapping[str, object]], None]
_CHUNK = 1_000
_TICK = 0.5


def send_history(world: World, emitter: Emitter, report: Report, stop: threading.Event) -> list[Hop]:
    """Send every hop that ended before the world's ``now``, oldest first; returns those that are still to come.

    Raises:
        ExportError: the receivers did not take all of it.
    """
    began = time.monotonic()
    stories = history(world)
    hops = sorted((hop for story in stories for hop in story.hops), key=lambda hop: hop.ready_at)
    past = [hop for hop in hops if hop.ready_at <= world.now]
    # A hundred thousand spans that all live to the end need no collector to look at them again and again.
    gc.freeze()
    report({"at": "planned", "spans": sum(len(hop.spans) for hop in past)})
    for first in range(0, len(past), _CHUNK):
        if stop.is_set():
            return []
        for hop in past[first : first + _CHUNK]:
            emitter.emit(hop.spans)
        report({"at": "sent", "spans": emitter.sent})
    emitter.flush()
    report(
        {
            "at": "history",
            "spans": emitter.sent,
            "orders": _begun(stories, "order", world.now),
            "invoices": _begun(stories, "invoice", world.now),
            "seconds": round(time.monotonic() - began, 1),
        }
    )
    return hops[len(past) :]


def _begun(stories: list[Story], kind: str, now: int) -> int:
    return sum(story.object == kind and story.hops[0].ready_at <= now for story in stories)


def send_live(
    beginnings: Iterator[tuple[int, tuple[Story, ...]]],
    coming: list[Hop],
    emitter: Emitter,
    stop: threading.Event,
    clock: Callable[[], int] = time.time_ns,
) -> None:
    """Send each hop when its time has come, of stories that began in the past and of new ones, until ``stop``."""
    order = count()
    waiting = [(hop.ready_at, next(order), hop) for hop in coming]
    heapq.heapify(waiting)
    planned_until = 0
    while not stop.is_set():
        now = clock()
        while planned_until <= now + MINUTE:
            planned_until, stories = next(beginnings)
            for hop in (hop for story in stories for hop in story.hops):
                heapq.heappush(waiting, (hop.ready_at, next(order), hop))
        while waiting and waiting[0][0] <= now:
            emitter.emit(heapq.heappop(waiting)[2].spans)
        stop.wait(min(_TICK, max(0.0, (waiting[0][0] - now) / SECOND)))
