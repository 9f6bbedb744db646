-- else
SELECT event_id, source, type, subject, recorded_at, received_at, data
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM (SELECT recorded_at, event_id, epoch, partition, offset
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND ({after_time:DateTime64(6, 'UTC')}, {after_id:UUID}) < (recorded_at, event_id) AND ({subject:String} = '' OR subject = {subject:String}) AND ({type:String} = '' OR type = {type:String}) AND ({source:String} = '' OR source = {source:String}) AND true AND {upto}
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32}
UNION ALL
SELECT recorded_at, event_id, epoch, partition, offset
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND ({after_time:DateTime64(6, 'UTC')}, {after_id:UUID}) < (recorded_at, event_id) AND ({subject:String} = '' OR subject = {subject:String}) AND ({type:String} = '' OR type = {type:String}) AND ({source:String} = '' OR source = {source:String}) AND true AND {rest}
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32}

-- HIDDEN
SELECT event_id, source, type, subject, recorded_at, received_at, data
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM (SELECT recorded_at, event_id, epoch, partition, offset
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND ({after_time:DateTime64(6, 'UTC')}, {after_id:UUID}) < (recorded_at, event_id) AND ({subject:String} = '' OR subject = {subject:String}) AND ({type:String} = '' OR type = {type:String}) AND ({source:String} = '' OR source = {source:String}) AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {upto}
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32}
UNION ALL
SELECT recorded_at, event_id, epoch, partition, offset
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND ({after_time:DateTime64(6, 'UTC')}, {after_id:UUID}) < (recorded_at, event_id) AND ({subject:String} = '' OR subject = {subject:String}) AND ({type:String} = '' OR type = {type:String}) AND ({source:String} = '' OR source = {source:String}) AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {rest}
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32}

-- HIDDEN_RETRACTIONS
SELECT event_id, source, type, subject, recorded_at, received_at, data
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM (SELECT recorded_at, event_id, epoch, partition, offset
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND ({after_time:DateTime64(6, 'UTC')}, {after_id:UUID}) < (recorded_at, event_id) AND ({subject:String} = '' OR subject = {subject:String}) AND ({type:String} = '' OR type = {type:String}) AND ({source:String} = '' OR source = {source:String}) AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND (NOT type = 'nl.gebeurtenissen.ingetrokken.v1' OR event_id NOT IN (SELECT event_id
FROM ingetrokken
WHERE target IN (SELECT event_id
FROM volgorde
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {beyond})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {beyond} AND retracts IN (SELECT event_id
FROM volgorde
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {beyond}))) AND {upto}
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32}
UNION ALL
SELECT recorded_at, event_id, epoch, partition, offset
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND ({after_time:DateTime64(6, 'UTC')}, {after_id:UUID}) < (recorded_at, event_id) AND ({subject:String} = '' OR subject = {subject:String}) AND ({type:String} = '' OR type = {type:String}) AND ({source:String} = '' OR source = {source:String}) AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND (NOT type = 'nl.gebeurtenissen.ingetrokken.v1' OR event_id NOT IN (SELECT event_id
FROM ingetrokken
WHERE target IN (SELECT event_id
FROM volgorde
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {beyond})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {beyond} AND retracts IN (SELECT event_id
FROM volgorde
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {beyond}))) AND {rest}
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
LIMIT {count:UInt32}
