-- The retracted events at K, as `gone`: (id, source). From the tables and the rest of the log, or from the log alone.
WITH gone AS (
    {% if LOG_ALONE %}
    SELECT retracts, source FROM gebeurtenis WHERE {{ RETRACTION }} AND recorded_at <= {{ K }} AND {rest}
    {% else %}
    SELECT target, source FROM ingetrokken WHERE recorded_at <= {{ K }}
    {% if RETRACTED_IN_REST %}
    UNION ALL
    SELECT retracts, source FROM gebeurtenis WHERE {{ RETRACTION }} AND recorded_at <= {{ K }} AND {rest}
    {% endif %}
    {% endif %}
)
