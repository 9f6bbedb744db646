-- What could not be accepted, with its reason and its bytes as they came.
CREATE TABLE IF NOT EXISTS onverwerkbaar${ON_CLUSTER} (
    topic LowCardinality(String),
    epoch UInt32,
    partition UInt16,
    offset UInt64,
    position UInt32,
    reason String,
    received_at DateTime64(6, 'UTC'),
    raw String CODEC(ZSTD(1))
) ENGINE = ${REPLICATED}ReplacingMergeTree ORDER BY (topic, epoch, partition, offset, position)
SETTINGS ${DURABLE};
