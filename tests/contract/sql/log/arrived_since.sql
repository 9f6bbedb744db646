SELECT (SELECT count()
FROM gebeurtenis
WHERE received_at > {after:DateTime64(6, 'UTC')}), (SELECT count()
FROM onverwerkbaar FINAL
WHERE received_at > {after:DateTime64(6, 'UTC')})
