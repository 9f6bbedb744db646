-- Writes that were not in force yet when they were received (announced, or logged by a clock that runs ahead).
-- They join the present when `starts_at` passes, without an event (time law).
CREATE TABLE IF NOT EXISTS vooruit (
    starts_at DateTime64(6, 'UTC'),
    register LowCardinality(String),
    subject LowCardinality(String),
    value String,
    event_id UUID,
    source LowCardinality(String),
    ver UInt256
) ENGINE = ReplacingMergeTree ORDER BY (starts_at, register, subject, ver);
