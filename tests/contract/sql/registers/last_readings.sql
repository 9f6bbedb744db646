-- else
SELECT subject, toInt64(argMax(reading, ranked))
FROM (WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT subject, argMax(value, ver) AS reading, max(ver) AS ranked
FROM (SELECT subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register = 'aanwezig' AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true)
GROUP BY subject, moment
ORDER BY subject, moment)
GROUP BY subject
ORDER BY subject

-- RETRACTED
SELECT subject, toInt64(argMax(reading, ranked))
FROM (WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT subject, argMax(value, ver) AS reading, max(ver) AS ranked
FROM (SELECT subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register = 'aanwezig' AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone)
GROUP BY subject, moment
ORDER BY subject, moment)
GROUP BY subject
ORDER BY subject

-- REST
SELECT subject, toInt64(argMax(reading, ranked))
FROM (WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT subject, argMax(value, ver) AS reading, max(ver) AS ranked
FROM (SELECT subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register = 'aanwezig' AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true
UNION ALL
SELECT subject, effective AS moment, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE effective <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND {rest} AND effective > {after:DateTime64(6, 'UTC')} AND register = 'aanwezig')
GROUP BY subject, moment
ORDER BY subject, moment)
GROUP BY subject
ORDER BY subject

-- LOG_ALONE
SELECT subject, toInt64(argMax(reading, ranked))
FROM (WITH gone AS (SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest})SELECT subject, argMax(value, ver) AS reading, max(ver) AS ranked
FROM (SELECT subject, effective AS moment, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE effective <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND effective > {after:DateTime64(6, 'UTC')} AND register = 'aanwezig')
GROUP BY subject, moment
ORDER BY subject, moment)
GROUP BY subject
ORDER BY subject

-- REST RETRACTED
SELECT subject, toInt64(argMax(reading, ranked))
FROM (WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT subject, argMax(value, ver) AS reading, max(ver) AS ranked
FROM (SELECT subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register = 'aanwezig' AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone
UNION ALL
SELECT subject, effective AS moment, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE effective <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND effective > {after:DateTime64(6, 'UTC')} AND register = 'aanwezig')
GROUP BY subject, moment
ORDER BY subject, moment)
GROUP BY subject
ORDER BY subject

-- REST RETRACTED RETRACTED_IN_REST
SELECT subject, toInt64(argMax(reading, ranked))
FROM (WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
UNION ALL
SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest})SELECT subject, argMax(value, ver) AS reading, max(ver) AS ranked
FROM (SELECT subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register = 'aanwezig' AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone
UNION ALL
SELECT subject, effective AS moment, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE effective <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND effective > {after:DateTime64(6, 'UTC')} AND register = 'aanwezig')
GROUP BY subject, moment
ORDER BY subject, moment)
GROUP BY subject
ORDER BY subject
