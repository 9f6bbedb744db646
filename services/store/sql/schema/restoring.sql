-- The mark of the restore that is under way.
SELECT sha256 FROM migratie FINAL WHERE number = 0
