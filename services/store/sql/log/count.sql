-- How many events the log holds.
SELECT count() FROM gebeurtenis FINAL
