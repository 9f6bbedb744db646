SELECT toUnixTimestamp64Micro(toDateTime64(toStartOfDay(effective_at), 6, 'UTC')) AS day, count()
FROM schrijving
WHERE register = 'aanwezig' AND effective_at > {after:DateTime64(6, 'UTC')} AND effective_at <= {v:DateTime64(6, 'UTC')} AND NOT has({hidden:Array(String)}, subject)
GROUP BY day
ORDER BY day
