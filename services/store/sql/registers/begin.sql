-- The registers in force at (V, K), without what others published: register, subject, value, ver.
-- From the writes of every subject, or of every subject that is no locatie and of some locaties.
{% set about = "NOT " ~ PUBLISHED ~ " AND " ~ ONLY %}
{% include "registers/_writes.sql" %}
SELECT register, subject, argMax(value, ver), max(ver) FROM writes GROUP BY register, subject
