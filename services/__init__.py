"""Opvangpeil's services, in which data flows one way.

schemas → ingest → eventlog → processor → store → api, dashboard, alarms

`core` is pure: it imports only `schemas`. Kafka is in `eventlog` and `processor`, ClickHouse in `store`, the
environment in `config`, now() in `clock`. Only `wiring`, `cli` and the `__main__` files build real things.
"""
