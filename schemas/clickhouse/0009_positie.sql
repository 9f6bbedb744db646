-- How far the derived tables follow the log, per partition and source: written after all others. Of the rest of the log
-- a reader looks at the events themselves.
CREATE TABLE IF NOT EXISTS positie${ON_CLUSTER} (
    epoch UInt32,
    partition UInt16,
    source LowCardinality(String),
    offset SimpleAggregateFunction(max, UInt64),
    imported_at SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
) ENGINE = ${REPLICATED}AggregatingMergeTree ORDER BY (epoch, partition, source)
SETTINGS ${DURABLE};
-- How far they may reach already, written before any: what was read goes no further than this.
CREATE TABLE IF NOT EXISTS begonnen${ON_CLUSTER} (
    epoch UInt32,
    partition UInt16,
    offset SimpleAggregateFunction(max, UInt64)
) ENGINE = ${REPLICATED}AggregatingMergeTree ORDER BY (epoch, partition)
SETTINGS ${DURABLE};
