SELECT count()
FROM onverwerkbaar FINAL
