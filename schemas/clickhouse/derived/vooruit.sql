SELECT greatest(effective, recorded_at) AS starts_at, register, subject, written AS value, event_id, source,
       ${VER} AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, effective_at AS effective, value AS written
WHERE greatest(effective, recorded_at) > received_at
