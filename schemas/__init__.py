"""What stands on the topics: the model of every event, and how bytes become one.

`fields` has the building blocks · `data` and `events` the models, one for each type · `parsing` turns bytes into events
or errors · `errors` says in Dutch what is wrong · `ids` makes new ids · `moments` counts in microseconds · `generate`
and `asyncapi` describe the models in JSON Schema and AsyncAPI · `alarmregels` and `ontvangers` are the files of alarm
rules and receivers, which `toml_lines` reads · `reference` holds the gemeenten and provincies.
"""
