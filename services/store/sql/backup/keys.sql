-- The keys of the next rows of a table, in their order, and about how many bytes each row is.
SELECT {{ keys | join(", ") }}, {{ size }} FROM {{ table }} WHERE {{ piece(within, after, none) }}
ORDER BY {{ keys | join(", ") }} LIMIT {{ rows }}
