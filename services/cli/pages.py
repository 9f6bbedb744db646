"""Shows a long answer in pages, as `git log` does."""

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from services.cli.plain import say
from services.config import read_config


@contextmanager
def in_pages() -> Iterator[None]:
    """Shows what is printed in pages when a person looks at it on a terminal, and as it comes elsewhere."""
    if not say.is_terminal:
        yield
        return
    with say.capture() as written:
        yield
    try:
        subprocess.run(shlex.split(read_config().pager), input=written.get().encode(), check=False)  # noqa: S603 - it is theirs
    except FileNotFoundError:  # There is no such program here.
        say.file.write(written.get())
