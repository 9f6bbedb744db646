-- The transitions of alarms. Their ids follow from rule, subject and the transition before, so a second instance
-- that says the same a moment later changes nothing: the first one said is kept (the greatest `priority`).
CREATE TABLE IF NOT EXISTS alarm${ON_CLUSTER} (
    event_id UUID,
    recorded_at DateTime64(6, 'UTC'),
    event String CODEC(ZSTD(1)),
    priority Int64
) ENGINE = ${REPLICATED}ReplacingMergeTree(priority) ORDER BY event_id
SETTINGS ${DURABLE};
