-- The ids in the log, to tell a repeat from a reuse. As numbers, in the order of their text: new ids of version 7 begin
-- with the moment they were made, and so lie together at the end. Small granules: little is read around each.
CREATE TABLE IF NOT EXISTS bekend (
    event_number UInt128,
    recorded_at DateTime64(6, 'UTC'),
    digest UInt64,
    received_at DateTime64(6, 'UTC'),
    epoch UInt32,
    partition UInt16,
    offset UInt64
) ENGINE = ReplacingMergeTree ORDER BY event_number
SETTINGS index_granularity = 256;
