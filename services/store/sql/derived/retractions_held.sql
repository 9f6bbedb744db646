-- How many retractions the derived tables hold. Asked after `reach`: what that follows is in here by then.
SELECT count() FROM ingetrokken
