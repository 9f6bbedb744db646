-- The events about alarms after a place on their topic, in its order, without some onderwerpen and types, and
-- without what watches some things.
-- Only what lies after that place is parsed.
SELECT event, epoch, offset FROM alarm PREWHERE (epoch, offset) > ({epoch:Int64}, {offset:UInt64})
WHERE JSONExtractString(event, 'subject') NOT IN {hidden:Array(String)}
  AND JSONExtractString(event, 'type') NOT IN {quiet:Array(String)}
  AND JSONExtractString(event, 'data', 'grootheid') NOT IN {unseen:Array(String)}
ORDER BY epoch, offset, recorded_at, event_id LIMIT {count:UInt64}
