-- A message joins the span that sent it with those that received it, also where no link says so: both name it, by its id or
-- by its place in a log. It stands among the links as what both sides link to: its hash in place of a trace, the side in
-- place of a span. An id of fewer than 16 characters may be anybody's, so it counts within its destination only. The
-- expressions are those of collectors/timelines/messages.py.
ALTER TABLE span_links_view MODIFY QUERY
SELECT
    link.1 AS linked_trace,
    link.2 AS linked_span,
    ts,
    trace_id,
    span_id
FROM
(
    SELECT
        ts,
        trace_id,
        span_id,
        if(attributes['messaging.message.id'] != '', attributes['messaging.message.id'], attributes['messaging.message_id']) AS message,
        if(attributes['messaging.destination.name'] != '', attributes['messaging.destination.name'], attributes['messaging.destination']) AS destination,
        arrayFirst(v -> v != '', [attributes['messaging.destination.partition.id'], attributes['messaging.kafka.destination.partition'], attributes['messaging.kafka.partition']]) AS portion,
        if(attributes['messaging.kafka.offset'] != '', attributes['messaging.kafka.offset'], attributes['messaging.kafka.message.offset']) AS place,
        arrayFirst(v -> v != '', [attributes['messaging.operation.type'], attributes['messaging.operation'], attributes['messaging.operation.name']]) AS operation,
        if(attributes['messaging.system'] = '', '', multiIf(length(message) >= 16, message, message != '', concat(destination, '\n', message), destination != '' AND portion != '' AND place != '', concat(destination, '\n', portion, '\n', place), '')) AS identity,
        multiIf(kind = 4 OR operation IN ('send', 'publish', 'create'), 'sent', kind = 5 OR operation IN ('receive', 'process', 'deliver', 'consume', 'poll'), 'received', '') AS side,
        arrayConcat(
            arrayMap(l -> (toFixedString(l.1, 16), toFixedString(l.2, 8)), arrayFilter(l -> length(l.1) = 16 AND length(l.2) = 8, arrayZip(`links.trace_id`, `links.span_id`))),
            if(identity != '' AND side != '', [(sipHash128(identity), toFixedString(side, 8))], [])
        ) AS linked
    FROM spans
    WHERE notEmpty(`links.trace_id`) OR attributes['messaging.system'] != ''
)
ARRAY JOIN linked AS link;

INSERT INTO span_links (linked_trace, linked_span, ts, trace_id, span_id)
SELECT
    link.1 AS linked_trace,
    link.2 AS linked_span,
    ts,
    trace_id,
    span_id
FROM
(
    SELECT
        ts,
        trace_id,
        span_id,
        if(attributes['messaging.message.id'] != '', attributes['messaging.message.id'], attributes['messaging.message_id']) AS message,
        if(attributes['messaging.destination.name'] != '', attributes['messaging.destination.name'], attributes['messaging.destination']) AS destination,
        arrayFirst(v -> v != '', [attributes['messaging.destination.partition.id'], attributes['messaging.kafka.destination.partition'], attributes['messaging.kafka.partition']]) AS portion,
        if(attributes['messaging.kafka.offset'] != '', attributes['messaging.kafka.offset'], attributes['messaging.kafka.message.offset']) AS place,
        arrayFirst(v -> v != '', [attributes['messaging.operation.type'], attributes['messaging.operation'], attributes['messaging.operation.name']]) AS operation,
        if(attributes['messaging.system'] = '', '', multiIf(length(message) >= 16, message, message != '', concat(destination, '\n', message), destination != '' AND portion != '' AND place != '', concat(destination, '\n', portion, '\n', place), '')) AS identity,
        multiIf(kind = 4 OR operation IN ('send', 'publish', 'create'), 'sent', kind = 5 OR operation IN ('receive', 'process', 'deliver', 'consume', 'poll'), 'received', '') AS side,
        arrayConcat(
            arrayMap(l -> (toFixedString(l.1, 16), toFixedString(l.2, 8)), arrayFilter(l -> length(l.1) = 16 AND length(l.2) = 8, arrayZip(`links.trace_id`, `links.span_id`))),
            if(identity != '' AND side != '', [(sipHash128(identity), toFixedString(side, 8))], [])
        ) AS linked
    FROM spans
    WHERE attributes['messaging.system'] != ''
)
ARRAY JOIN linked AS link;
