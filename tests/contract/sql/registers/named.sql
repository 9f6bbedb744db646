SELECT DISTINCT subject
FROM (SELECT toString(subject) AS subject, toString(register) AS name, value
FROM schrijving
WHERE (startsWith(register, 'registratie') OR startsWith(register, 'overdracht'))
UNION ALL
SELECT subject, register AS name, written AS value
FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE (startsWith(register, 'registratie') OR startsWith(register, 'overdracht')) AND {rest})
WHERE arrayExists(code -> position(value, code) > 0 OR endsWith(name, code), {codes:Array(String)})
