-- database: opvang
-- on_cluster:  ON CLUSTER 'opvang'
CREATE DATABASE IF NOT EXISTS `opvang` ON CLUSTER 'opvang'
