"""The file with refused lines, each as `{"regel": number, "reden": why, "inhoud": the line as it stood}`."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from services.importer.model import ImporterError, Reject, os_reason


class RejectsFile:
    """A file that is opened at once, so that an unwritable one is known before anything is sent.

    The first `write` empties it, so an import that never begins leaves the file of an earlier one alone. An import that
    ends with nothing refused leaves no file. Raises ImporterError when the file can't be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fresh = True
        try:
            self._file = path.open("ab")
        except OSError as error:
            raise self._unwritable(error) from error

    def write(self, rejects: Iterable[Reject]) -> None:
        """Adds the lines, and returns when the system has them."""
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
    # Bytes that are not UTF-8 become \xNN. That is readable, and clearly not meant to be sent again.
    inhoud = reject.original.decode(errors="backslashreplace").rstrip("\r")
    return orjson.dumps({"regel": reject.number, "reden": reject.reason, "inhoud": inhoud}) + b"\n"
