"""What a test needs of the machine and may not be there: loudly skipped, and a failure where CI=true."""

import os
from typing import NoReturn

import pytest

skipped: dict[str, str] = {}
"""What was missing in this run, and why; the summary says it again."""


def without(what: str, reason: str) -> NoReturn:
    """This test can't run here."""
    skipped[what] = reason
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} ontbreekt, en met CI=true mag niets ontbreken: {reason}", pytrace=False)
    pytest.skip(f"OVERGESLAGEN, {what} ontbreekt: {reason}")
