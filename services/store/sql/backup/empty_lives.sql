-- Forgets the lives of topics in a store that is about to be restored: no event has them, and the file may use the same
-- numbers for other topics.
TRUNCATE TABLE leven
