-- Milestones as correlation reads them: each as one JSON text, in small granules. To fold an instance its milestones are
-- looked up by the hashes of its keys, which lie anywhere, so that each look-up reads a granule of its own. Of `milestones`
-- that is a thousand rows of some thirty streams, of this table 64 rows of two: an eighth of the work, however many there
-- are. A value that is added later goes to the end of the text, and whoever reads it does without it in rows from before.
CREATE TABLE IF NOT EXISTS facts
(
    definition LowCardinality(String),
    anchor FixedString(16),
    fact String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY definition
ORDER BY (definition, anchor)
SETTINGS index_granularity = 64, min_compress_block_size = 4096;

-- By its name it comes before the feed's view: what stands in the feed is to be found here.
CREATE MATERIALIZED VIEW IF NOT EXISTS facts_view TO facts AS
SELECT
    definition,
    anchor,
    toValidUTF8(toJSONString((toUnixTimestamp64Nano(occurred_at), toString(step), lower(hex(span_id)), lower(hex(trace_id)), toString(system),
        toString(status), toString(source), arraySort(keys), arraySort(links), amount, toString(currency), arraySort(dimensions),
        toString(name), toString(service), message, duration, toString(error_type), toUnixTimestamp64Nano(observed_at)))) AS fact
FROM milestones;

INSERT INTO facts SELECT
    definition,
    anchor,
    toValidUTF8(toJSONString((toUnixTimestamp64Nano(occurred_at), toString(step), lower(hex(span_id)), lower(hex(trace_id)), toString(system),
        toString(status), toString(source), arraySort(keys), arraySort(links), amount, toString(currency), arraySort(dimensions),
        toString(name), toString(service), message, duration, toString(error_type), toUnixTimestamp64Nano(observed_at)))) AS fact
FROM milestones;

-- The facts of a reading that is being built, in the order of their instances: to fold all of history they are sorted once,
-- which costs the same for each however many there are. A collector that builds a reading has a partition of its own and
-- drops it when it is done; what a kill left behind goes after two days.
CREATE TABLE IF NOT EXISTS facts_by_label
(
    reading String,
    label FixedString(24),
    fact String CODEC(ZSTD(1)),
    made DateTime DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY reading
ORDER BY (reading, label)
TTL made + INTERVAL 2 DAY
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1;
