"""What happens to a request with events: read, told apart, stored as spans are, acknowledged."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from collectors.events.model import CloudEvent, EventError, Fault, MediaTypeError
from collectors.events.reading import Headers, read
from collectors.events.sampling import Sampler
from collectors.events.spans import request_of
from collectors.otlp.receiver import Receiver
from collectors.otlp.refusal import Refusal
from collectors.senders.reasons import Reason
from collectors.senders.tally import Sender

TRANSPORT = "http/cloudevents"


class Outcome(NamedTuple):
    """How many events are stored, and why the others are not."""

    accepted: int
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class EventDoor:
    """Takes requests with events and hands them to the receiver of spans, whose rules and bounds hold here too.

    ``sampler`` is offered the events that were stored, after they were. ``events`` counts them by what became of them.
    """

    receiver: Receiver
    sampler: Sampler = field(default_factory=lambda: Sampler(time.monotonic))
    events: Counter[str] = field(default_factory=Counter)

    async def take(self, headers: Headers, body: bytes, sender: Sender) -> Outcome:
        """Store the events of a request; returns once they are stored.

        Raises:
            Refusal: it can't be read, or could not be stored.
        """
        now = time.time_ns()
        try:
            found, faults = read(headers, body, now)
        except MediaTypeError as error:
            self.events["refused"] += 1
            raise self.receiver.refusal(sender, Reason.UNSUPPORTED, str(error), size=len(body)) from error
        except EventError as error:
            self.events["refused"] += 1
            raise self.receiver.refusal(sender, Reason.UNDECODABLE, str(error), size=len(body)) from error
        if faults:
            self.events["refused"] += len(faults)
            source = {"": len(faults)}
            self.receiver.tally.refuse(sender, Reason.UNDECODABLE, faults[0].message, now, source, len(body))
        events = [event for _, event in found]
        if events:
            await self._store(events, now, sender)
            self.sampler.offer(events, len(body))
        return Outcome(len(events), tuple(faults))

    async def _store(self, events: Sequence[CloudEvent], now: int, sender: Sender) -> None:
        response = await self.receiver.take(request_of(events, now).SerializeToString(), sender)
        if response.partial_success.rejected_spans:
            # Each was held to the same bounds before, so this is a fault of ours and must not pass for success.
            raise Refusal(Reason.FAULT, response.partial_success.error_message)
        self.events["stored"] += len(events)
