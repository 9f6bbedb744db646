-- else
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT subject, source, max(shields), argMaxIf(value, ver, stands), maxIf(ver, stands)
FROM (SELECT toString(subject) AS subject, toString(source) AS source, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd' AS shields, effective_at <= {k:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AS stands
FROM schrijving
WHERE register = 'registratie')
GROUP BY subject, source

-- RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT subject, source, max(shields), argMaxIf(value, ver, stands), maxIf(ver, stands)
FROM (SELECT toString(subject) AS subject, toString(source) AS source, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd' AS shields, effective_at <= {k:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AS stands
FROM schrijving
WHERE register = 'registratie')
GROUP BY subject, source

-- REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT subject, source, max(shields), argMaxIf(value, ver, stands), maxIf(ver, stands)
FROM (SELECT toString(subject) AS subject, toString(source) AS source, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd' AS shields, effective_at <= {k:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AS stands
FROM schrijving
WHERE register = 'registratie'
UNION ALL
SELECT subject, source, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver, JSONExtractString(written, 'zichtbaarheid') = 'afgeschermd' AS shields, effective <= {k:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AS stands
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE register = 'registratie' AND {rest})
GROUP BY subject, source

-- LOG_ALONE
WITH gone AS (SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest})SELECT subject, source, max(shields), argMaxIf(value, ver, stands), maxIf(ver, stands)
FROM (SELECT toString(subject) AS subject, toString(source) AS source, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd' AS shields, effective_at <= {k:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AS stands
FROM schrijving
WHERE register = 'registratie')
GROUP BY subject, source

-- REST RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT subject, source, max(shields), argMaxIf(value, ver, stands), maxIf(ver, stands)
FROM (SELECT toString(subject) AS subject, toString(source) AS source, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd' AS shields, effective_at <= {k:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AS stands
FROM schrijving
WHERE register = 'registratie'
UNION ALL
SELECT subject, source, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver, JSONExtractString(written, 'zichtbaarheid') = 'afgeschermd' AS shields, effective <= {k:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AS stands
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE register = 'registratie' AND {rest})
GROUP BY subject, source

-- REST RETRACTED RETRACTED_IN_REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
UNION ALL
SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest})SELECT subject, source, max(shields), argMaxIf(value, ver, stands), maxIf(ver, stands)
FROM (SELECT toString(subject) AS subject, toString(source) AS source, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd' AS shields, effective_at <= {k:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AS stands
FROM schrijving
WHERE register = 'registratie'
UNION ALL
SELECT subject, source, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver, JSONExtractString(written, 'zichtbaarheid') = 'afgeschermd' AS shields, effective <= {k:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AS stands
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE register = 'registratie' AND {rest})
GROUP BY subject, source
