"""One question, one answer: no HTTP and no SQL. The api, the pages, the alarms and their delivery all ask here.

`question` what is asked · `reader` asks the store · `cijfers` the figures of a view · `answers`, `alarm_answers`
what is said of them · `verklaring`, `verschil`, `aansluiting` reasons · `reeksen`, `vooruitblik` figures through time ·
`rapporten`, `alarmtoets` whole answers · `memory`, `kept` what was just answered.
"""
