"""Makes a folder a disk that can be filled, in two ways."""

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.missing import without


@contextmanager
def kleine_schijf(map_: Path) -> Iterator[Callable[[bool], None]]:
    """Makes the folder a disk of its own, that can be filled."""
    tried = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", map_], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        without("een schijf die vol kan raken", tried.stderr.strip())
    ballast = map_ / ".ballast"

    def vol(is_vol: bool) -> None:
        ballast.unlink(missing_ok=True)
        if is_vol:
            with ballast.open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(b"x" * 4096)

    try:
        yield vol
    finally:
        subprocess.run(["umount", map_], check=True)


@contextmanager
def kleine_bestanden(_map: Path) -> Iterator[Callable[[bool], None]]:
    """Lets this process write no file beyond some bytes, as on a disk without room."""
    was = resource.getrlimit(resource.RLIMIT_FSIZE)

    def vol(is_vol: bool) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30, was[1]) if is_vol else was)

    try:
        yield vol
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
