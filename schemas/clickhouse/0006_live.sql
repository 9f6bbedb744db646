-- Per register and subject the greatest write that was already in force when it was received: the present.
CREATE TABLE IF NOT EXISTS live (
    register LowCardinality(String),
    subject LowCardinality(String),
    value String,
    event_id UUID,
    source LowCardinality(String),
    ver UInt256
) ENGINE = ReplacingMergeTree(ver) ORDER BY (register, subject)
SETTINGS index_granularity = 1024;
