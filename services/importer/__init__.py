"""The client side of `opvangpeil importeer`: it sends a file of events to `POST /v1/gebeurtenissen`, batch by batch.

`lines` cuts bytes into lines · `jsonl` and `csv_rows` make events of lines, the latter by the `columns` of a type ·
`sender` sends one batch, and waits and splits where needed · `rejects` writes the file of refused lines · `pipeline`
does all of this · `terminal` shows the progress · `model` has the words that these share.

Running an import again is harmless, because sending an event again is. That makes an import resumable.
"""

from services.importer.columns import column_help
from services.importer.model import ImporterError, ImportStoppedError, ImportWatcher, Report
from services.importer.pipeline import run
from services.importer.terminal import terminal_progress

__all__ = [
    "ImportStoppedError",
    "ImportWatcher",
    "ImporterError",
    "Report",
    "column_help",
    "run",
    "terminal_progress",
]
