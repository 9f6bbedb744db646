SELECT event, epoch, offset
FROM alarm FINAL
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
ORDER BY recorded_at, event_id
