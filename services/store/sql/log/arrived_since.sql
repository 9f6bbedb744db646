-- How many events came in after a moment and were stored, and how many could not be accepted.
SELECT
    (SELECT count() FROM gebeurtenis WHERE received_at > {{ AFTER }}),
    (SELECT count() FROM onverwerkbaar FINAL WHERE received_at > {{ AFTER }})
