-- else
SELECT count() > {count:Int64}
FROM (SELECT event_id
FROM (SELECT epoch, partition, offset, event_id
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {upto}
UNION ALL
SELECT epoch, partition, offset, event_id
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {rest})
LIMIT 1 BY event_id
LIMIT {most:UInt32})

-- RETRACTED
SELECT count() > {count:Int64}
FROM (SELECT event_id
FROM (SELECT epoch, partition, offset, event_id
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
LIMIT 1 BY event_id
LIMIT {most:UInt32})

-- HIDDEN
SELECT count() > {count:Int64}
FROM (SELECT event_id
FROM (SELECT epoch, partition, offset, event_id
FROM volgorde
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {upto}
UNION ALL
SELECT epoch, partition, offset, event_id
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND NOT (subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)}) AND ((subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))) AND {rest})
LIMIT 1 BY event_id
LIMIT {most:UInt32})

-- HIDDEN_RETRACTIONS
SELECT count() > {count:Int64}
FROM (SELECT event_id
FROM (SELECT epoch, partition, offset, event_id
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
LIMIT 1 BY event_id
LIMIT {most:UInt32})

-- HIDDEN RETRACTED
SELECT count() > {count:Int64}
FROM (SELECT event_id
FROM (SELECT epoch, partition, offset, event_id
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
LIMIT 1 BY event_id
LIMIT {most:UInt32})

-- HIDDEN_RETRACTIONS RETRACTED
SELECT count() > {count:Int64}
FROM (SELECT event_id
FROM (SELECT epoch, partition, offset, event_id
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
LIMIT 1 BY event_id
LIMIT {most:UInt32})
