-- table: cel
-- on_cluster:  ON CLUSTER 'opvang'
CREATE TABLE cel_nieuw ON CLUSTER 'opvang' AS cel
