-- How far each partition is stored, per source: the positie of an answer, and whether anything is simulated.
CREATE TABLE IF NOT EXISTS positie (
    epoch UInt32,
    partition UInt16,
    source LowCardinality(String),
    offset SimpleAggregateFunction(max, UInt64)
) ENGINE = AggregatingMergeTree ORDER BY (epoch, partition, source);
