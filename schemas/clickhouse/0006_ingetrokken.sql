-- Retractions. They may arrive before their target, and work on events of their own source only.
CREATE TABLE IF NOT EXISTS ingetrokken${ON_CLUSTER} (
    target UUID,
    source LowCardinality(String),
    recorded_at DateTime64(6, 'UTC'),
    event_id UUID
) ENGINE = ${REPLICATED}ReplacingMergeTree ORDER BY (target, source, recorded_at, event_id)
SETTINGS ${DURABLE};
