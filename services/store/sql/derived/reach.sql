-- How far the derived tables are sure to follow the log, as rows of a positie.
SELECT epoch, partition, source, max(offset), max(imported_at)
FROM positie GROUP BY epoch, partition, source
