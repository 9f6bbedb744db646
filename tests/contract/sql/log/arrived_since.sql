SELECT (SELECT count()
FROM gebeurtenis
WHERE received_at > {after:DateTime64(6, 'UTC')} AND NOT has({hidden:Array(String)}, subject)), (SELECT count()
FROM onverwerkbaar FINAL
WHERE received_at > {after:DateTime64(6, 'UTC')})
