"""The file with refused lines, each as `{"regel": number, "reden": why, "inhoud": the line as it stood}`."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import orjson

from services.importer.model import ImporterError, Reject, os_reason


class RejectsFile:
    """A file that is tried at once, so that an unwritable one is known before anything is sent.

    It is there only when a line was refused, also after a kill at any instant. The first `write` takes away that of an
    earlier import, so an import that never begins leaves that alone. Raises ImporterError when it can't be written.
    """

    def __init__(self, path: Path, bron: Path | None = None) -> None:
        """`bron`: the file that is imported, if it is one."""
        self.path = path
        self._fresh, is_new = True, not path.exists()
        self._file: IO[bytes] | None
        try:
            if bron is not None and not is_new and bron.exists() and path.samefile(bron):
                raise ImporterError("Het bestand met geweigerde regels moet een ander zijn dan het bestand zelf.")
            self._file = path.open("ab")
            if path.is_file():
                self._close()
                if is_new:
                    path.unlink()
        except OSError as error:
            raise self._unwritable(error) from error

    def write(self, rejects: Iterable[Reject]) -> None:
        """Adds the lines, and returns when the system has them."""
        lines = b"".join(_line(reject) for reject in rejects)
        try:
            if self._fresh and self.path.is_file():
                self.path.unlink()
            self._fresh = False
            if lines:
                self._file = self._file or self.path.open("ab")
                self._file.write(lines)
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
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None

    def _unwritable(self, error: OSError) -> ImporterError:
        return ImporterError(f"{self.path} (voor geweigerde regels) is niet te schrijven: {os_reason(error)}.")


def _line(reject: Reject) -> bytes:
    # Bytes that are not UTF-8 become \xNN. That is readable, and clearly not meant to be sent again.
    inhoud = reject.original.decode(errors="backslashreplace").rstrip("\r")
    return orjson.dumps({"regel": reject.number, "reden": reject.reason, "inhoud": inhoud}) + b"\n"
