-- else
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at), registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if(type = 'nl.gebeurtenissen.ingetrokken.v1', data, '')
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {upto}
UNION ALL
SELECT epoch, partition, offset, event_id
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {rest})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id

-- RETRACTED
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at), registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if(type = 'nl.gebeurtenissen.ingetrokken.v1', data, '')
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) OR (type = 'nl.gebeurtenissen.ingetrokken.v1' AND event_id IN (SELECT event_id
FROM ingetrokken
WHERE target IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {beyond} AND retracts IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})))) AND {upto}
UNION ALL
SELECT epoch, partition, offset, event_id
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) OR (type = 'nl.gebeurtenissen.ingetrokken.v1' AND event_id IN (SELECT event_id
FROM ingetrokken
WHERE target IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {beyond} AND retracts IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})))) AND {rest})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id

-- HIDDEN
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at), registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if(type = 'nl.gebeurtenissen.ingetrokken.v1', data, '')
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {upto}
UNION ALL
SELECT epoch, partition, offset, event_id
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {rest})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id

-- HIDDEN_RETRACTIONS
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at), registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if(type = 'nl.gebeurtenissen.ingetrokken.v1', data, '')
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND (NOT type = 'nl.gebeurtenissen.ingetrokken.v1' OR event_id NOT IN (SELECT event_id
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
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {beyond}))) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {upto}
UNION ALL
SELECT epoch, partition, offset, event_id
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND (NOT type = 'nl.gebeurtenissen.ingetrokken.v1' OR event_id NOT IN (SELECT event_id
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
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {beyond}))) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {rest})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id

-- HIDDEN RETRACTED
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at), registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if(type = 'nl.gebeurtenissen.ingetrokken.v1', data, '')
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) OR (type = 'nl.gebeurtenissen.ingetrokken.v1' AND event_id IN (SELECT event_id
FROM ingetrokken
WHERE target IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {beyond} AND retracts IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})))) AND {upto}
UNION ALL
SELECT epoch, partition, offset, event_id
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) OR (type = 'nl.gebeurtenissen.ingetrokken.v1' AND event_id IN (SELECT event_id
FROM ingetrokken
WHERE target IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {beyond} AND retracts IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})))) AND {rest})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id

-- HIDDEN_RETRACTIONS RETRACTED
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at), registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if(type = 'nl.gebeurtenissen.ingetrokken.v1', data, '')
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND (NOT type = 'nl.gebeurtenissen.ingetrokken.v1' OR event_id NOT IN (SELECT event_id
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
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {beyond}))) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) OR (type = 'nl.gebeurtenissen.ingetrokken.v1' AND event_id IN (SELECT event_id
FROM ingetrokken
WHERE target IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {beyond} AND retracts IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})))) AND {upto}
UNION ALL
SELECT epoch, partition, offset, event_id
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND (NOT type = 'nl.gebeurtenissen.ingetrokken.v1' OR event_id NOT IN (SELECT event_id
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
WHERE (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND {beyond}))) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) OR (type = 'nl.gebeurtenissen.ingetrokken.v1' AND event_id IN (SELECT event_id
FROM ingetrokken
WHERE target IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {beyond} AND retracts IN (SELECT event_id
FROM volgorde
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
UNION ALL
SELECT event_id
FROM gebeurtenis
WHERE (subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String}))) AND {beyond})))) AND {rest})
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
