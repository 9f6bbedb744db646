-- Every retraction: its target, which may be there or still have to arrive, its source and its moment.
-- From the table of retractions and the rest of the log.
SELECT target, source, recorded_at FROM ingetrokken
UNION ALL
SELECT retracts, source, recorded_at FROM gebeurtenis WHERE {{ RETRACTION }} AND {rest}
