-- The first events about some subjects, and about all whose name begins so ('': none), with their retractions.
-- From the log; the order of `time` says where to look in the part that it follows.
{% set subjects %}
(subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
{% endset %}
{% set behind %}
recorded_at <= {{ K }} AND {% include "log/_shown.sql" %}
AND ({{ subjects }} OR ({{ RETRACTION }} AND event_id IN {{ retractions_of(subjects) }}))
{% endset %}
SELECT event_id, source, type, subject, recorded_at, received_at, data FROM gebeurtenis
WHERE (epoch, partition, offset, event_id) IN (
    SELECT epoch, partition, offset, event_id FROM volgorde WHERE {{ behind }} AND {upto}
    UNION ALL
    SELECT epoch, partition, offset, event_id FROM gebeurtenis WHERE {{ behind }} AND {rest}
)
ORDER BY recorded_at, event_id LIMIT 1 BY event_id LIMIT {count:UInt32}
