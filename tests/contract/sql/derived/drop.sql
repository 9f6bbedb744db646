-- table: cel
-- on_cluster:  ON CLUSTER 'opvang'
DROP TABLE IF EXISTS cel_nieuw ON CLUSTER 'opvang' SYNC
