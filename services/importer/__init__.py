"""The client side of `opvangpeil importeer`: it sends a file of events to `POST /v1/gebeurtenissen`, batch by batch.

`lines` cuts bytes into lines · `jsonl` and `csv_rows` make events of lines, the latter by the `columns` of a type ·
`verbinding` asks a server and waits while it is away · `sender` sends one batch, and splits where needed · `rejects`
writes the file of refused lines · `pipeline` does all of this · `terminal` shows the progress · `model` has the words
that these share.

Files of a source that its `profiel` describes go another way: `bladen` reads their cells, `profiel` makes events of
them, `vergelijk` asks what is in force, `plan` decides what to send, and `inlezen` sends it.

A folder is watched by `volgen`, which looks what lies there, and `volgbestand`, which brings one file to its end: both
write by `schijf`, so that a kill or a full disk loses nothing. `volgverslag` is the report, `volgstand` their words.

Running an import again is harmless, because sending an event again is. That makes an import resumable.
"""

from services.importer.columns import column_help
from services.importer.inlezen import Server, Verslag, lees_in
from services.importer.model import ImporterError, ImportStoppedError, ImportWatcher, Report
from services.importer.pipeline import run
from services.importer.plan import Plan, Rijuitkomst, maak_plannen
from services.importer.terminal import inlees_voortgang, terminal_progress

__all__ = [
    "ImportStoppedError",
    "ImportWatcher",
    "ImporterError",
    "Plan",
    "Report",
    "Rijuitkomst",
    "Server",
    "Verslag",
    "column_help",
    "inlees_voortgang",
    "lees_in",
    "maak_plannen",
    "run",
    "terminal_progress",
]
