SELECT register, toYYYYMM(effective) AS effective_month, toYYYYMM(recorded_at) AS recorded_month, subject,
       argMax(written, ${VER}) AS value, argMax(gebeurtenis.event_id, ${VER}) AS event_id,
       argMax(gebeurtenis.source, ${VER}) AS source, max(${VER}) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE ${RANGE}
GROUP BY register, effective_month, recorded_month, subject
