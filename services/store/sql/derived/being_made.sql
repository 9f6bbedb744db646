-- The tables that a rebuild is making.
SELECT name FROM system.tables WHERE database = currentDatabase() AND endsWith(name, '_nieuw')
