-- The locaties of which any registration ever said that they are afgeschermd, retracted registrations too.
-- From the table of writes and the rest of the log.
SELECT DISTINCT subject FROM (
    SELECT subject, value FROM schrijving WHERE register = '{{ Register.REGISTRATIE.stored() }}'
    UNION ALL
    SELECT subject, written AS value FROM gebeurtenis
    ARRAY JOIN registers AS register, gebeurtenis.value AS written
    WHERE register = '{{ Register.REGISTRATIE.stored() }}' AND {rest}
) WHERE JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd'
