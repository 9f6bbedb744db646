-- How many rows a piece of a table has.
SELECT count() FROM {{ table }} FINAL WHERE {{ piece(within, after, last) }}
