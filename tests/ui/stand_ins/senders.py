"""Made-up senders: one that does well, one that sends bad ids, a stranger, one that has gone quiet."""

from __future__ import annotations

from collections.abc import Callable

from collectors.senders.model import MINUTE, Refused, SenderReport, Senders
from collectors.senders.reasons import Reason
from ui.services import Receiving

RECEIVING = Receiving(
    http_port=14318,
    grpc_port=14317,
    open=False,
    max_bytes=64 * 1024 * 1024,
    behind=0.0,
    rules=("hash all attributes that hold a mail address",),
    limits="a value 64 KiB",
)
AGENT = "OTel-OTLP-Exporter-Python/1.45.2"


def reader(now: int) -> Callable[[int, int, str], Senders]:
    """As the store would answer it."""

    def read(start: int, until: int, sender: str) -> Senders:
        width = max(MINUTE, (until - start) // 60)
        found = [one for one in everyone(start, now, width) if sender in ("", one.id)]
        return Senders(start, until, width, found)

    return read


def everyone(start: int, now: int, width: int) -> list[SenderReport]:
    buckets = range(start // width * width, now, width)
    busy = {at: 70_000 + at // width % 7 * 3_000 for at in buckets}
    bad = Refused(
        Reason.INVALID_ID, 2, 3, now - 4 * MINUTE, "3 x trace_id must be 16 bytes and not all zero (span 'post')",
        "10.2.0.4", AGENT, "http/json",
    )  # fmt: skip
    later = Refused(Reason.STORE_AWAY, 12, 4_800, now - 9 * MINUTE, "the store can't be reached; send again in 5 s")
    stranger = Refused(
        Reason.UNAUTHENTICATED,
        14,
        0,
        now - MINUTE,
        "a bearer token is needed",
        "10.9.0.1",
        "curl/8.5.0",
        "http/protobuf",
    )
    return [
        sender("a1", "gateway", "billing-sync", now, busy, recent=74_000, refused=(later,)),
        sender("b2", "erp", "netsuite-poster", now, dict.fromkeys(list(buckets)[::2], 900), recent=400, refused=(bad,)),
        sender("c3", "crm", "salesforce-export", now - 30 * MINUTE, {buckets[0]: 12}, recent=0),
        sender("d4", "", "", now - MINUTE, {}, recent=0, refused=(stranger,)),
    ]


def sender(
    ident: str,
    token: str,
    service: str,
    last: int,
    rates: dict[int, int],
    *,
    recent: int,
    refused: tuple[Refused, ...] = (),
) -> SenderReport:
    spans = sum(rates.values())
    return SenderReport(
        id=ident, token=token, service=service, peers=["10.2.0.4"] if token else ["10.9.0.1"], agents=[AGENT],
        transports=["grpc"], requests=spans // 50, spans=spans, bytes=spans * 330, recent=recent, last_at=last,
        lag_seconds=1.4 if spans else None, lag_most_seconds=9.0 if spans else None, rates=rates, refused=refused,
    )  # fmt: skip
