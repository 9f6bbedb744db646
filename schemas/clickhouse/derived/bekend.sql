SELECT reinterpretAsUInt128(reverse(UUIDToNum(event_id))) AS event_number, recorded_at, digest, received_at, epoch, partition, offset
FROM gebeurtenis
