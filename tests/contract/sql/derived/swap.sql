-- table: cel
-- on_cluster:  ON CLUSTER 'opvang'
EXCHANGE TABLES cel AND cel_nieuw ON CLUSTER 'opvang'
