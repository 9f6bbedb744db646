-- else
SELECT min(recorded_at)
FROM gebeurtenis
WHERE length(registers) > 0

-- HIDDEN
SELECT min(recorded_at)
FROM gebeurtenis
WHERE length(registers) > 0 AND NOT has({hidden:Array(String)}, subject) AND NOT has({hidden:Array(String)}, type)
