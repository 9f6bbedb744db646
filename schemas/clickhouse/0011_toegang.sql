-- Tokens, as hashes: what was shown once stands nowhere. `version` 0: made, 1: withdrawn, which so wins whatever is
-- written meanwhile. Rows stay: once there was a token, access is set up.
CREATE TABLE IF NOT EXISTS toegang${ON_CLUSTER} (
    id String,
    name String,
    roles Array(String),
    source String,
    hash String,
    made_at DateTime64(6, 'UTC'),
    expires_at Nullable(DateTime64(6, 'UTC')),
    withdrawn_at Nullable(DateTime64(6, 'UTC')),
    version UInt8
) ENGINE = ${REPLICATED}ReplacingMergeTree(version) ORDER BY id
SETTINGS ${DURABLE};
