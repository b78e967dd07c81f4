-- What kind of error a failed milestone met, and the kinds that an instance met; and how many of its milestones stated an
-- amount that can't be read. Rows that are there already have neither. Nothing has to be done about them: a reading of a
-- workflow has an id, and that of the readings which fill these columns is another (`Definition.reader`), so after an
-- update each workflow reads its history again, while the reading before answers.
ALTER TABLE milestones ADD COLUMN IF NOT EXISTS error_type LowCardinality(String) AFTER message;

ALTER TABLE instances_by_week ADD COLUMN IF NOT EXISTS error_types Array(LowCardinality(String)) AFTER errors;

ALTER TABLE instances_by_week ADD COLUMN IF NOT EXISTS unread_amounts UInt32 AFTER error_types;

-- Two deliveries of a milestone that differ in the kind of error are two facts to look at.
ALTER TABLE milestone_feed_view MODIFY QUERY
SELECT
    definition,
    received_at,
    cityHash64(definition, occurred_at, step, trace_id, span_id, status, error_type, keys, links, amount, currency, dimensions) AS fact,
    arrayMap(k -> toFixedString(substring(SHA256(concat(k.1, '\0', k.2)), 1, 16), 16), keys) AS keys
FROM milestones;
