-- Every register write. `register` first: one register is read at a time for series and breaches. Then `late`: the
-- writes recorded in another month than they take effect in lie together, so the tail of K reads only them.
CREATE TABLE IF NOT EXISTS schrijving${ON_CLUSTER} (
    register LowCardinality(String),
    late UInt8,
    subject LowCardinality(String),
    effective_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    recorded_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    event_id UUID,
    source LowCardinality(String),
    value String CODEC(ZSTD(1))
) ENGINE = ${REPLICATED}ReplacingMergeTree PARTITION BY toYYYYMM(effective_at)
ORDER BY (register, late, subject, effective_at, recorded_at, event_id)
SETTINGS ${DURABLE};
