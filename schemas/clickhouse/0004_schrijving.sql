-- Every register write. `register` first: naleving reads a twelfth of the rows that bezetting does. Then `late`: the
-- writes recorded in another month than they take effect in lie together, so the tail of K reads only them.
CREATE TABLE IF NOT EXISTS schrijving (
    register LowCardinality(String),
    subject LowCardinality(String),
    effective_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    recorded_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    event_id UUID,
    source LowCardinality(String),
    value String CODEC(ZSTD(1)),
    epoch UInt32,
    partition UInt16,
    offset UInt64 CODEC(Delta(8), ZSTD(1)),
    late UInt8 MATERIALIZED toYYYYMM(recorded_at) != toYYYYMM(effective_at)
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(effective_at)
ORDER BY (register, late, subject, effective_at, recorded_at, event_id);
