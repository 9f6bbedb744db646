-- How far each partition is stored, per source: the positie of an answer, whether anything is simulated, and when
-- history (an event more than a day old) last came in.
CREATE TABLE IF NOT EXISTS positie (
    epoch UInt32,
    partition UInt16,
    source LowCardinality(String),
    offset SimpleAggregateFunction(max, UInt64),
    imported_at SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
) ENGINE = AggregatingMergeTree ORDER BY (epoch, partition, source);
