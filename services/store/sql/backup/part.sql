-- A piece of a table, all its columns.
SELECT `{{ columns | join("`, `") }}` FROM {{ table }} FINAL WHERE {{ piece(within, after, last) }}
