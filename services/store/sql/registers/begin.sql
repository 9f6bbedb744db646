-- The registers in force at (V, K), without what others published: register, subject, value, ver.
-- From the writes of every subject.
{% set about = "NOT " ~ PUBLISHED %}
{% include "registers/_writes.sql" %}
SELECT register, subject, argMax(value, ver), max(ver) FROM writes GROUP BY register, subject
