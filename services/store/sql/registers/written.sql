-- What some registers of some subjects were said to be at some moments (in microseconds since 1970), or (`always`) at
-- every moment: register, subject, value, ver. Of each moment the greatest write that stands.
-- From the writes to those registers.
{% set about %}
register IN {registers:Array(String)} AND subject IN {subjects:Array(String)}
AND ({always:Bool} OR toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)})
{% endset %}
{% set what, grouped_by = "register, subject, argMax(value, ver), max(ver)", "register, subject" %}
{% include "registers/_steps.sql" %}
