-- Who sent how much, and what was refused and why, by minute. Every server adds its own counts every few seconds; they add
-- up when they are read. `collector` is the server, so that equal counts of two are not taken for one that came twice. `reason` is "" for what was taken. `lag` is seconds from the end of a request's last span to its
-- arrival, summed over `timed` requests.
CREATE TABLE IF NOT EXISTS sender_activity
(
    minute DateTime('UTC'),
    token LowCardinality(String),
    service LowCardinality(String),
    peer LowCardinality(String),
    agent LowCardinality(String),
    transport LowCardinality(String),
    reason LowCardinality(String),
    collector LowCardinality(String),
    requests SimpleAggregateFunction(sum, UInt64),
    spans SimpleAggregateFunction(sum, UInt64),
    bytes SimpleAggregateFunction(sum, UInt64),
    lag SimpleAggregateFunction(sum, Float64),
    lag_most SimpleAggregateFunction(max, Float64),
    timed SimpleAggregateFunction(sum, UInt64),
    last SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    example SimpleAggregateFunction(anyLast, String)
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(minute)
ORDER BY (minute, token, service, peer, agent, transport, reason, collector)
TTL minute + INTERVAL 30 DAY
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100;
