-- Whether the log holds any of these ids. Mostly it holds none.
-- From the table of known ids and the rest of the log.
{% include "log/_wanted.sql" %}
SELECT 1 FROM bekend WHERE event_number IN wanted LIMIT 1
UNION ALL
SELECT 1 FROM gebeurtenis PREWHERE {rest} WHERE {{ number("event_id") }} IN wanted LIMIT 1
