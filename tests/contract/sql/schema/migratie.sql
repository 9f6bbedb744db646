-- on_cluster:  ON CLUSTER 'opvang'
-- replicated: Replicated
CREATE TABLE IF NOT EXISTS migratie ON CLUSTER 'opvang' (number UInt32, name String, sha256 String, applied_at DateTime64(6, 'UTC') DEFAULT now64(6)) ENGINE = ReplicatedReplacingMergeTree
ORDER BY number
