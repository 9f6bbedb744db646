-- Of these ids those that the log holds, and what their events say.
-- From the log; the table of known ids says where to look in the part that it follows.
{% include "log/_wanted.sql" %}
SELECT event_id, source, type, subject, recorded_at, data FROM gebeurtenis
WHERE {{ number("event_id") }} IN wanted AND (
    {rest} OR (epoch, partition, offset) IN (SELECT epoch, partition, offset FROM bekend WHERE event_number IN wanted)
)
LIMIT 1 BY event_id
