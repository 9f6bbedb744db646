-- Lets a derived table follow a range of the log.
-- The blocks are large: of smaller ones come more parts, and those have to be merged again.
INSERT INTO {{ into }} {{ derived[table] }}
SETTINGS min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 268435456
