-- The ids to look for, as numbers, as `wanted`.
-- A few are a list: that takes half the time. Many are their hexadecimal digits: those are read six times as fast.
WITH
{% if MANY_IDS %}
wanted AS (
    WITH unhex(concat(
        {ids0:String}, {ids1:String}, {ids2:String}, {ids3:String}, {ids4:String}, {ids5:String}, {ids6:String}, {ids7:String}
    )) AS raw
    SELECT arrayJoin(arrayMap(
        i -> reinterpretAsUInt128(reverse(substring(raw, 16 * i + 1, 16))), range(intDiv(length(raw), 16))
    ))
)
{% else %}
{ids:Array(UInt128)} AS wanted
{% endif %}
