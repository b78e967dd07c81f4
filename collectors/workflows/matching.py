"""The SQL that finds a workflow's milestones among spans: one SELECT per definition, for new rows and for history alike.

A CloudEvent is a row among the spans, told by its scope, whose name is its type; an event may also stand on a span. A step
that names an event is reached by either.

The same statement stands behind a materialized view (rows as they arrive) and an INSERT SELECT (rows that are there), so
the two can't differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from collectors.correlation.keys import KEY_HASH_SQL
from collectors.events.model import EVENT_SCOPE
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
_IS_EVENT = f"scope = '{EVENT_SCOPE}'"
_FROM = f"if({_IS_EVENT}, 'event', 'span')"
_DATA = "data."
_SAID = "Map(LowCardinality(String), String)"
_NOTHING = f"CAST(map(), '{_SAID}')"
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
    """A SELECT of milestone rows over ``spans``, or None if there is no step.

    ``portion`` is a condition that picks a part of the stored spans.
    """
    if not definition.steps:
        return None
    matched = ", ".join(_reached(step, _TIMES[step.at], _condition(step), _FROM) for step in definition.steps)
    anywhere = " OR ".join(f"({_anywhere(step)})" for step in definition.steps)
    on_spans = [_reached_on_spans(step) for step in definition.steps if step.match.event is not None]
    found = f"arrayConcat([{matched}], {', '.join(on_spans)})" if on_spans else f"[{matched}]"
    attribute = _of_event if on_spans else _of_row
    parts = definition.settling.items()
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
    matched.5 AS source,
    {_pairs(definition.keys, attribute)} AS keys,
    {_pairs(definition.links, attribute)} AS links,
    {_by_step(definition.amount, {name: part.amount for name, part in parts}, attribute)} AS amount,
    {_by_step(definition.currency, {name: part.currency for name, part in parts if part.currency}, attribute)} AS currency,
    {_pairs(definition.dimensions, attribute)} AS dimensions,
    {"if(matched.6 != '', matched.6, called)" if on_spans else "called"} AS name,
    service,
    status_message AS message,
    {ERROR_TYPE} AS error_type,
    duration,
    received_at AS observed_at
FROM
(
    SELECT ts, trace_id, span_id, name AS called, service, kind, status_code, status_message, duration, attributes, resource, received_at,
        scope, `events.ts`, `events.name`, `events.attributes`
    FROM spans
    WHERE ({portion}) AND ({anywhere})
)
ARRAY JOIN arrayFilter(m -> m.4, {found}) AS matched
WHERE notEmpty(keys)
""".strip()


def attribute(name: str) -> str:
    """An attribute as text, from the span or else from its resource; '' where there is none."""
    key = quote(name)
    return f"if(attributes[{key}] != '', attributes[{key}], resource[{key}])"


def _of_row(name: str) -> str:
    """The same; of an event ``data.`` before a path within its data may be said or left out."""
    if not name.startswith(_DATA):
        return attribute(name)
    return f"if({_IS_EVENT}, attributes[{quote(name.removeprefix(_DATA))}], {attribute(name)})"


def _of_event(name: str) -> str:
    """The same where a step may be an event that stands on a span: what it says itself comes first."""
    key = quote(name)
    return f"if(matched.7[{key}] != '', matched.7[{key}], {_of_row(name)})"


def _by_step(name: str, others: Mapping[str, str], attribute: Callable[[str], str]) -> str:
    """The attribute of this name ("" if none is meant), for milestones of some steps another one."""
    found = attribute(name) if name else "''"
    for step, other in others.items():
        found = f"if(matched.1 = {quote(step)}, {attribute(other)}, {found})"
    return found


def _reached(step: Step, time: str, condition: str, source: str, name: str = "''", said: str = _NOTHING) -> str:
    """A step, its system, when it was reached and whether, by what, and what an event on the span is called and says."""
    return f"({quote(step.name)}, {quote(step.system)}, {time}, {condition}, {source}, {name}, {said})"


def _reached_on_spans(step: Step) -> str:
    # An event of time 0 has none, as OTLP has it; then its span's counts.
    time = _TIMES["observed"] if step.at == "observed" else f"if(toUnixTimestamp64Nano(t) = 0, {_TIMES[step.at]}, t)"
    reached = _reached(step, time, _condition_on_span(step), "'event'", "toString(n)", f"CAST(a, '{_SAID}')")
    return f"arrayMap((n, t, a) -> {reached}, `events.name`, `events.ts`, `events.attributes`)"


def _anywhere(step: Step) -> str:
    """Whether a row reaches a step in any way."""
    if step.match.event is None:
        return _condition(step)
    on_span = f"arrayExists((n, a) -> {_condition_on_span(step)}, `events.name`, `events.attributes`)"
    return f"({_condition(step)}) OR {on_span}"


def _pairs(names: Iterable[tuple[str, str]], attribute: Callable[[str], str]) -> str:
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
    """What a row must be like to reach a step: a span, or the row of an event where the step names one."""
    match = step.match
    conditions: list[str] = []
    if match.event is not None:
        conditions += [_IS_EVENT, like("called", match.event)]
    if match.span is not None:
        conditions += [f"NOT {_IS_EVENT}", like("called", match.span)]
    return " AND ".join([*conditions, *_more(step, _of_row)]) or "1"


def _condition_on_span(step: Step) -> str:
    """What an event ``n`` with attributes ``a``, and the span on which it stands, must be like."""

    def said(name: str) -> str:
        return f"if(a[{quote(name)}] != '', a[{quote(name)}], {_of_row(name)})"

    return " AND ".join([f"NOT {_IS_EVENT}", like("toString(n)", step.match.event or "*"), *_more(step, said)])


def _more(step: Step, attribute: Callable[[str], str]) -> Iterator[str]:
    match = step.match
    if match.service is not None:
        yield like("service", match.service)
    if match.kind is not None:
        yield f"kind = {SPAN_KINDS[match.kind]}"
    if match.status is not None:
        yield f"status_code {'=' if match.status == 'error' else '!='} {STATUS_ERROR}"
    for name, pattern in sorted(match.attributes.items()):
        yield like(attribute(name), pattern)


def like(expression: str, pattern: str) -> str:
    """Equality, or a match with ``*`` as any run of characters; "*" alone asks that there is a value."""
    if "*" not in pattern:
        return f"{expression} = {quote(pattern)}"
    like = "".join("%" if char == "*" else "\\" + char if char in "\\%_" else char for char in pattern)
    return f"{expression} LIKE {quote(like)} AND {expression} != ''"
