-- Forgets the keys of seals in a store that is about to be restored from a file that has keys of its own.
TRUNCATE TABLE zegel
