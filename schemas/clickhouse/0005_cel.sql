-- Per register, subject, month of effect and month of recording: the greatest write. What (V, K) reads for full months.
CREATE TABLE IF NOT EXISTS cel${ON_CLUSTER} (
    register LowCardinality(String),
    effective_month UInt32,
    recorded_month UInt32,
    subject LowCardinality(String),
    value String,
    event_id UUID,
    source LowCardinality(String),
    ver UInt256 CODEC(ZSTD(1))
) ENGINE = ${REPLICATED}ReplacingMergeTree(ver) ORDER BY (register, effective_month, recorded_month, subject)
SETTINGS ${DURABLE};
