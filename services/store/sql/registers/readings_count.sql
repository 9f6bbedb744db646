-- About how many readings each day has after a moment, until V: the day (microseconds since 1970), the count.
-- From the table of writes alone, so retracted readings count too, and those that only the log holds do not. Some locaties are left out.
SELECT toUnixTimestamp64Micro(toDateTime64(toStartOfDay(effective_at), 6, 'UTC')) AS day, count() FROM schrijving
WHERE register = '{{ Register.AANWEZIG.stored() }}' AND effective_at > {{ AFTER }} AND effective_at <= {{ V }}
AND NOT has({hidden:Array(String)}, subject)
GROUP BY day ORDER BY day
