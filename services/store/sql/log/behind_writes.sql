-- The same events, each with its writes; of a retraction also what it says. Moments in microseconds since 1970: reading
-- them so takes a fifth of the time.
SELECT toString(event_id), source, type, subject, toUnixTimestamp64Micro(recorded_at), toUnixTimestamp64Micro(received_at),
       registers, arrayMap(one -> toUnixTimestamp64Micro(one), effective_at), value, if({{ RETRACTION }}, data, '')
FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (
    {% include "log/_behind.sql" %}
)
ORDER BY recorded_at, event_id LIMIT 1 BY event_id
