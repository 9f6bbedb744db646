-- The migrations that were applied: number, name, fingerprint. Number 0 is no migration, but the mark of a restore.
SELECT number, name, sha256 FROM migratie FINAL WHERE number != 0
