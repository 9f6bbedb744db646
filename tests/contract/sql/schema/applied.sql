SELECT number, name, sha256
FROM migratie FINAL
WHERE number != 0
