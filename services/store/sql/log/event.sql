-- One event of the log, as it was stored.
-- From the log; the table of known ids says where to look in the part that it follows.
SELECT event_id, source, type, subject, recorded_at, received_at, data FROM gebeurtenis
WHERE event_id = {id:UUID} AND recorded_at <= {{ K }} AND {upto} AND {% include "log/_shown.sql" %}
  AND ({rest} OR
    (epoch, partition, offset) IN (SELECT epoch, partition, offset FROM bekend WHERE event_number = {number:UInt128}))
ORDER BY epoch, partition, offset LIMIT 1
