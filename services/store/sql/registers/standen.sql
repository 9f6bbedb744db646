-- What sums over locaties at (V, K) are made of. Each locatie gives one row: '', and then numbers in the order of
-- services.core.standen, after whether it is to be left out. Everything else gives a row of its subject, with all of
-- its writes as JSON.
-- From the writes that count in a sum. The winning values are w0 (the registration), w1 (open), w2 (people present),
-- w3 and on (the places of each soort).
{% set of_locatie = "startsWith(subject, '" ~ LOCATIE ~ "')" %}
{% set about %}
register NOT IN ('{{ NOT_COUNTED | join("', '") }}') AND NOT ({{ PUBLISHED }} AND {{ of_locatie }})
{% endset %}
{% set places = range(3, COUNTED | length) %}
{% include "registers/_writes.sql" %}
SELECT
    about,
    toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law)),
    left_out,
    if(w0 = '', {{ UNKNOWN }}, toInt64OrZero(substring(JSONExtractString(w0, 'gemeente'), 3))),
    toInt64(w0 != '' AND w1 = 'true'),
    if(w2 = '', {{ UNKNOWN }}, toInt64OrZero(w2)),
    toInt64(bitShiftRight(reading, 192)),
    if(w1 = 'false', toInt64(bitShiftRight(opened, 192)), {{ UNKNOWN }})
    {% for n in places %}
    , if(w{{ n }} = '', {{ UNKNOWN }}, simpleJSONExtractInt(w{{ n }}, 'aantal'))
    {% endfor %}
    {% for n in places %}
    , if(w{{ n }} = '', {{ UNKNOWN }}, simpleJSONExtractInt(w{{ n }}, 'inzetbaar'))
    {% endfor %}
    {% for n in places %}
    {% set until = "simpleJSONExtractString(w" ~ n ~ ", 'geldigTot')" %}
    , if(
        {{ until }} = '',
        toInt64({{ NEVER }}),
        toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero({{ until }}, 6, 'UTC'))
    )
    {% endfor %}
    {% for n in places %}
    {% set since = "simpleJSONExtractString(w" ~ n ~ ", 'beschikbaarVanaf')" %}
    , multiIf(
        w{{ n }} = '',
        {{ UNKNOWN }},
        {{ since }} = '',
        toInt64(bitShiftRight(ver{{ n }}, 192)),
        toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero({{ since }}, 6, 'UTC'))
    )
    {% endfor %}
FROM (
    SELECT
        if({{ of_locatie }}, '', subject) AS about,
        has({hidden:Array(String)}, subject) AS left_out,
        groupArrayIf((register, value, ver), NOT {{ of_locatie }}) AS law
        {% for register in COUNTED %}
        , argMaxIf(value, ver, register = '{{ register }}') AS w{{ loop.index0 }}
        {% endfor %}
        {% for n in places %}
        , maxIf(ver, register = '{{ COUNTED[n] }}') AS ver{{ n }}
        {% endfor %}
        , maxIf(ver, register = '{{ Register.AANWEZIG.stored() }}') AS reading
        , maxIf(ver, register = '{{ Register.OPEN.stored() }}') AS opened
    FROM writes GROUP BY subject
)
