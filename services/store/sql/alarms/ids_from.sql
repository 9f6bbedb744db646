-- The ids of the events about alarms with this `time` or a later one.
SELECT event_id FROM alarm WHERE recorded_at >= {{ K }}
