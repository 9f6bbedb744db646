-- The writes about `about` that are in force at (V, K), or once were, as `writes`: register, subject, value, ver.
-- A cell of `cel` holds the greatest write of one month of V and one month of K. So whole months come from `cel`, the
-- month of V and the month of K come write by write from `schrijving`, and what the tables do not hold yet from the log.
{% set known %}effective_at <= {{ V }} AND recorded_at <= {{ K }} AND {{ stands }} AND {{ about }}{% endset %}
{% set whole_months %}
effective_month < toYYYYMM({{ V }}) AND recorded_month < toYYYYMM({{ K }}) AND {{ about }}
{% endset %}
{% set rest_of_log %}
SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value,
       {{ VER_IN_LOG }} AS ver
{{ WRITES_IN_LOG }}
WHERE (effective <= {{ V }} OR {{ LENS }}) AND recorded_at <= {{ K }} AND {{ stands }} AND {rest} AND {{ about }}
{% endset %}
{% include "registers/_gone.sql" %}
{% if LOG_ALONE %}
, writes AS ({{ rest_of_log }})
{% else %}
{% if RETRACTED %}
, spoiled AS (
    SELECT register, subject, effective_month, recorded_month FROM cel
    WHERE {{ whole_months }} AND (event_id, source) IN gone
)
{% endif %}
, writes AS (
    -- The full months of V and K.
    SELECT register, subject, value, ver FROM cel
    WHERE {{ whole_months }} AND {{ stands }}
    UNION ALL
    -- The month of V.
    SELECT register, subject, value, {{ VER }} AS ver FROM schrijving
    WHERE toYYYYMM(effective_at) = toYYYYMM({{ V }}) AND {{ known }}
    UNION ALL
    -- The month of K: what was recorded in it about other months …
    SELECT register, subject, value, {{ VER }} AS ver FROM schrijving
    WHERE late = 1 AND toYYYYMM(effective_at) < toYYYYMM({{ V }}) AND toYYYYMM(recorded_at) = toYYYYMM({{ K }})
      AND {{ known }}
    {% if KNOWN_BEFORE %}
    UNION ALL
    -- … and about itself.
    SELECT register, subject, value, {{ VER }} AS ver FROM schrijving
    WHERE late = 0 AND toYYYYMM(effective_at) = toYYYYMM({{ K }}) AND {{ known }}
    {% endif %}
    UNION ALL
    -- What counts whatever V is.
    SELECT register, subject, value, {{ VER }} AS ver FROM schrijving
    WHERE {{ LENS }} AND effective_at > {{ V }} AND recorded_at <= {{ K }} AND {{ stands }} AND {{ about }}
    {% if RETRACTED %}
    UNION ALL
    -- Cells whose greatest write was retracted: all their writes.
    SELECT register, subject, value, {{ VER }} AS ver FROM schrijving
    WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND {{ known }}
    {% endif %}
    {% if REST %}
    UNION ALL
    {{ rest_of_log }}
    {% endif %}
)
{% endif %}
