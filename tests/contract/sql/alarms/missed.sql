SELECT event, epoch, offset
FROM alarm
PREWHERE (epoch, offset) > ({epoch:Int64}, {offset:UInt64})
WHERE JSONExtractString(event, 'subject') NOT IN {hidden:Array(String)} AND JSONExtractString(event, 'type') NOT IN {quiet:Array(String)} AND JSONExtractString(event, 'data', 'grootheid') NOT IN {unseen:Array(String)}
ORDER BY epoch, offset, recorded_at, event_id
LIMIT {count:UInt64}
