SELECT retracts AS target, source, recorded_at, event_id
FROM gebeurtenis
WHERE retracts != toUUID('00000000-0000-0000-0000-000000000000') AND ${RANGE}
