-- The log: one row per event, with the register writes that the core made of it. Everything else follows from it.
-- In the order of the log, so that what was stored up to a positie, or after it, is one range. An insert is one part,
-- and holds whole messages: it is there or it is not. Never deleted from: a retraction is an event too.
CREATE TABLE IF NOT EXISTS gebeurtenis${ON_CLUSTER} (
    epoch UInt32,
    partition UInt16,
    offset UInt64 CODEC(Delta(8), ZSTD(1)),
    event_id UUID,
    source String CODEC(ZSTD(1)),
    type String CODEC(ZSTD(1)),
    subject String CODEC(ZSTD(1)),
    recorded_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    data String CODEC(ZSTD(1)),
    retracts UUID,
    registers Array(String) CODEC(ZSTD(1)),
    effective_at Array(DateTime64(6, 'UTC')),
    value Array(String) CODEC(ZSTD(1))
) ENGINE = ${REPLICATED}ReplacingMergeTree ORDER BY (epoch, partition, offset, event_id)
-- Many small inserts: rewriting them often costs more than reading some parts more.
SETTINGS min_parts_to_merge_at_once = 20, ${DURABLE};
-- Takes what the log would take, and keeps nothing: to find out which event of a batch is the one that it refuses.
CREATE TABLE IF NOT EXISTS uitgeprobeerd${ON_CLUSTER} AS gebeurtenis ENGINE = Null;
