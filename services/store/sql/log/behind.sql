-- The first events about some subjects, and about all whose name begins so ('': none), with their retractions.
SELECT event_id, source, type, subject, recorded_at, received_at, data FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (
    {% include "log/_behind.sql" %}
)
ORDER BY recorded_at, event_id LIMIT 1 BY event_id LIMIT {count:UInt32}
