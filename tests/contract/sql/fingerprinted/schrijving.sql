SELECT register, toYYYYMM(recorded_at) != toYYYYMM(effective) AS late, subject, effective AS effective_at, recorded_at,
       event_id, source, written AS value
FROM gebeurtenis
ARRAY JOIN registers AS register, effective_at AS effective, value AS written
WHERE ${RANGE}
