SELECT count()
FROM ingetrokken
