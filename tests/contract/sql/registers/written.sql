-- else
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT register, subject, argMax(value, ver), max(ver)
FROM (SELECT register, subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register IN {registers:Array(String)} AND subject IN {subjects:Array(String)} AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true)
GROUP BY register, subject, moment
ORDER BY register, subject, moment

-- RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT register, subject, argMax(value, ver), max(ver)
FROM (SELECT register, subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register IN {registers:Array(String)} AND subject IN {subjects:Array(String)} AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone)
GROUP BY register, subject, moment
ORDER BY register, subject, moment

-- REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT register, subject, argMax(value, ver), max(ver)
FROM (SELECT register, subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register IN {registers:Array(String)} AND subject IN {subjects:Array(String)} AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true
UNION ALL
SELECT register, subject, effective AS moment, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE effective <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND {rest} AND effective > {after:DateTime64(6, 'UTC')} AND register IN {registers:Array(String)} AND subject IN {subjects:Array(String)} AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}))
GROUP BY register, subject, moment
ORDER BY register, subject, moment

-- LOG_ALONE
WITH gone AS (SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest})SELECT register, subject, argMax(value, ver), max(ver)
FROM (SELECT register, subject, effective AS moment, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE effective <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND effective > {after:DateTime64(6, 'UTC')} AND register IN {registers:Array(String)} AND subject IN {subjects:Array(String)} AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}))
GROUP BY register, subject, moment
ORDER BY register, subject, moment

-- REST RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')})SELECT register, subject, argMax(value, ver), max(ver)
FROM (SELECT register, subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register IN {registers:Array(String)} AND subject IN {subjects:Array(String)} AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, effective AS moment, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE effective <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND effective > {after:DateTime64(6, 'UTC')} AND register IN {registers:Array(String)} AND subject IN {subjects:Array(String)} AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}))
GROUP BY register, subject, moment
ORDER BY register, subject, moment

-- REST RETRACTED RETRACTED_IN_REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
UNION ALL
SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest})SELECT register, subject, argMax(value, ver), max(ver)
FROM (SELECT register, subject, effective_at AS moment, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE effective_at > {after:DateTime64(6, 'UTC')} AND register IN {registers:Array(String)} AND subject IN {subjects:Array(String)} AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, effective AS moment, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE effective <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND effective > {after:DateTime64(6, 'UTC')} AND register IN {registers:Array(String)} AND subject IN {subjects:Array(String)} AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}))
GROUP BY register, subject, moment
ORDER BY register, subject, moment
