-- Makes an empty table beside a derived one.
CREATE TABLE {{ table }}_nieuw{{ on_cluster }} AS {{ table }}
