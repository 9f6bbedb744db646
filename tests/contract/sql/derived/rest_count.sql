SELECT count()
FROM gebeurtenis
WHERE {rest}
