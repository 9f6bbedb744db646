-- Whether there are more of the same events than `count`.
SELECT count() > {count:Int64} FROM (
    SELECT event_id FROM (
        {% include "log/_behind.sql" %}
    ) LIMIT 1 BY event_id LIMIT {most:UInt32}
)
