SELECT epoch, partition, source, offset, if(recorded_at < received_at - INTERVAL 1 DAY, received_at, toDateTime64(0, 6, 'UTC')), event_id, recorded_at, type = 'nl.gebeurtenissen.ingetrokken.v1', subject, registers, effective_at, value
FROM gebeurtenis
WHERE {rest}
LIMIT {count:UInt32}
