SELECT epoch, partition, source, max(offset), max(imported_at)
FROM positie
GROUP BY epoch, partition, source
