SELECT count()
FROM gebeurtenis FINAL
