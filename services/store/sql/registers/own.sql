-- How the registers of one locatie change after a moment, until V: register, subject, value, ver, in order.
-- From the writes to its registers, people present too.
{% set about %}
subject = {locatie:String} AND register IN ('{{ (COUNTED + NOT_COUNTED) | join("', '") }}')
{% endset %}
{% set what, grouped_by = "register, subject, argMax(value, ver), max(ver)", "register, subject" %}
{% include "registers/_steps.sql" %}
