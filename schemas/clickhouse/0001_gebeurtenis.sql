-- The log: one row per event, with the register writes that the core made of it. Everything else follows from it.
-- A repeat is stored with the place and moment of the first time, so that both rows are the same and merge into one.
-- Sorted by what a reader of the log pages through. Never deleted from: a retraction is an event too.
CREATE TABLE IF NOT EXISTS gebeurtenis (
    event_id UUID,
    source LowCardinality(String),
    type LowCardinality(String),
    subject LowCardinality(String),
    recorded_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    epoch UInt32,
    partition UInt16,
    offset UInt64 CODEC(Delta(8), ZSTD(1)),
    data String CODEC(ZSTD(1)),
    retracts UUID,
    registers Array(LowCardinality(String)),
    effective_at Array(DateTime64(6, 'UTC')),
    value Array(String) CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree ORDER BY (recorded_at, event_id)
SETTINGS ${DURABLE};
