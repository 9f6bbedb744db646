SELECT reinterpretAsUInt128(reverse(UUIDToNum(event_id))) AS event_number, epoch, partition, offset
FROM gebeurtenis
WHERE ${RANGE}
