SELECT epoch, partition, '', max(begonnen.offset), toDateTime64(0, 6, 'UTC')
FROM begonnen
GROUP BY ALL
