-- The keys of seals, in an order that is the same for every process.
SELECT DISTINCT key FROM zegel ORDER BY key
