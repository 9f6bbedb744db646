-- The events with these ids, each with its writes; of a retraction also what it says. See `behind_writes.sql`.
{% include "log/_wanted.sql" %}
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at),
       registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if({{ RETRACTION }}, data, '')
FROM gebeurtenis
WHERE {{ number("event_id") }} IN wanted AND {upto} AND (
    {rest} OR (epoch, partition, offset) IN (SELECT epoch, partition, offset FROM bekend WHERE event_number IN wanted)
)
ORDER BY recorded_at, event_id LIMIT 1 BY event_id
