SELECT number, topic, epoch, partition, offset, position, reason, received_at, length(raw), substring(raw, 1, {bytes:UInt32}) AS beginning
FROM onverwerkbaar FINAL
INNER JOIN (SELECT topic, epoch, partition, offset, position, row_number() OVER (ORDER BY received_at, topic, epoch, partition, offset, position) AS number
FROM onverwerkbaar FINAL) AS numbered USING (topic, epoch, partition, offset, position)
WHERE number < {below:UInt64} AND positionCaseInsensitiveUTF8(reason, {reason:String}) > 0
ORDER BY number DESC
LIMIT {count:UInt32}
