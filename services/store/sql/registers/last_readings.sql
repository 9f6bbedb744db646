-- The people present at V, of each locatie with a reading after a moment: subject, and how many.
-- From the writes to the people present.
{% set about = "register = '" ~ Register.AANWEZIG.stored() ~ "'" %}
{% set what, grouped_by = "subject, argMax(value, ver) AS reading, max(ver) AS ranked", "subject" %}
SELECT subject, toInt64(argMax(reading, ranked)) FROM (
    {% include "registers/_steps.sql" %}
) GROUP BY subject ORDER BY subject
