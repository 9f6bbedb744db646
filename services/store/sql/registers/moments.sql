-- When some registers of some subjects get another write, after a moment and until V: subject, register, moment.
-- From the writes to these registers.
{% set about = "subject IN {subjects:Array(String)} AND register IN {registers:Array(String)}" %}
{% set what, grouped_by = "subject, register, moment", "subject, register" %}
{% include "registers/_steps.sql" %}
