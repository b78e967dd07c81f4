-- The summaries of `instances`, which lay by label, now lie by the week in which the instance started: what finance asks
-- about a month reads that month, however many years there are. A late event may move an instance to an earlier week; its
-- row of the later week is then written as gone. An instance that became part of another has a row in week 0 that says so.
CREATE TABLE IF NOT EXISTS instances_by_week
(
    definition LowCardinality(String),
    week Date,
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
    errors UInt32,
    INDEX started started_at TYPE minmax GRANULARITY 1,
    INDEX last last_at TYPE minmax GRANULARITY 1,
    INDEX states state TYPE set(4) GRANULARITY 1,
    INDEX steps mapKeys(reached) TYPE set(100) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY definition
ORDER BY (definition, week, label)
SETTINGS index_granularity = 1024;

-- The weeks in which a label ever had a row.
CREATE TABLE IF NOT EXISTS instance_weeks
(
    definition LowCardinality(String),
    label FixedString(24),
    week Date
)
ENGINE = ReplacingMergeTree
PARTITION BY definition
ORDER BY (definition, label, week)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS instance_weeks_view TO instance_weeks AS
SELECT definition, label, week FROM instances_by_week;

INSERT INTO instances_by_week (definition, week, label, id, version, gone, state, started_at, ended_at, last_at, amount,
  currency, dimensions, keys, links, reached, milestones, errors)
SELECT definition, toDate(least(65535, greatest(0, toRelativeDayNum(started_at) - toDayOfWeek(started_at) + 1))), label, id,
  version, gone, state, started_at, ended_at, last_at, amount, currency, dimensions, keys, links, reached, milestones, errors
FROM instances FINAL WHERE gone = 0;

TRUNCATE TABLE instances;
