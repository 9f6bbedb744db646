-- How far the log goes, of what lies after the derived tables, as rows of a positie.
{{ derived.positie }}
