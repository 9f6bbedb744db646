"""The only place that speaks to ClickHouse.

`model` what goes in and comes out · `rows` events as columns · `queries` the SQL as values · `position` which events
were counted · `gate` reads and inserts kept apart · `recent` look-ups remembered · `store` reads and writes ·
`migrate` the schema brought up to date · `rebuild` the derived tables made anew · `check` compared with the core's
fold · `connect` opens a ClickHouse, or chDB, by URL.
"""
