-- What could not be accepted, newest first, with a number below one and a reason that holds a text: number, place,
-- reason, when it came in, its length, and its first bytes. Number 1 is the oldest, so numbers stay as more come in.
{% set key = "topic, epoch, partition, offset, position" %}
SELECT number, {{ key }}, reason, received_at, length(raw), substring(raw, 1, {bytes:UInt32}) AS beginning
FROM onverwerkbaar FINAL INNER JOIN (
    SELECT {{ key }}, row_number() OVER (ORDER BY received_at, {{ key }}) AS number FROM onverwerkbaar FINAL
) AS numbered USING ({{ key }})
WHERE number < {below:UInt64} AND positionCaseInsensitiveUTF8(reason, {reason:String}) > 0
ORDER BY number DESC LIMIT {count:UInt32}
