-- The log by when its events were recorded: what a reader of it pages through, and may ask for.
CREATE TABLE IF NOT EXISTS volgorde${ON_CLUSTER} (
    recorded_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    event_id UUID,
    subject LowCardinality(String),
    type LowCardinality(String),
    source LowCardinality(String),
    epoch UInt32,
    partition UInt16,
    offset UInt64
) ENGINE = ${REPLICATED}ReplacingMergeTree ORDER BY (recorded_at, event_id)
SETTINGS ${DURABLE};
