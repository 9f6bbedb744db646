SELECT DISTINCT toString(subject)
FROM gebeurtenis
WHERE startsWith(subject, 'LOC-')
