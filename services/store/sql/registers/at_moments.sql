-- What was said of some moments (in microseconds since 1970), of every subject: register, subject, value, ver.
-- From the writes to the registers that are about one moment.
{% set about %}
({% for register in OF_MOMENT %}
register = '{{ register.declared.name }}' OR startsWith(register, '{{ register.prefix() }}')
{{ "" if loop.last else " OR " }}
{% endfor %}) AND toUnixTimestamp64Micro(moment) IN {moments:Array(Int64)}
{% endset %}
{% set what, grouped_by = "register, subject, argMax(value, ver), max(ver)", "register, subject" %}
{% include "registers/_steps.sql" %}
