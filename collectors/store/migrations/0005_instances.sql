-- Labels only go down. A label is an era (8 bytes, later eras are smaller) and the smallest hash among the keys of a
-- component (16 bytes). Taking a wrong join apart gives the keys concerned labels of a new era, which win.
CREATE TABLE IF NOT EXISTS key_labels
(
    definition LowCardinality(String),
    key FixedString(16),
    label SimpleAggregateFunction(min, FixedString(24))
)
ENGINE = AggregatingMergeTree
PARTITION BY definition
ORDER BY (definition, key)
SETTINGS index_granularity = 1024;

CREATE TABLE IF NOT EXISTS label_keys
(
    definition LowCardinality(String),
    label FixedString(24),
    key FixedString(16)
)
ENGINE = ReplacingMergeTree
PARTITION BY definition
ORDER BY (definition, label, key)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS label_keys_view TO label_keys AS SELECT definition, label, key FROM key_labels;

-- The summary of an instance, whole in every row: the row that was folded from the latest reading of its facts wins.
-- `reached` has the time of each step's first milestone without an error. `gone`: it became part of another instance.
CREATE TABLE IF NOT EXISTS instances
(
    definition LowCardinality(String),
    label FixedString(24),
    id FixedString(16),
    version UInt64,
    gone UInt8,
    state Enum8('running' = 0, 'completed' = 1, 'failed' = 2, 'cancelled' = 3),
    started_at DateTime64(9, 'UTC'),
    ended_at Nullable(DateTime64(9, 'UTC')),
    last_at DateTime64(9, 'UTC'),
    amount Nullable(Decimal(38, 12)),
    currency LowCardinality(String),
    dimensions Map(LowCardinality(String), String),
    keys Array(Tuple(LowCardinality(String), String)) CODEC(ZSTD(1)),
    links Array(Tuple(LowCardinality(String), String)) CODEC(ZSTD(1)),
    reached Map(LowCardinality(String), DateTime64(9, 'UTC')),
    milestones UInt32,
    errors UInt32
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY definition
ORDER BY (definition, label)
SETTINGS index_granularity = 1024;

-- Which reading of a workflow answers questions, and which is being built; `content` is the definition as JSON.
CREATE TABLE IF NOT EXISTS definitions
(
    workflow String,
    definition String,
    state Enum8('building' = 0, 'active' = 1, 'retired' = 2),
    content String,
    at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (workflow, definition);

-- How far each collector has come with the whole feed, so that a restart goes on from there.
CREATE TABLE IF NOT EXISTS correlation_progress
(
    collector String,
    upto DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(upto)
ORDER BY collector;
