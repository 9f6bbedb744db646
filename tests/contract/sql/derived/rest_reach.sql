SELECT epoch, partition, source, max(offset) AS last, maxIf(received_at, recorded_at < received_at - INTERVAL 1 DAY) AS imported_at
FROM gebeurtenis
WHERE {rest}
GROUP BY epoch, partition, source
