-- How the registers of some locaties change after a moment, until V: register, subject, value, ver, in the order of
-- their moments.
-- From the writes to their registers, people present apart.
{% set others = (COUNTED + NOT_COUNTED) | reject("eq", Register.AANWEZIG.stored()) | join("', '") %}
{% set about = "subject IN {locaties:Array(String)} AND register IN ('" ~ others ~ "')" %}
{% set what, grouped_by = "register, subject, argMax(value, ver), max(ver)", "register, subject" %}
{% include "registers/_steps.sql" %}
