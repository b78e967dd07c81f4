"""The SQL that finds a workflow's milestones among spans: one SELECT per definition, for new rows and for history alike.

The same statement stands behind a materialized view (rows as they arrive) and an INSERT SELECT (rows that are there), so
the two can't differ.
"""

from __future__ import annotations

from collections.abc import Iterable

from collectors.correlation.keys import KEY_HASH_SQL
from collectors.workflows.definition import Definition, Step

#: OTLP's SpanKind numbers.
SPAN_KINDS = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}
#: OTLP's StatusCode for an error; unset and ok both count as not an error.
STATUS_ERROR = 2
#: The columns that :func:`span_milestones` gives, in its order; ``received_at`` is the table's default.
COLUMNS = (
    "definition, anchor, occurred_at, step, trace_id, span_id, system, status, source, keys, links, amount, "
    "currency, dimensions, name, service, message, error_type, duration, observed_at"
)
#: Bytes that the value of a key or a dimension may have.
LONGEST = 500
#: The kind of error that a span met: what it says of it, else the last exception that it recorded, which is the one that
#: it ended with, else the HTTP or gRPC status by which it failed; '' for a span that is no error or says nothing of this.
ERROR_TYPE = (
    f"if(status_code = {STATUS_ERROR}, trimBoth(arrayFirst(t -> trimBoth(t) != '' AND length(t) <= {LONGEST} "
    "AND NOT startsWith(t, '\\0'), [attributes['error.type'], "
    "arrayLast(t -> t != '', arrayMap((n, a) -> if(n = 'exception', a['exception.type'], ''), "
    "`events.name`, `events.attributes`)), attributes['exception.type'], "
    "arrayFirst(s -> toUInt32OrZero(s) >= 400, [attributes['http.response.status_code'], attributes['http.status_code']]), "
    "arrayFirst(s -> s NOT IN ('', '0', 'OK'), [attributes['rpc.response.status_code'], attributes['rpc.grpc.status_code']])"
    "])), '')"
)
_TIMES = {
    "start": "ts",
    "end": "addNanoseconds(ts, duration)",
    "observed": "toDateTime64(received_at, 9, 'UTC')",
}


def quote(text: str) -> str:
    """A ClickHouse string literal; view definitions can't have bound parameters."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0")
    return f"'{escaped}'"


def span_milestones(definition: Definition, portion: str = "1") -> str | None:
    """A SELECT of milestone rows over ``spans``, or None if no step can match a span.

    ``portion`` is a condition that picks a part of the stored spans.
    """
    steps = [step for step in definition.steps if step.match.event is None]
    if not steps:
        return None
    conditions = {step.name: _condition(step) for step in steps}
    matched = ", ".join(
        f"({quote(step.name)}, {quote(step.system)}, {_TIMES[step.at]}, {conditions[step.name]})" for step in steps
    )
    anywhere = " OR ".join(f"({condition})" for condition in conditions.values())
    return f"""
SELECT
    {quote(definition.id)} AS definition,
    arrayMin(arrayMap(k -> {KEY_HASH_SQL}, keys)) AS anchor,
    matched.3 AS occurred_at,
    matched.1 AS step,
    trace_id,
    span_id,
    matched.2 AS system,
    if(status_code = {STATUS_ERROR}, 'error', 'ok') AS status,
    'span' AS source,
    {_pairs(definition.keys)} AS keys,
    {_pairs(definition.links)} AS links,
    {attribute(definition.amount) if definition.amount else "''"} AS amount,
    {attribute(definition.currency) if definition.currency else "''"} AS currency,
    {_pairs(definition.dimensions)} AS dimensions,
    name,
    service,
    status_message AS message,
    {ERROR_TYPE} AS error_type,
    duration,
    received_at AS observed_at
FROM
(
    SELECT ts, trace_id, span_id, name, service, kind, status_code, status_message, duration, attributes, resource, received_at,
        `events.name`, `events.attributes`
    FROM spans
    WHERE ({portion}) AND ({anywhere})
)
ARRAY JOIN arrayFilter(m -> m.4, [{matched}]) AS matched
WHERE notEmpty(keys)
""".strip()


def attribute(name: str) -> str:
    """An attribute as text, from the span or else from its resource; '' where there is none."""
    key = quote(name)
    return f"if(attributes[{key}] != '', attributes[{key}], resource[{key}])"


def _pairs(names: Iterable[tuple[str, str]]) -> str:
    """(name, value) pairs of the attributes that are there.

    Blanks, lists and maps (behind a NUL) and texts that are longer than any id say nothing.
    """
    pairs = ", ".join(f"({quote(name)}, {attribute(source)})" for name, source in names)
    if not pairs:
        return "CAST([], 'Array(Tuple(String, String))')"
    return (
        f"arrayFilter(p -> trimBoth(p.2) != '' AND length(p.2) <= {LONGEST} AND NOT startsWith(p.2, '\\0'), [{pairs}])"
    )


def _condition(step: Step) -> str:
    match = step.match
    conditions = [
        like(column, pattern)
        for column, pattern in (("name", match.span), ("service", match.service))
        if pattern is not None
    ]
    if match.kind is not None:
        conditions.append(f"kind = {SPAN_KINDS[match.kind]}")
    if match.status is not None:
        conditions.append(f"status_code {'=' if match.status == 'error' else '!='} {STATUS_ERROR}")
    conditions += [like(attribute(name), pattern) for name, pattern in sorted(match.attributes.items())]
    return " AND ".join(conditions) or "1"


def like(expression: str, pattern: str) -> str:
    """Equality, or a match with ``*`` as any run of characters; "*" alone asks that there is a value."""
    if "*" not in pattern:
        return f"{expression} = {quote(pattern)}"
    like = "".join("%" if char == "*" else "\\" + char if char in "\\%_" else char for char in pattern)
    return f"{expression} LIKE {quote(like)} AND {expression} != ''"
