import threading
from collections.abc import Mapping

from controlplane.demo.emit import Emitter
from controlplane.demo.model import MINUTE, SECOND
from controlplane.demo.stories import history, live
from controlplane.demo.traffic import send_history, send_live
from controlplane.demo.world import World
from tests.controlplane.demo.sinks import Sink, listening
from tests.controlplane.demo.test_emit import received

NOW = 1_795_516_200 * SECOND
WORLD = World.of(5, NOW, 1)


def test_history_is_what_has_ended_and_the_rest_is_still_to_come() -> None:
    sink, reports = Sink(), list[Mapping[str, object]]()
    with listening(sink) as endpoints:
        emitter = Emitter(endpoints)
        coming = send_history(WORLD, emitter, reports.append, threading.Event())
        emitter.close()
    hops = [hop for story in history(WORLD) for hop in story.hops]
    past = {span.context for hop in hops if hop.ready_at <= NOW for span in hop.spans}
    assert {span.context for span in received(sink.by_grpc + sink.by_http)} == past
    assert coming
    assert min(hop.ready_at for hop in coming) > NOW
    assert sum(hop.ready_at > NOW for hop in hops) == len(coming)
    assert reports[0] == {"at": "planned", "spans": len(past)}
    assert reports[-1]["at"] == "history"
    assert reports[-1]["spans"] == len(past) == emitter.sent
    assert isinstance(reports[-1]["invoices"], int)


def test_a_company_that_is_asked_to_stop_sends_no_more_history() -> None:
    sink, stop = Sink(), threading.Event()
    stop.set()
    with listening(sink) as endpoints:
        emitter = Emitter(endpoints)
        assert send_history(WORLD, emitter, lambda _: None, stop) == []
        emitter.close()
    assert sink.by_grpc + sink.by_http == []


class Clock:
    """Jumps five seconds at each look, and rings after ten minutes."""

    def __init__(self, stop: threading.Event) -> None:
        self.now = NOW
        self.looks: list[int] = []
        self._stop = stop

    def __call__(self) -> int:
        self.now += 5 * SECOND
        self.looks.append(self.now)
        if self.now >= NOW + 10 * MINUTE:
            self._stop.set()
        return self.now


class Notes(Emitter):
    """Notes what would be sent at which time by the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.hops: list[tuple[int, int]] = []

    def emit(self, spans: object) -> None:
        assert isinstance(spans, tuple)
        self.hops.append((self._clock.now, max(span.end for span in spans)))


def test_live_hops_are_sent_once_their_time_has_come_and_not_long_after() -> None:
    stop = threading.Event()
    stop.wait = lambda _=None: stop.is_set()  # type: ignore[method-assign]  # the clock alone makes time pass
    clock = Clock(stop)
    notes = Notes(clock)
    coming = [hop for story in history(WORLD) for hop in story.hops if hop.ready_at > NOW]
    send_live(live(WORLD), coming, notes, stop, clock)
    assert all(ended <= sent <= ended + 6 * SECOND for sent, ended in notes.hops)
    due = [hop for hop in coming if hop.ready_at <= clock.now]
    assert len(notes.hops) > len(due) + 200
