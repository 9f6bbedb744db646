-- The events with these ids, as they were stored, oldest `time` first.
-- From the log; the table of known ids says where to look in the part that it follows.
{% include "log/_wanted.sql" %}
SELECT event_id, source, type, subject, recorded_at, received_at, data FROM gebeurtenis
WHERE {{ number("event_id") }} IN wanted AND {upto} AND (
    {rest} OR (epoch, partition, offset) IN (SELECT epoch, partition, offset FROM bekend WHERE event_number IN wanted)
)
ORDER BY recorded_at, event_id LIMIT 1 BY event_id
