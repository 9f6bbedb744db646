-- The writes that are not in force yet at V = K: register, subject, value, ver, source. Retracted ones are left out.
-- From the table of writes and the rest of the log. It is asked of now only, so never of the log alone.
{% include "registers/_gone.sql" %}
SELECT register, subject, value, {{ VER }} AS ver, source FROM schrijving
WHERE if({{ LENS }}, recorded_at, greatest(effective_at, recorded_at)) > {{ K }} AND {{ stands }}
{% if REST %}
UNION ALL
SELECT register, subject, written AS value, {{ VER_IN_LOG }} AS ver, source {{ WRITES_IN_LOG }}
WHERE if({{ LENS }}, recorded_at, greatest(effective, recorded_at)) > {{ K }} AND {{ stands }} AND {rest}
{% endif %}
