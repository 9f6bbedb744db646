-- The subjects with a write, retracted or not, that has one of some codes in it and that may name a gemeente.
-- From the table of writes and the rest of the log.
{% set names_a_gemeente -%}
({% for one in Register if one.declared.gemeente %}{{ "" if loop.first else " OR " }}startsWith(register, '{{ one.declared.name }}'){% endfor %})
{%- endset %}
SELECT DISTINCT subject FROM (
    SELECT toString(subject) AS subject, toString(register) AS name, value FROM schrijving WHERE {{ names_a_gemeente }}
    UNION ALL
    SELECT subject, register AS name, written AS value {{ WRITES_IN_LOG }} WHERE {{ names_a_gemeente }} AND {rest}
) WHERE arrayExists(code -> position(value, code) > 0 OR endsWith(name, code), {codes:Array(String)})
