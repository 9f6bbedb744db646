SELECT name
FROM system.tables
WHERE database = currentDatabase() AND endsWith(name, '_nieuw')
