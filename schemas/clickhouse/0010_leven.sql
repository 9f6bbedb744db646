-- The lives of the events topic: made anew, its offsets begin anew. A broker gives each an id of its own.
CREATE TABLE IF NOT EXISTS leven${ON_CLUSTER} (
    epoch UInt32,
    topic_id UUID
) ENGINE = ${REPLICATED}ReplacingMergeTree ORDER BY (topic_id, epoch)
SETTINGS ${DURABLE};
