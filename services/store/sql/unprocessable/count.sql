-- How many messages and events could not be accepted.
SELECT count() FROM onverwerkbaar FINAL
