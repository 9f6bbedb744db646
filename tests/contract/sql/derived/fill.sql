-- table: schrijving
-- into: schrijving_nieuw
INSERT INTO schrijving_nieuw
SELECT register, toYYYYMM(recorded_at) != toYYYYMM(effective) AS late, subject, effective AS effective_at, recorded_at, event_id, source, written AS value
FROM gebeurtenis
ARRAY JOIN registers AS register, effective_at AS effective, value AS written
WHERE {rest}
SETTINGS min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 268435456

-- table: cel
-- into: cel_nieuw
INSERT INTO cel_nieuw
SELECT register, toYYYYMM(effective) AS effective_month, toYYYYMM(recorded_at) AS recorded_month, subject, argMax(written, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id))))))) AS value, argMax(gebeurtenis.event_id, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id))))))) AS event_id, argMax(gebeurtenis.source, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id))))))) AS source, max(bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(effective)), 192), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro(recorded_at)), 128), toUInt256(reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id))))))) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE {rest}
GROUP BY register, effective_month, recorded_month, subject
SETTINGS min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 268435456

-- table: ingetrokken
-- into: ingetrokken_nieuw
INSERT INTO ingetrokken_nieuw
SELECT retracts AS target, source, recorded_at, event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {rest}
SETTINGS min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 268435456

-- table: bekend
-- into: bekend_nieuw
INSERT INTO bekend_nieuw
SELECT reinterpretAsUInt128(reverse(UUIDToNum(event_id))) AS event_number, epoch, partition, offset
FROM gebeurtenis
WHERE {rest}
SETTINGS min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 268435456

-- table: volgorde
-- into: volgorde_nieuw
INSERT INTO volgorde_nieuw
SELECT recorded_at, event_id, subject, type, source, epoch, partition, offset
FROM gebeurtenis
WHERE {rest}
SETTINGS min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 268435456

-- table: positie
-- into: positie_nieuw
INSERT INTO positie_nieuw
SELECT epoch, partition, source, max(offset) AS last, maxIf(received_at, recorded_at < received_at - INTERVAL 1 DAY) AS imported_at
FROM gebeurtenis
WHERE {rest}
GROUP BY epoch, partition, source
SETTINGS min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 268435456
