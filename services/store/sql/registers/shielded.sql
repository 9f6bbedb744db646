-- The registrations of each locatie by each source: whether any ever said that it is afgeschermd, retracted ones too,
-- and the one in force at V = K: its value and its ver, 0 when there is none.
-- From the table of writes and the rest of the log. It is asked of now only, so never of the log alone.
{% include "registers/_gone.sql" %}
SELECT subject, source, max(shields), argMaxIf(value, ver, stands), maxIf(ver, stands) FROM (
    SELECT toString(subject) AS subject, toString(source) AS source, value, {{ VER }} AS ver,
           JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd' AS shields,
           effective_at <= {{ K }} AND recorded_at <= {{ K }} AND {{ stands }} AS stands
    FROM schrijving WHERE register = '{{ Register.REGISTRATIE.stored() }}'
    {% if REST %}
    UNION ALL
    SELECT subject, source, written AS value, {{ VER_IN_LOG }} AS ver,
           JSONExtractString(written, 'zichtbaarheid') = 'afgeschermd' AS shields,
           effective <= {{ K }} AND recorded_at <= {{ K }} AND {{ stands }} AS stands
    {{ WRITES_IN_LOG }}
    WHERE register = '{{ Register.REGISTRATIE.stored() }}' AND {rest}
    {% endif %}
) GROUP BY subject, source
