-- Which events are behind a figure: those about some subjects, and about all whose name begins so ('': none), with their
-- retractions. Where they stand, as `places`: from the order of `time`, and from the part of the log beyond it.
{% set subjects %}
(subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))
{% endset %}
{% set behind %}
recorded_at <= {{ K }} AND {% include "log/_shown.sql" %}
AND ({{ subjects }}{% if RETRACTED %} OR ({{ RETRACTION }} AND event_id IN {{ retractions_of(subjects) }}){% endif %})
{% endset %}
SELECT epoch, partition, offset, event_id FROM volgorde WHERE {{ behind }} AND {upto}
UNION ALL
SELECT epoch, partition, offset, event_id FROM gebeurtenis WHERE {{ behind }} AND {rest}
