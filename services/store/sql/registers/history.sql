-- How one register of some subjects changes after a moment, until V: register, subject, value, ver, in order.
-- From the writes to that register.
{% set about = "subject IN {subjects:Array(String)} AND register = {register:String}" %}
{% set what, grouped_by = "register, subject, argMax(value, ver), max(ver)", "register, subject" %}
{% include "registers/_steps.sql" %}
