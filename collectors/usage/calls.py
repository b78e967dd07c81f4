"""The SQL that makes calls of spans: one call has up to two spans, and each may be delivered several times."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.usage.matching import COLUMNS

#: Spans that begin from ``since`` until before ``until``, the statement's parameters (nanoseconds).
WITHIN = "ts >= fromUnixTimestamp64Nano({since:Int64}, 'UTC') AND ts < fromUnixTimestamp64Nano({until:Int64}, 'UTC')"
#: A receiver may be traced long after its sender, since a queue may lie between them.
_SENT_EARLIER = "INTERVAL 1 DAY"
#: Spans that may be the senders of those.
SENT_BEFORE = (
    f"ts >= fromUnixTimestamp64Nano({{since:Int64}}, 'UTC') - {_SENT_EARLIER} "
    "AND ts < fromUnixTimestamp64Nano({until:Int64}, 'UTC')"
)


def calls_sql(found: str, columns: Mapping[str, str], within: str = WITHIN, sent_before: str = SENT_BEFORE) -> str:
    """A SELECT of calls, each once, out of the spans for which the conditions ``within`` and ``found`` hold.

    It gives ``sender`` and ``receiver`` (services, '' where they are not traced), ``message`` (1 if it came by a queue),
    ``at`` (when the last of its spans began), ``failed``, and ``columns``: name -> expression over a span. Where both spans
    of a call have a column, the receiver's counts, whichever came first.

    A request is told by the sender's span (``client``) and the receiver's (``server``), its child. A message is told
    by its reader's span (``consumer``); the sender's is its parent, or the first that it links to.
    """
    extra = "".join(f",\n            toString({expression}) AS {name}" for name, expression in columns.items())
    picked = "".join(f",\n        max(({name} != '', kind != 3, {name})).3 AS {name}" for name in columns)
    told = ", ".join(f"{expression} AS {name}" for name, expression in COLUMNS.items())
    matched = f"""
        SELECT ts, trace_id, kind, toString(service) AS service, status_code = 2 AS failed,
            length(parent_span_id) = 8 AS has_parent,
            kind = 5 AND NOT has_parent AND length(`links.trace_id`[1]) = 16 AND length(`links.span_id`[1]) = 8 AS linked,
            kind != 3 AND (has_parent OR linked) AS asked,
            toFixedString(if(linked, `links.trace_id`[1], trace_id), 16) AS sender_trace,
            toFixedString(multiIf(linked, `links.span_id`[1], asked, parent_span_id, span_id), 8) AS sender_span,
            if(kind = 2, sender_span, span_id) AS call{extra}
        FROM (
            SELECT ts, trace_id, span_id, parent_span_id, kind, service, name, status_code, attributes, resource,
                `links.trace_id`, `links.span_id`, {told}
            FROM spans WHERE ({within}) AND kind IN (2, 3, 5)
        ) WHERE {found}"""
    senders = f"""
        SELECT trace_id, span_id, toString(any(service)) AS service FROM spans
        WHERE ({sent_before}) AND (trace_id, span_id) IN (SELECT sender_trace, sender_span FROM ({matched}) WHERE asked)
        GROUP BY trace_id, span_id"""
    return f"""
    SELECT max(if(kind = 3, matched.service, sent.service)) AS sender, max(if(kind = 3, '', matched.service)) AS receiver,
        max(kind = 5) AS message, max(ts) AS at, max(failed) AS failed{picked}
    FROM ({matched}) AS matched LEFT JOIN ({senders}) AS sent
        ON matched.sender_trace = sent.trace_id AND matched.sender_span = sent.span_id AND matched.asked
    GROUP BY matched.trace_id, matched.call"""
