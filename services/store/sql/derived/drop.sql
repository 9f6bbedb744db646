-- Drops the table beside a derived one.
DROP TABLE IF EXISTS {{ table }}_nieuw{{ on_cluster }} SYNC
