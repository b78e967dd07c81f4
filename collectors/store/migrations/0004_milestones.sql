-- Facts: a span or event that matched a step, once per reading of a workflow (`definition`). Never changed.
-- `keys` join, `links` only relate; `observed_at` is when the span itself arrived, `received_at` when this row did.
-- `anchor` is the smallest hash among its keys, so all milestones of an instance are found by the keys of the instance.
CREATE TABLE IF NOT EXISTS milestones
(
    definition LowCardinality(String),
    anchor FixedString(16),
    occurred_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    step LowCardinality(String),
    trace_id FixedString(16) CODEC(ZSTD(1)),
    span_id FixedString(8) CODEC(ZSTD(1)),
    system LowCardinality(String),
    status Enum8('ok' = 0, 'error' = 1),
    source Enum8('span' = 0, 'event' = 1),
    keys Array(Tuple(LowCardinality(String), String)) CODEC(ZSTD(1)),
    links Array(Tuple(LowCardinality(String), String)) CODEC(ZSTD(1)),
    amount String,
    currency LowCardinality(String),
    dimensions Array(Tuple(LowCardinality(String), LowCardinality(String))) CODEC(ZSTD(1)),
    name LowCardinality(String),
    service LowCardinality(String),
    message String CODEC(ZSTD(1)),
    duration UInt64 CODEC(T64, ZSTD(1)),
    observed_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    received_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta(8), ZSTD(1)),
    INDEX trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY definition
ORDER BY (definition, anchor, occurred_at)
SETTINGS index_granularity = 1024;

-- What correlation has still to look at, in the order of arrival.
CREATE TABLE IF NOT EXISTS milestone_feed
(
    definition LowCardinality(String),
    received_at DateTime64(6, 'UTC'),
    fact UInt64,
    keys Array(FixedString(16))
)
ENGINE = MergeTree
PARTITION BY toDate(received_at)
ORDER BY (received_at, fact)
TTL toDateTime(received_at) + INTERVAL 7 DAY
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS milestone_feed_view TO milestone_feed AS
SELECT
    definition,
    received_at,
    cityHash64(definition, occurred_at, step, trace_id, span_id, status, keys, links, amount, currency, dimensions) AS fact,
    arrayMap(k -> toFixedString(substring(SHA256(concat(k.1, '\0', k.2)), 1, 16), 16), keys) AS keys
FROM milestones;

-- Any id of any system, to be found without knowing its type.
CREATE TABLE IF NOT EXISTS key_values
(
    value String,
    type LowCardinality(String),
    definition LowCardinality(String)
)
ENGINE = ReplacingMergeTree
PARTITION BY definition
ORDER BY (value, type, definition)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS key_values_view TO key_values AS
SELECT k.2 AS value, k.1 AS type, definition FROM milestones ARRAY JOIN keys AS k;

-- What an instance relates to without being it: the subscription of an invoice, the order of a subscription.
CREATE TABLE IF NOT EXISTS link_values
(
    value String,
    type LowCardinality(String),
    definition LowCardinality(String),
    anchor FixedString(16)
)
ENGINE = ReplacingMergeTree
PARTITION BY definition
ORDER BY (value, type, definition, anchor)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS link_values_view TO link_values AS
SELECT l.2 AS value, l.1 AS type, definition, anchor FROM milestones ARRAY JOIN links AS l;
