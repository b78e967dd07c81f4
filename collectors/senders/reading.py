"""Reads what all servers counted: who sent, how fast, how late, and what was refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from collectors.senders.model import MINUTE, Refused, SenderReport, Senders
from collectors.senders.reasons import Reason
from collectors.store.client import Store

SECOND = 1_000_000_000
#: Columns of a sparkline.
BUCKETS = 60
#: Senders that are told apart; beyond it the busiest ones are shown.
MOST = 1_000
#: Whoever has a token is known by its name and by the service; a stranger by where it comes from.
_ID = "lower(hex(sipHash64(token, service, if(token = '', peer, ''))))"
_SENDERS = f"""
SELECT {_ID} AS id, any(token), any(service), groupUniqArrayIf(20)(peer, peer != ''), groupUniqArrayIf(20)(agent, agent != ''),
    groupUniqArray(4)(transport), sumIf(requests, reason = ''), sumIf(spans, reason = '') AS taken, sumIf(bytes, reason = ''),
    sumIf(spans, reason = '' AND minute = {{minute:DateTime('UTC')}}), toUnixTimestamp64Milli(max(last)),
    sum(lag), max(lag_most), sum(timed)
FROM sender_activity
WHERE minute >= {{start:DateTime('UTC')}} AND minute < {{end:DateTime('UTC')}} AND (id = {{id:String}} OR {{id:String}} = '')
GROUP BY id ORDER BY taken DESC, id LIMIT {MOST}
"""
_RATES = f"""
SELECT {_ID} AS id, toUInt32(intDiv(toUnixTimestamp(minute), {{bucket:UInt32}}) * {{bucket:UInt32}}) AS at, sum(spans)
FROM sender_activity
WHERE minute >= {{start:DateTime('UTC')}} AND minute < {{end:DateTime('UTC')}} AND reason = ''
    AND (id = {{id:String}} OR {{id:String}} = '')
GROUP BY id, at
"""
_REFUSED = f"""
SELECT {_ID} AS id, reason, sum(requests), sum(spans), toUnixTimestamp64Milli(max(last)), argMax(example, last),
    argMax(peer, last), argMax(agent, last), argMax(transport, last)
FROM sender_activity
WHERE minute >= {{start:DateTime('UTC')}} AND minute < {{end:DateTime('UTC')}} AND reason != ''
    AND (id = {{id:String}} OR {{id:String}} = '')
GROUP BY id, reason ORDER BY id, sum(requests) DESC, reason
"""


def senders(store: Store, start: int, now: int, sender: str = "") -> Senders:
    """All senders, or the one of that id, from ``start`` (nanoseconds) to now. Raises ``StoreError``."""
    minutes = max(1, -(-(now - start) // MINUTE))
    bucket = -(-minutes // BUCKETS) * MINUTE
    whole = now // MINUTE * MINUTE
    asked = {
        "start": (whole - minutes * MINUTE) // SECOND, "end": (whole + MINUTE) // SECOND, "id": sender,
    }  # fmt: skip
    rates: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for ident, at, spans in store.query(_RATES, {**asked, "bucket": bucket // SECOND}):
        rates[str(ident)][int(at) * SECOND] = int(spans)
    refused: defaultdict[str, list[Refused]] = defaultdict(list)
    for ident, *row in store.query(_REFUSED, asked):
        refused[str(ident)].append(_refused(row))
    rows = store.query(_SENDERS, {**asked, "minute": (whole - MINUTE) // SECOND})
    found = [_sender(row, rates, refused) for row in rows]
    return Senders(start, now, bucket, sorted(found, key=lambda one: (-one.spans, -one.refused_requests, one.id)))


def _refused(row: Sequence[Any]) -> Refused:
    reason, requests, spans, last, example, peer, agent, transport = row
    return Refused(Reason(reason), int(requests), int(spans), int(last) * 1_000_000, example, peer, agent, transport)


def _sender(
    row: Sequence[Any], rates: Mapping[str, Mapping[int, int]], refused: Mapping[str, Iterable[Refused]]
) -> SenderReport:
    ident, token, service, peers, agents, transports, requests, spans, size, recent, last, lag, most, timed = row
    return SenderReport(
        id=ident,
        token=token,
        service=service,
        peers=sorted(peers),
        agents=sorted(agents),
        transports=sorted(transports),
        requests=int(requests),
        spans=int(spans),
        bytes=int(size),
        recent=int(recent),
        last_at=int(last) * 1_000_000,
        lag_seconds=float(lag) / int(timed) if timed else None,
        lag_most_seconds=float(most) if timed else None,
        rates=rates.get(ident, {}),
        refused=tuple(refused.get(ident, ())),
    )
