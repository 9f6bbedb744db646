-- else
WITH {ids:Array(UInt128)} AS wanted
SELECT 1
FROM bekend
WHERE event_number IN wanted
LIMIT 1
UNION ALL
SELECT 1
FROM gebeurtenis
PREWHERE {rest}
WHERE reinterpretAsUInt128(reverse(UUIDToNum(event_id))) IN wanted
LIMIT 1

-- MANY_IDS
WITH wanted AS (WITH unhex(concat({ids0:String}, {ids1:String}, {ids2:String}, {ids3:String}, {ids4:String}, {ids5:String}, {ids6:String}, {ids7:String})) AS raw
SELECT arrayJoin(arrayMap(i -> reinterpretAsUInt128(reverse(substring(raw, 16 * i + 1, 16))), range(intDiv(length(raw), 16)))))
SELECT 1
FROM bekend
WHERE event_number IN wanted
LIMIT 1
UNION ALL
SELECT 1
FROM gebeurtenis
PREWHERE {rest}
WHERE reinterpretAsUInt128(reverse(UUIDToNum(event_id))) IN wanted
LIMIT 1
