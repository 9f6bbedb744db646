-- Every event about alarms that is known at K, oldest `time` first, and where it stood on its topic.
SELECT event, epoch, offset FROM alarm FINAL WHERE recorded_at <= {{ K }} ORDER BY recorded_at, event_id
