-- Whether the store answers.
SELECT 1
