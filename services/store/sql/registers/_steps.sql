-- The writes about `about` that take effect after a moment, until V: `what`, for each `grouped_by` one for each moment.
-- From the table of writes and the rest of the log, or from the log alone.
{% set rest_of_log %}
SELECT {{ grouped_by }}, effective AS moment, written AS value, {{ VER_IN_LOG }} AS ver
{{ WRITES_IN_LOG }}
WHERE effective <= {{ V }} AND recorded_at <= {{ K }} AND {{ stands }} AND {rest} AND effective > {{ AFTER }} AND {{ about }}
{% endset %}
{% include "registers/_gone.sql" %}
SELECT {{ what }} FROM (
    {% if LOG_ALONE %}
    {{ rest_of_log }}
    {% else %}
    SELECT {{ grouped_by }}, effective_at AS moment, value, {{ VER }} AS ver FROM schrijving
    WHERE effective_at > {{ AFTER }} AND {{ about }} AND effective_at <= {{ V }} AND recorded_at <= {{ K }} AND {{ stands }}
    {% if REST %}
    UNION ALL
    {{ rest_of_log }}
    {% endif %}
    {% endif %}
)
GROUP BY {{ grouped_by }}, moment ORDER BY {{ grouped_by }}, moment
