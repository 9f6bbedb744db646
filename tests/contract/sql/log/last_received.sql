-- else
SELECT max(received_at)
FROM gebeurtenis
WHERE {ends}

-- HIDDEN
SELECT max(received_at)
FROM gebeurtenis
WHERE NOT has({hidden:Array(String)}, subject)
