-- The people present, of some locaties or everywhere, after a moment and until V: of each locatie its peilmomenten in
-- order, in microseconds since 1970, and the people at each.
-- From the writes to the people present.
{% set about %}
register = '{{ Register.AANWEZIG.stored() }}' AND ({everywhere:Bool} OR subject IN {locaties:Array(String)})
{% endset %}
{% set what = "subject, (toUnixTimestamp64Micro(moment), toInt64(argMax(value, ver))) AS reading" %}
{% set grouped_by = "subject" %}
SELECT subject, arrayMap(one -> one.1, found), arrayMap(one -> one.2, found) FROM (
    SELECT subject, arraySort(groupArray(reading)) AS found FROM (
        {% include "registers/_steps.sql" %}
    ) GROUP BY subject
) ORDER BY subject
