-- How many retractions lie after the derived tables.
SELECT count() FROM gebeurtenis WHERE {{ RETRACTION }} AND {rest}
