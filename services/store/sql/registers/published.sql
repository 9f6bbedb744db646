-- What others published with a peildatum after a moment, until V: register, subject, value, ver, in order.
-- From the writes to the registers of what was published.
{% set about = PUBLISHED %}
{% set what, grouped_by = "register, subject, argMax(value, ver), max(ver)", "register, subject" %}
{% include "registers/_steps.sql" %}
