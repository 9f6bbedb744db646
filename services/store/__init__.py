"""The only place that speaks to ClickHouse.

`connect` opens a ClickHouse, or chDB, by URL · `migrate` the schema brought up to date · `model` what goes in and comes
out · `rows` events as columns · `queries` the SQL as values · `position` which events were counted · `store` reads and
writes · `present` the present kept at hand · `recent` look-ups remembered · `derive` the derived tables kept near the
log, or made anew · `check` compared with the core's fold.
"""
