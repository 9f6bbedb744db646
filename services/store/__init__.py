"""The store: the only room that speaks to ClickHouse.

* It asks `queries`, which are the files of `sql/`. Each answer speaks of one positie (`position`, `consistent`).
* The registers are read in `figures`, `present` and `touched`; the log in `log`, by `ids` where these are known.
* `store` joins both, and writes the log from `entries`.
* Beside the log are the tables of `unprocessable`, `alarm_log` and `tokens`.
* `derive` keeps the derived tables near the log, and `check` holds them against the core's fold.
* `migrate` brings the schema up to date; `backup` keeps a store in a file, and `backup_file` knows its form.
* `connect` opens ClickHouse or chDB; `rows` turns rows into the plain values of `model`, and back.
"""
