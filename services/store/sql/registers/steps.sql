-- How registers change after a moment, until V: register, subject, value, ver, in the order of their moments.
-- From the writes to all registers but the people present, what others published, and what counts whatever V is. Of every
-- subject, or of every subject that is no locatie and of some locaties.
{% set about = "register != '" ~ Register.AANWEZIG.stored() ~ "' AND NOT " ~ PUBLISHED ~ " AND NOT " ~ LENS ~ " AND " ~ ONLY %}
{% set what, grouped_by = "register, subject, argMax(value, ver), max(ver)", "register, subject" %}
{% include "registers/_steps.sql" %}
