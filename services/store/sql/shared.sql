-- What several questions share. Every name and macro here may be used in any file, as it stands.

-- The (V, K) of a question, and the moment after which it looks.
{% set V = "{v:DateTime64(6, 'UTC')}" %}
{% set K = "{k:DateTime64(6, 'UTC')}" %}
{% set AFTER = "{after:DateTime64(6, 'UTC')}" %}

{% set RETRACTION = "type = '" ~ RETRACTION_TYPE ~ "'" %}

-- The order (effective_at, recorded_at, event_id) as one comparable UInt256.
-- ClickHouse compares UUIDs by their second half first; UUIDToNum gives them in the order of their text.
-- One number in argMax is 2 to 3 times as fast as a tuple. It is right for moments after 1970; events name none before 2010.
{% macro ver(effective_at, recorded_at, event_id) -%}
    bitOr(
        bitShiftLeft(toUInt256(toUnixTimestamp64Micro({{ effective_at }})), 192),
        bitOr(
            bitShiftLeft(toUInt256(toUnixTimestamp64Micro({{ recorded_at }})), 128),
            toUInt256({{ number(event_id) }})
        )
    )
{%- endmacro %}

-- An id as a number, in the order of its text.
{% macro number(id) %}reinterpretAsUInt128(reverse(UUIDToNum({{ id }}))){% endmacro %}

-- The `ver` of a write, in the table of writes and in the log.
{% set VER = ver("effective_at", "recorded_at", "event_id") %}
{% set VER_IN_LOG = ver("effective", "recorded_at", "gebeurtenis.event_id") %}

-- Every subject, or every subject that is no locatie and some locaties.
{% set ONLY = "({whole:Bool} OR NOT startsWith(subject, '" ~ LOCATIE ~ "') OR subject IN {only:Array(String)})" %}

-- The log, with a row for each write of each event.
{% set WRITES_IN_LOG = "FROM gebeurtenis ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written" %}

-- What others published.
{% set PUBLISHED = "startsWith(register, '" ~ Register.GEPUBLICEERD.prefix() ~ "')" %}

-- A write that counts whatever V is: a way of looking, not a fact of the world.
{% set LENS %}({% for register in LENSES %}startsWith(register, '{{ register.prefix() }}'){{ "" if loop.last else " OR " }}{% endfor %}){% endset %}

-- The ids of the events about some subjects.
{% macro events_of(subjects) %}
(
    SELECT event_id FROM volgorde WHERE {{ subjects }}
    UNION ALL
    SELECT event_id FROM gebeurtenis WHERE {{ subjects }} AND {beyond}
)
{% endmacro %}

-- The ids of the retractions of events about some subjects. A retraction may stand under any subject.
{% macro retractions_of(subjects) %}
(
    SELECT event_id FROM ingetrokken WHERE target IN {{ events_of(subjects) }}
    UNION ALL
    SELECT event_id FROM gebeurtenis WHERE {{ RETRACTION }} AND {beyond} AND retracts IN {{ events_of(subjects) }}
)
{% endmacro %}

-- Whether a row lies before or after a key of (name, type, value), or at it. The comparison is spelled out, so that the
-- index of the table serves it.
{% macro compared(key, sign) -%}
    {% set name, type, value = key[0] %}
    {% set literal = "CAST('" ~ (value | escaped) ~ "', '" ~ type ~ "')" %}
    {% if key | length == 1 %}
        {{ name }} {{ sign }} {{ literal }}
    {% else %}
        ({{ name }} {{ sign[0] }} {{ literal }} OR ({{ name }} = {{ literal }} AND {{ compared(key[1:], sign) }}))
    {% endif %}
{%- endmacro %}

-- The rows of a backup's part: within a condition, after a key (if any), up to a key (if any).
{% macro piece(within, after, last) -%}
    {{ within }}
    {% if after %} AND {{ compared(after, ">") }} {% endif %}
    {% if last %} AND {{ compared(last, "<=") }} {% endif %}
{%- endmacro %}
