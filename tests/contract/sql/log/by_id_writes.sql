-- else
WITH {ids:Array(UInt128)} AS wanted
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at), registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if(type = 'nl.gebeurtenissen.ingetrokken.v1', data, '')
FROM gebeurtenis
WHERE reinterpretAsUInt128(reverse(UUIDToNum(event_id))) IN wanted AND {upto} AND ({rest} OR (epoch, partition, offset) IN (SELECT epoch, partition, offset
FROM bekend
WHERE event_number IN wanted))
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id

-- MANY_IDS
WITH wanted AS (WITH unhex(concat({ids0:String}, {ids1:String}, {ids2:String}, {ids3:String}, {ids4:String}, {ids5:String}, {ids6:String}, {ids7:String})) AS raw
SELECT arrayJoin(arrayMap(i -> reinterpretAsUInt128(reverse(substring(raw, 16 * i + 1, 16))), range(intDiv(length(raw), 16)))))
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at), registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if(type = 'nl.gebeurtenissen.ingetrokken.v1', data, '')
FROM gebeurtenis
WHERE reinterpretAsUInt128(reverse(UUIDToNum(event_id))) IN wanted AND {upto} AND ({rest} OR (epoch, partition, offset) IN (SELECT epoch, partition, offset
FROM bekend
WHERE event_number IN wanted))
ORDER BY recorded_at, event_id
LIMIT 1 BY event_id
