"""TOML that anybody may send is read in a time that grows with its length, and is refused with a reason."""

import pytest

from schemas.alarmregels import read_regels
from schemas.toml_lines import BestandError

HOSTILE = {
    "punten": (f"[[regel]]\n{'a.' * 29_000}a = 1", r"regel 2: heeft 29000 punten; ten hoogste 100 op een regel"),
    "haken": (f"x = {'[' * 30_000}", "heeft te veel haken in elkaar"),
    "accolades": (f"x = {'{a=' * 20_000}", "heeft te veel haken in elkaar"),
    "cijfers": (f"x = {'1' * 50_000}", "heeft een getal met te veel cijfers"),
    "datum": ("x = 9999-99-99", "is geen geldige TOML"),
    "aanhalingstekens": (f"x = {chr(34) * 60_000}", "is geen geldige TOML"),
}


@pytest.mark.timeout(20)  # what takes a time that grows with the square takes minutes
@pytest.mark.parametrize("case", HOSTILE)
def test_toml_that_is_made_to_be_slow_or_deep_is_refused_at_once(case):
    text, wrong = HOSTILE[case]
    with pytest.raises(BestandError, match=wrong):
        read_regels(text, "regels.toml")
