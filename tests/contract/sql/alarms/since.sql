SELECT event, epoch, offset
FROM alarm
WHERE (epoch, offset) > ({epoch:Int64}, {offset:UInt64})
ORDER BY epoch, offset, recorded_at, event_id
LIMIT {count:UInt64}
