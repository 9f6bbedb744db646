-- How many events lie after the derived tables.
SELECT count() FROM gebeurtenis WHERE {rest}
