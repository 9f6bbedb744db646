SELECT reinterpretAsUInt128(reverse(UUIDToNum(gebeurtenis.event_id))) AS event_number, event_id, recorded_at
FROM gebeurtenis
