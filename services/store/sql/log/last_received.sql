-- When the last of the stored events came in. Only the end of each partition is read, unless some locaties are left out.
SELECT max(received_at) FROM gebeurtenis WHERE
{% if HIDDEN %}
NOT has({hidden:Array(String)}, subject)
{% else %}
{ends}
{% endif %}
