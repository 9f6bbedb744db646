-- Makes the table that says which migrations were applied, if it is not there yet.
CREATE TABLE IF NOT EXISTS migratie{{ on_cluster }} (
    number UInt32, name String, sha256 String, applied_at DateTime64(6, 'UTC') DEFAULT now64(6)
) ENGINE = {{ replicated }}ReplacingMergeTree ORDER BY number
