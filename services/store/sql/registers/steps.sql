-- How registers change after a moment, until V: register, subject, value, ver, in the order of their moments.
-- From the writes to all registers but the people present and what others published.
{% set about = "register != '" ~ Register.AANWEZIG.stored() ~ "' AND NOT " ~ PUBLISHED %}
{% set what, grouped_by = "register, subject, argMax(value, ver), max(ver)", "register, subject" %}
{% include "registers/_steps.sql" %}
