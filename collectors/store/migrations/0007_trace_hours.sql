-- In which hours a trace has spans. Spans lie by hour and trace, so that with its hours a trace is read by the sort key
-- alone, however long the history is; a bloom filter would have to be read for the whole of it. Traces are told apart by
-- 32 bits here: where two share them, a few more granules are read and nothing else.
CREATE TABLE IF NOT EXISTS trace_hours
(
    trace UInt32,
    hour DateTime('UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (trace, hour)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_hours_view TO trace_hours AS
SELECT DISTINCT xxHash32(trace_id) AS trace, toStartOfHour(ts) AS hour FROM spans;

INSERT INTO trace_hours SELECT DISTINCT xxHash32(trace_id), toStartOfHour(ts) FROM spans;

-- Nothing looks for a trace without its hours any more; building the filter cost every insert.
ALTER TABLE spans DROP INDEX IF EXISTS trace;
