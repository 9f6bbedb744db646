"""The tables of the commands: they fit on the screen, break between words only, and are all drawn in one way."""

from pathlib import Path

import pytest
from rich.console import Console

from services import cli
from services.cli import tabel


def screen(width: int) -> Console:
    return Console(width=width, force_terminal=True, color_system=None)


CASELOAD = (
    [*map(tabel.Kolom, ("naam", "stap", "termijn", "waarom")), tabel.Kolom("dagen in stap", getal=True)],
    [
        tabel.Rij(
            ("Noardeast-Fryslân", "bestuurlijk gesprek", "30 nov 2026 00:00", "er is geen raming bekend", "1.234")
        ),
        tabel.Rij(("Ee", "brief", "2 nov 2026 00:00", "niets", "5")),
    ],
)
WORDS = {word for row in CASELOAD[1] for cell in row.cellen for word in cell.split()} | {
    "dagen",
    "in",
    "Noardeast-",
    "Fryslân",
}
WORDS |= {text for one in CASELOAD[0] for word in one.naam.split() for text in (word, f"{word}:")}


def test_a_table_fits_on_the_screen_and_numbers_stand_to_the_right(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabel, "say", screen(40))
    long = "een naam die langer is dan er op het scherm naast past"
    tabel.toon_tabel(
        [tabel.Kolom("naam"), tabel.Kolom("aantal", getal=True)],
        [
            tabel.Kop("Utrecht"),
            tabel.Rij((long, "1.234")),
            tabel.Rij((f"  {long}", "5")),
        ],
        ("samen", "1.239"),
    )
    assert capsys.readouterr().out.splitlines() == [
        "naam                              aantal",
        "─" * 40,
        "Utrecht",
        "een naam die langer is dan er op   1.234",
        "het scherm naast past",
        "  een naam die langer is dan er        5",
        "  op het scherm naast past",
        "─" * 40,
        "samen                              1.239",
    ]


def test_a_table_breaks_between_words_only_whatever_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for width in range(20, 110):
        monkeypatch.setattr(tabel, "say", screen(width))
        tabel.toon_tabel(*CASELOAD)
        lines = capsys.readouterr().out.splitlines()
        assert max(map(len, lines)) <= width, width
        assert {word for line in lines for word in line.split() if "─" not in word} <= WORDS, width
        assert sum("30 nov 2026 00:00" in line for line in lines) == (1 if width > 25 else 0), width
    monkeypatch.setattr(tabel, "say", screen(40))
    tabel.toon_tabel(*CASELOAD)
    assert capsys.readouterr().out.splitlines()[5:] == [
        "",
        "naam: Ee",
        "stap: brief",
        "termijn: 2 nov 2026 00:00",
        "waarom: niets",
        "dagen in stap: 5",
        "",
    ]


def test_anywhere_but_on_a_screen_a_row_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabel, "say", Console(width=40))
    tabel.toon_tabel(*CASELOAD)
    head, line, *rows = capsys.readouterr().out.splitlines()
    assert (head.split()[0], set(line), len(rows)) == ("naam", {"─"}, 2)
    assert (
        rows[0] == "Noardeast-Fryslân  bestuurlijk gesprek  30 nov 2026 00:00  er is geen raming bekend          1.234"
    )


def test_every_command_draws_its_tables_in_one_way() -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in Path(str(cli.__path__[0])).glob("*.py")}
    assert not [name for name, text in texts.items() if "rich.table" in text or "rich.box" in text]
    assert sum("toon_tabel(" in text for text in texts.values()) > 6
