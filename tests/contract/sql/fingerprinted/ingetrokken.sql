SELECT retracts AS target, source, recorded_at, event_id
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND ${RANGE}
