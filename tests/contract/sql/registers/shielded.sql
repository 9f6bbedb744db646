SELECT DISTINCT subject
FROM (SELECT subject, value
FROM schrijving
WHERE register = 'registratie'
UNION ALL
SELECT subject, written AS value
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.value AS written
WHERE register = 'registratie' AND {rest})
WHERE JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd'
