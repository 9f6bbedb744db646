SELECT epoch, partition, source, max(gebeurtenis.offset) AS offset,
       maxIf(received_at, recorded_at < received_at - INTERVAL 1 DAY) AS imported_at
FROM gebeurtenis
GROUP BY epoch, partition, source
