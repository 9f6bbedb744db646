-- The events in a range of the log: what a positie needs of each, whether it retracts, and its writes.
-- The fifth column is when it came in, if it was more than a day old by then: an import of history.
SELECT epoch, partition, source, offset,
       if(recorded_at < received_at - INTERVAL 1 DAY, received_at, toDateTime64(0, 6, 'UTC')),
       event_id, recorded_at, {{ RETRACTION }}, subject, registers, effective_at, value
FROM gebeurtenis WHERE {rest} LIMIT {count:UInt32}
