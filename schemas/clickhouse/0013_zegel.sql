-- The keys that seal a positie for whoever may not see all. One is made when this table is. Should two be made at once,
-- each opens what it sealed.
CREATE TABLE IF NOT EXISTS zegel${ON_CLUSTER} (key String) ENGINE = ${REPLICATED}ReplacingMergeTree ORDER BY key
SETTINGS ${DURABLE};
