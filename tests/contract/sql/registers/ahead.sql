-- else
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, source
FROM schrijving
WHERE if((startsWith(register, 'telregel.')), recorded_at, greatest(effective_at, recorded_at)) > {k:DateTime64(6, 'UTC')} AND true

-- RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, source
FROM schrijving
WHERE if((startsWith(register, 'telregel.')), recorded_at, greatest(effective_at, recorded_at)) > {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone

-- REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, source
FROM schrijving
WHERE if((startsWith(register, 'telregel.')), recorded_at, greatest(effective_at, recorded_at)) > {k:DateTime64(6, 'UTC')} AND true
UNION ALL
SELECT register, subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver, source
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE if((startsWith(register, 'telregel.')), recorded_at, greatest(effective, recorded_at)) > {k:DateTime64(6, 'UTC')} AND true AND {rest}

-- LOG_ALONE
WITH gone AS (SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest})SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, source
FROM schrijving
WHERE if((startsWith(register, 'telregel.')), recorded_at, greatest(effective_at, recorded_at)) > {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone

-- REST RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, source
FROM schrijving
WHERE if((startsWith(register, 'telregel.')), recorded_at, greatest(effective_at, recorded_at)) > {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver, source
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE if((startsWith(register, 'telregel.')), recorded_at, greatest(effective, recorded_at)) > {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest}

-- REST RETRACTED RETRACTED_IN_REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
UNION ALL
SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest})SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver, source
FROM schrijving
WHERE if((startsWith(register, 'telregel.')), recorded_at, greatest(effective_at, recorded_at)) > {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver, source
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE if((startsWith(register, 'telregel.')), recorded_at, greatest(effective, recorded_at)) > {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest}
