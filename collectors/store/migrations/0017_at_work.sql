-- When a collector last said how far it is. That alone does not tell whether it is still at work, since it may be far behind.
ALTER TABLE correlation_progress ADD COLUMN IF NOT EXISTS at DateTime64(6, 'UTC') DEFAULT upto;
