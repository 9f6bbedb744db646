"""Programs that a machine may lack. Tests of them are skipped with a clear message, and fail if CI=true."""

import os
from typing import NoReturn

import pytest

skipped: dict[str, str] = {}
"""What was missing in this run, and why. The summary repeats it."""


def without(what: str, reason: str) -> NoReturn:
    """Ends a test that can't run here."""
    skipped[what] = reason
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} ontbreekt, en met CI=true mag niets ontbreken: {reason}", pytrace=False)
    pytest.skip(f"OVERGESLAGEN, {what} ontbreekt: {reason}")
