-- Where in the log an id stands, to tell a repeat from a reuse. Ids as numbers, in the order of their text: new ones of
-- version 7 begin with the moment they were made, and so lie together at the end. Small granules: little is read around.
CREATE TABLE IF NOT EXISTS bekend${ON_CLUSTER} (
    event_number UInt128,
    epoch UInt32,
    partition UInt16,
    offset UInt64
) ENGINE = ${REPLICATED}ReplacingMergeTree ORDER BY event_number
SETTINGS index_granularity = 256, ${DURABLE};
