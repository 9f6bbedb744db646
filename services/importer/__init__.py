"""The client side of `opvangpeil importeer`: a file of events → `POST /v1/gebeurtenissen`, batch by batch.

`model` lines, report, faults · `lines` bytes → lines · `jsonl`, `columns`, `table` lines → events ·
`sender` one batch to the server, with waiting and splitting · `rejects` the file of what was refused ·
`pipeline` all of it · `terminal` the progress bar.

Running an import again is harmless, since a repeat of an event is: that is what makes it resumable.
"""

from services.importer.columns import column_help, column_names
from services.importer.model import ImporterError, ImportStoppedError, ImportWatcher, Report
from services.importer.pipeline import run
from services.importer.terminal import terminal_progress

__all__ = [
    "ImportStoppedError",
    "ImportWatcher",
    "ImporterError",
    "Report",
    "column_help",
    "column_names",
    "run",
    "terminal_progress",
]
