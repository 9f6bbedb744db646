-- How far the derived tables may follow the log, as rows of a positie: a range is named here before it is derived.
SELECT epoch, partition, '', max(begonnen.offset), toDateTime64(0, 6, 'UTC') FROM begonnen GROUP BY ALL
