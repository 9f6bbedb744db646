-- else
SELECT event_id, source, type, subject, recorded_at, received_at, data
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
LIMIT {count:UInt32}

-- RETRACTED
SELECT event_id, source, type, subject, recorded_at, received_at, data
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
LIMIT {count:UInt32}

-- HIDDEN
SELECT event_id, source, type, subject, recorded_at, received_at, data
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
LIMIT {count:UInt32}

-- HIDDEN_RETRACTIONS
SELECT event_id, source, type, subject, recorded_at, received_at, data
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
LIMIT {count:UInt32}

-- HIDDEN RETRACTED
SELECT event_id, source, type, subject, recorded_at, received_at, data
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
LIMIT {count:UInt32}

-- HIDDEN_RETRACTIONS RETRACTED
SELECT event_id, source, type, subject, recorded_at, received_at, data
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
LIMIT {count:UInt32}
