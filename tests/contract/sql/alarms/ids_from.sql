SELECT event_id
FROM alarm
WHERE recorded_at >= {k:DateTime64(6, 'UTC')}
