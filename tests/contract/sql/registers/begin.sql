-- else
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND true
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND true
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND {rest} AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- KNOWN_BEFORE
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND true
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- LOG_ALONE
WITH gone AS (SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest}), writes AS (SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- REST RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- KNOWN_BEFORE RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- KNOWN_BEFORE REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND true
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND true AND {rest} AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- REST RETRACTED RETRACTED_IN_REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
UNION ALL
SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- KNOWN_BEFORE REST RETRACTED
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject

-- KNOWN_BEFORE REST RETRACTED RETRACTED_IN_REST
WITH gone AS (SELECT target, source
FROM ingetrokken
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
UNION ALL
SELECT retracts, source
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND recorded_at <= {k:DateTime64(6, 'UTC')} AND {rest}), spoiled AS (SELECT register, subject, effective_month, recorded_month
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) IN gone), writes AS (SELECT register, subject, value, ver
FROM cel
WHERE effective_month < toYYYYMM({v:DateTime64(6, 'UTC')}) AND recorded_month < toYYYYMM({k:DateTime64(6, 'UTC')}) AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}) AND (event_id, source) NOT IN gone
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE toYYYYMM(effective_at) = toYYYYMM({v:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({v:DateTime64(6, 'UTC')}) AND toYYYYMM(recorded_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({k:DateTime64(6, 'UTC')}) AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (startsWith(register, 'telregel.')) AND effective_at > {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT register, subject, value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective_at)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(event_id)))))) AS ver
FROM schrijving
WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND effective_at <= {v:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)})
UNION ALL
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id)))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (effective <= {v:DateTime64(6, 'UTC')} OR (startsWith(register, 'telregel.'))) AND recorded_at <= {k:DateTime64(6, 'UTC')} AND (event_id, source) NOT IN gone AND {rest} AND NOT startsWith(register, 'gepubliceerd.') AND ({whole:Bool} OR NOT startsWith(subject, 'LOC-') OR subject IN {only:Array(String)}))
SELECT register, subject, argMax(value, ver), max(ver)
FROM writes
GROUP BY register, subject
