-- A page of the log, oldest `time` first: its events as they were stored.
-- From the log; the order of `time` says where to look in the part that it follows.
{% set on_page %}
recorded_at <= {{ K }}
AND ({after_time:DateTime64(6, 'UTC')}, {after_id:UUID}) < (recorded_at, event_id)
AND ({subject:String} = '' OR subject = {subject:String})
AND ({type:String} = '' OR type = {type:String})
AND ({source:String} = '' OR source = {source:String})
AND {% include "log/_shown.sql" %}
{% endset %}
{% set first = "ORDER BY recorded_at, event_id LIMIT 1 BY event_id LIMIT {count:UInt32}" %}
SELECT event_id, source, type, subject, recorded_at, received_at, data FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (
    SELECT epoch, partition, offset, event_id FROM (
        SELECT recorded_at, event_id, epoch, partition, offset FROM volgorde
        WHERE {{ on_page }} AND {upto} {{ first }}
        UNION ALL
        SELECT recorded_at, event_id, epoch, partition, offset FROM gebeurtenis
        WHERE {{ on_page }} AND {rest} {{ first }}
    ) {{ first }}
) {{ first }}
