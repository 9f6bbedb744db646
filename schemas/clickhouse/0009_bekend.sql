-- The ids in the log, to tell a repeat from a reuse. Small granules: a look-up of scattered ids reads little around each.
CREATE TABLE IF NOT EXISTS bekend (
    event_id UUID,
    digest UInt64,
    received_at DateTime64(6, 'UTC'),
    epoch UInt32,
    partition UInt16,
    offset UInt64
) ENGINE = ReplacingMergeTree ORDER BY event_id
SETTINGS index_granularity = 256;
