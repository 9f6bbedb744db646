SELECT target, source, recorded_at
FROM ingetrokken
UNION ALL
SELECT retracts, source, recorded_at
FROM gebeurtenis
WHERE type = 'nl.gebeurtenissen.ingetrokken.v1' AND {rest}
