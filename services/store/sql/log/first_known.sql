-- When the first of the stored events was logged by its source, without those of some locaties and some types.
-- A retraction may bear any `time`, and says nothing by itself.
SELECT min(recorded_at) FROM gebeurtenis
WHERE length(registers) > 0
{% if HIDDEN %}
AND NOT has({hidden:Array(String)}, subject) AND NOT has({hidden:Array(String)}, type)
{% endif %}
