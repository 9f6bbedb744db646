"""The file with the lines that were refused: `{"regel": number, "reden": why, "inhoud": the line as it stood}` each."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from services.importer.model import ImporterError, Reject, os_reason


class RejectsFile:
    """Open at once (so that an unwritable file is known before anything is sent), emptied at the first `write`.

    An import that never begins leaves the file of an earlier one alone; one that ends with nothing refused leaves no
    file. Raises ImporterError when it can't be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fresh = True
        try:
            self._file = path.open("ab")
        except OSError as error:
            raise self._unwritable(error) from error

    def write(self, rejects: Iterable[Reject]) -> None:
        """Add the lines; they are on disk when this returns."""
        try:
            if self._fresh and self.path.is_file():
                self._file.truncate(0)
            self._fresh = False
            self._file.write(b"".join(_line(reject) for reject in rejects))
            self._file.flush()
        except OSError as error:
            raise self._unwritable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.write(())
        self._file.close()
        if self.path.is_file() and not self.path.stat().st_size:
            self.path.unlink()

    def _unwritable(self, error: OSError) -> ImporterError:
        return ImporterError(f"{self.path} (voor geweigerde regels) is niet te schrijven: {os_reason(error)}.")


def _line(reject: Reject) -> bytes:
    # What is no UTF-8 shows as \xNN: readable, and clearly not to be sent again as it stands.
    inhoud = reject.original.decode(errors="backslashreplace").rstrip("\r")
    return orjson.dumps({"regel": reject.number, "reden": reject.reason, "inhoud": inhoud}) + b"\n"
