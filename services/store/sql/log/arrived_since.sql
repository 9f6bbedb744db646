-- How many events came in after a moment and were stored, and how many could not be accepted. Events about some
-- locaties are left out.
SELECT
    (SELECT count() FROM gebeurtenis WHERE received_at > {{ AFTER }} AND NOT has({hidden:Array(String)}, subject)),
    (SELECT count() FROM onverwerkbaar FINAL WHERE received_at > {{ AFTER }})
