SELECT recorded_at, event_id, subject, type, source, epoch, partition, offset
FROM gebeurtenis
WHERE ${RANGE}
