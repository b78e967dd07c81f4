-- Request bodies land here as ClickHouse itself decodes them, and nothing is kept: the view below unfolds them into spans.
-- `map<string, bytes>` is wire-equal to OTLP's `repeated KeyValue`, so values arrive as bytes and are read by otlp_text.
CREATE TABLE IF NOT EXISTS otlp_landing
(
    resource_spans Array(Tuple(
        resource Tuple(attributes Map(String, String)),
        scope_spans Array(Tuple(
            scope Tuple(name String, version String),
            spans Array(Tuple(
                trace_id String, span_id String, trace_state String, parent_span_id String, name String, kind Int32,
                start_time_unix_nano UInt64, end_time_unix_nano UInt64, attributes Map(String, String),
                events Array(Tuple(time_unix_nano UInt64, name String, attributes Map(String, String))),
                links Array(Tuple(trace_id String, span_id String, trace_state String, attributes Map(String, String))),
                status Tuple(message String, code Int32)))))))
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS otlp_decode TO spans AS
SELECT
    fromUnixTimestamp64Nano(toInt64(s.start_time_unix_nano), 'UTC') AS ts,
    toFixedString(s.trace_id, 16) AS trace_id,
    toFixedString(s.span_id, 8) AS span_id,
    s.parent_span_id AS parent_span_id,
    s.trace_state AS trace_state,
    s.name AS name,
    toUInt8(s.kind) AS kind,
    resource['service.name'] AS service,
    scope_name AS scope,
    resource,
    CAST(mapApply((k, v) -> (k, otlp_text(v)), s.attributes), 'Map(LowCardinality(String), String)') AS attributes,
    toUInt64(greatest(0, toInt64(s.end_time_unix_nano) - toInt64(s.start_time_unix_nano))) AS duration,
    toUInt8(s.status.code) AS status_code,
    s.status.message AS status_message,
    arrayMap(e -> fromUnixTimestamp64Nano(toInt64(e.time_unix_nano), 'UTC'), s.events) AS `events.ts`,
    s.events.name AS `events.name`,
    arrayMap(e -> CAST(mapApply((k, v) -> (k, otlp_text(v)), e.attributes), 'Map(LowCardinality(String), String)'), s.events) AS `events.attributes`,
    s.links.trace_id AS `links.trace_id`,
    s.links.span_id AS `links.span_id`,
    arrayMap(l -> CAST(mapApply((k, v) -> (k, otlp_text(v)), l.attributes), 'Map(LowCardinality(String), String)'), s.links) AS `links.attributes`
FROM
(
    SELECT resource, ss.scope.name AS scope_name, arrayJoin(ss.spans) AS s
    FROM
    (
        SELECT
            CAST(mapApply((k, v) -> (k, otlp_text(v)), rs.resource.attributes), 'Map(LowCardinality(String), String)') AS resource,
            arrayJoin(rs.scope_spans) AS ss
        FROM (SELECT arrayJoin(resource_spans) AS rs FROM otlp_landing)
    )
);
