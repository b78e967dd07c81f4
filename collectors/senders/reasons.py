"""Why something that was sent is not stored, and what its sender can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """One of few words, since metrics and the store have a row for each."""

    INVALID_ID = "invalid id"
    INVALID_TIME = "invalid time"
    UNDECODABLE = "undecodable"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too large"
    CUT_OFF = "cut off"
    UNAUTHENTICATED = "unauthenticated"
    DENIED = "denied"
    MISDIRECTED = "misdirected"
    OVERLOADED = "overloaded"
    STORE_AWAY = "store away"
    STORE_REFUSED = "store refused"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Advice:
    """A reason in words.

    Attributes:
        what: what was wrong, as a clause.
        then: what to do about it.
        lost: whether the spans are gone; if not, the sender was asked to send them again.
    """

    what: str
    then: str
    lost: bool = True


ADVICE: Mapping[Reason, Advice] = {
    Reason.INVALID_ID: Advice(
        "a trace or span id has the wrong length or is all zero",
        "Mend what makes the ids: 16 bytes for a trace, 8 for a span. In OTLP/JSON they are hexadecimal, not base64.",
    ),
    Reason.INVALID_TIME: Advice(
        "a span's time is before 1990 or more than a year ahead",
        "Set the clock of the sending machine; times are nanoseconds since 1970, not milliseconds.",
    ),
    Reason.UNDECODABLE: Advice(
        "the body is no OTLP trace request",
        "See the example for the field. A proxy that cuts or rewrites bodies, and text that is no UTF-8, are usual causes.",
    ),
    Reason.UNSUPPORTED: Advice(
        "the content type or encoding is none of those that OTLP has",
        "Send application/x-protobuf or application/json, plain or with gzip.",
    ),
    Reason.TOO_LARGE: Advice(
        "the request is larger than this server takes",
        "Send smaller batches (send_batch_max_size in a Collector), or raise CONTROLPLANE_OTLP_MAX_BYTES.",
    ),
    Reason.CUT_OFF: Advice(
        "the request ended or stalled before it was complete",
        "Look at the time-outs of the sender and of proxies on the way.",
        lost=False,
    ),
    Reason.UNAUTHENTICATED: Advice(
        "there is no token, or one that nobody knows (any more)",
        "Make one with controlplane token create --role collector, and send it in the header “authorization: Bearer TOKEN”.",
    ),
    Reason.DENIED: Advice(
        "the token's role may not send telemetry",
        "Give the sender a token of the role collector.",
    ),
    Reason.MISDIRECTED: Advice(
        "something else than traces, or another method than POST",
        "Send traces to /v1/traces by POST; metrics and logs have no place here.",
    ),
    Reason.OVERLOADED: Advice(
        "more waited to be stored than the buffer holds",
        "Nothing, if it passes: the sender comes back. If not, see the insert times, or raise CONTROLPLANE_INGEST_BUFFER_BYTES.",
        lost=False,
    ),
    Reason.STORE_AWAY: Advice(
        "ClickHouse could not be reached or took nothing",
        "Bring ClickHouse back; senders come again by themselves. controlplane doctor says what it answers.",
        lost=False,
    ),
    Reason.STORE_REFUSED: Advice(
        "ClickHouse could not read this very request",
        "Keep the request, if you can, and report it: a request that passed the checks should be stored.",
    ),
    Reason.FAULT: Advice(
        "this server made a mistake",
        "Look for the time in its log; the sender comes back by itself.",
        lost=False,
    ),
}
