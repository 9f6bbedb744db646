SELECT epoch, partition, source, max(gebeurtenis.offset) AS offset
FROM gebeurtenis
GROUP BY epoch, partition, source
