-- The retractions of the events with these ids, of whatever source, as they were stored, oldest `time` first.
-- From the log; the tables of retractions and of known ids say where to look in the part that they follow.
{% include "log/_wanted.sql" %}
SELECT event_id, source, type, subject, recorded_at, received_at, data FROM gebeurtenis
WHERE {{ RETRACTION }} AND recorded_at <= {{ K }} AND {upto} AND {{ number("retracts") }} IN wanted AND (
    {rest} OR (epoch, partition, offset) IN (
        SELECT epoch, partition, offset FROM bekend WHERE event_number IN (
            SELECT {{ number("event_id") }} FROM ingetrokken WHERE {{ number("target") }} IN wanted
        )
    )
)
ORDER BY recorded_at, event_id LIMIT 1 BY event_id
