-- else
SELECT event_id, source, type, subject, recorded_at, received_at, data
FROM gebeurtenis
WHERE event_id = {id:UUID} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {upto} AND true AND ({rest} OR (epoch, partition, offset) IN (SELECT epoch, partition, offset
FROM bekend
WHERE event_number = {number:UInt128}))
ORDER BY epoch, partition, offset
LIMIT 1

-- HIDDEN
SELECT event_id, source, type, subject, recorded_at, received_at, data
FROM gebeurtenis
WHERE event_id = {id:UUID} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {upto} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND ({rest} OR (epoch, partition, offset) IN (SELECT epoch, partition, offset
FROM bekend
WHERE event_number = {number:UInt128}))
ORDER BY epoch, partition, offset
LIMIT 1

-- HIDDEN_RETRACTIONS
SELECT event_id, source, type, subject, recorded_at, received_at, data
FROM gebeurtenis
WHERE event_id = {id:UUID} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {upto} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND (NOT type = 'nl.gebeurtenissen.ingetrokken.v1' OR event_id NOT IN (SELECT event_id
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
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {beyond}))) AND ({rest} OR (epoch, partition, offset) IN (SELECT epoch, partition, offset
FROM bekend
WHERE event_number = {number:UInt128}))
ORDER BY epoch, partition, offset
LIMIT 1
