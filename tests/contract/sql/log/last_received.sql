SELECT max(received_at)
FROM gebeurtenis
WHERE {ends}
