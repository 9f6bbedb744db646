SELECT register, subject, effective AS effective_at, recorded_at, event_id, source, written AS value,
       epoch, partition, offset
FROM gebeurtenis
ARRAY JOIN registers AS register, effective_at AS effective, value AS written
