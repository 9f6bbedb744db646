"""Opvangpeil's services. Data flows through them in one direction.

schemas → ingest → eventlog → processor → store → reads → api, dashboard, alarms

An event is checked (`schemas`), accepted (`ingest`), appended to the log (`eventlog`), decided about (`processor`) and
kept (`store`). `reads` answers one question with one answer, without HTTP or SQL, and `api`, `dashboard` and `alarms`
ask there. No import runs against this flow.

What every figure means is in `core`, which is pure: no I/O and no clock. Kafka is known in `eventlog` and `processor`
only, ClickHouse in `store`, the environment in `config`, and the present moment in `clock`. `access` decides who may do
what, `web` has what every HTTP service shares, `export` makes files of answers, `importer` sends files of events and
`voorbeeld` makes sample events. `wiring` and `cli` build real things of all of these.
"""
