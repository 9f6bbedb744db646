SELECT register, subject,
       argMax(written, ${VER}) AS value, argMax(gebeurtenis.event_id, ${VER}) AS event_id,
       argMax(gebeurtenis.source, ${VER}) AS source, max(${VER}) AS ver
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE greatest(effective, recorded_at) <= received_at
GROUP BY register, subject
