-- else
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND true
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND true
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND {rest} AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- KNOWN_BEFORE
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND true
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- LOG_ALONE
WITH gone AS (SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest}), writes AS (SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- REST RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- KNOWN_BEFORE RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- KNOWN_BEFORE REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND true
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND {rest} AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- REST RETRACTED RETRACTED_IN_REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
UNION ALL
SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- KNOWN_BEFORE REST RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)

-- KNOWN_BEFORE REST RETRACTED RETRACTED_IN_REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
UNION ALL
SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-'))
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND register NOT IN ('toegang', 'maximum') AND NOT (startsWith(register, 'gepubliceerd.') AND startsWith(subject, 'LOC-')))
SELECT about, toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)), left_out, if(w0 = '', -1, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))), toInt64(w0 != '' AND w1 = 'true'), if(w2 = '', -1, toInt64OrZero(w2)), toInt64(bitShiftRight(reading, 192)), if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), -1), if(w3 = '', -1, simpleJSONExtractInt(w3, 'aantal')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'aantal')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'aantal')), if(w3 = '', -1, simpleJSONExtractInt(w3, 'inzetbaar')), if(w4 = '', -1, simpleJSONExtractInt(w4, 'inzetbaar')), if(w5 = '', -1, simpleJSONExtractInt(w5, 'inzetbaar')), if(simpleJSONExtractString(w3, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w4, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'geldigTot'), 6, 'UTC'))), if(simpleJSONExtractString(w5, 'geldigTot') = '', toInt64(9223372036854775807), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'geldigTot'), 6, 'UTC'))), multiIf(w3 = '', -1, simpleJSONExtractString(w3, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver3, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w3, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w4 = '', -1, simpleJSONExtractString(w4, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver4, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w4, 'beschikbaarVanaf'), 6, 'UTC'))), multiIf(w5 = '', -1, simpleJSONExtractString(w5, 'beschikbaarVanaf') = '', toInt64(bitShiftRight(ver5, 192)), toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(simpleJSONExtractString(w5, 'beschikbaarVanaf'), 6, 'UTC')))
FROM (SELECT if(startsWith(subject, 'LOC-'), '', subject) AS about, has({hidden:Array(String)}, subject) AS left_out, groupArrayIf((register, value, ver), NOT startsWith(subject, 'LOC-')) AS law, argMaxIf(value, ver, register = 'registratie') AS w0, argMaxIf(value, ver, register = 'open') AS w1, argMaxIf(value, ver, register = 'aanwezig') AS w2, argMaxIf(value, ver, register = 'plaatsen.regulier') AS w3, argMaxIf(value, ver, register = 'plaatsen.nood') AS w4, argMaxIf(value, ver, register = 'plaatsen.amv') AS w5, maxIf(ver, register = 'plaatsen.regulier') AS ver3, maxIf(ver, register = 'plaatsen.nood') AS ver4, maxIf(ver, register = 'plaatsen.amv') AS ver5, maxIf(ver, register = 'aanwezig') AS reading, maxIf(ver, register = 'open') AS opened
FROM writes
GROUP BY subject)
