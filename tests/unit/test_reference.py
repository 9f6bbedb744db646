"""The gemeenten: the table is complete and correct, and a merger moves locaties, opgaven and transfers."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import orjson
import pytest

from schemas.events import Event
from schemas.fields import parse_moment
from schemas.parsing import parse_facts
from schemas.reference import PROVINCIES, Gemeente, gemeente_codes, gemeenten, provincie_codes, read_gemeenten
from services.core.fold import fold
from services.core.gemeenten import indeling
from services.core.locaties import locaties
from services.core.naleving import GemeenteNaleving, naleving, totalen
from services.core.reasons.wet import Case, in_naleving
from services.core.registers import Register
from services.core.standen import standen
from services.core.telregel import maatstaf
from tests.support import wire
from tests.support.web_events import SOURCE

TABLE = files("schemas.reference").joinpath("gemeenten.csv").read_text(encoding="utf-8")
HEAD = TABLE.splitlines()[0]
MERGER = parse_moment("2027-01-01")
BEFORE = MERGER - timedelta(microseconds=1)
LATER = datetime(2040, 1, 1, tzinfo=UTC)


def merged(text: str, code: str, day: str, successor: str) -> str:
    """Returns the table in which one gemeente ends by merging into another."""
    lines = [f"{row[:-2]},{day},{successor}" if row.startswith(code) else row for row in text.splitlines()]
    assert lines != text.splitlines()
    return "\n".join(lines)


def rows(*gemeente: str) -> str:
    return "\n".join([HEAD, *gemeente])


WITH_MERGER = read_gemeenten(merged(TABLE, "GM1696", "2027-01-01", "GM0402"))


# The table as it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2023-01-01", "2024-05-10", "2025-12-31T23:59:59+01:00", "2026-11-24", "2027-06-01"])
def test_342_gemeenten_since_2023(day: str) -> None:
    geldig = indeling(gemeenten(), parse_moment(day)).geldig
    assert len(geldig) == 342
    assert [g.code for g in geldig] == sorted({g.code for g in geldig})


def test_before_2023_the_table_says_nothing() -> None:
    assert indeling(gemeenten(), parse_moment("2022-12-31T23:59:59+01:00")).geldig == ()


def test_no_merger_is_in_the_table() -> None:
    assert len(gemeenten()) == len(gemeente_codes()) == 342
    assert all(g.geldig_tot is None and g.opvolger is None for g in gemeenten())


def test_every_provincie_has_its_gemeenten() -> None:
    assert provincie_codes() == set(PROVINCIES)
    assert Counter(PROVINCIES[g.provincie] for g in gemeenten()) == {
        "Groningen": 10,
        "Fryslân": 18,
        "Drenthe": 12,
        "Overijssel": 25,
        "Flevoland": 6,
        "Gelderland": 51,
        "Utrecht": 26,
        "Noord-Holland": 44,
        "Zuid-Holland": 50,
        "Zeeland": 13,
        "Noord-Brabant": 56,
        "Limburg": 31,
    }


@pytest.mark.parametrize(
    ("code", "naam", "provincie"),
    [
        ("GM0363", "Amsterdam", "PV27"),
        ("GM0518", "'s-Gravenhage", "PV28"),
        ("GM0344", "Utrecht", "PV26"),
        ("GM1950", "Westerwolde", "PV20"),
        ("GM0303", "Dronten", "PV24"),
        ("GM0166", "Kampen", "PV23"),
        ("GM0088", "Schiermonnikoog", "PV21"),
        ("GM0935", "Maastricht", "PV31"),
        ("GM0351", "Woudenberg", "PV26"),
        ("GM1696", "Wijdemeren", "PV27"),
        ("GM0402", "Hilversum", "PV27"),
        ("GM1982", "Land van Cuijk", "PV30"),
        ("GM1992", "Voorne aan Zee", "PV28"),
        ("GM0109", "Coevorden", "PV22"),
        ("GM0664", "Goes", "PV29"),
        ("GM0202", "Arnhem", "PV25"),
    ],
)
def test_gemeenten_are_called_and_lie_as_they_do(code: str, naam: str, provincie: str) -> None:
    (gemeente,) = [g for g in gemeenten() if g.code == code]
    assert (gemeente.naam, gemeente.provincie) == (naam, provincie)


def test_centroids_lie_in_the_netherlands_and_inhabitants_add_up() -> None:
    assert all(50.7 < g.breedte < 53.6 and 3.3 < g.lengte < 7.3 for g in gemeenten())
    assert all(g.inwoners > 900 for g in gemeenten())
    assert 17_900_000 < sum(g.inwoners for g in gemeenten()) < 18_300_000


# A table that can't be right -----------------------------------------------------------------------------------------

_A, _B = "GM0001,A,PV20,1,53.0,6.5,2023-01-01", "GM0002,B,PV20,1,53.0,6.5,2023-01-01"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (rows("GM0001,A,PV99,1,53.0,6.5,2023-01-01,,"), "regel 2: 'PV99' is geen provincie"),
        (rows(f"{_A},2027-01-01,"), "regel 2: GM0001 heeft een einde of een opvolger"),
        (rows(f"{_A},,GM0002", f"{_B},,"), "regel 2: GM0001 heeft een einde of een opvolger"),
        (rows(f"{_A},2027-01-01,GM0002"), "opvolger GM0002 van GM0001 staat zelf niet in de tabel"),
        (rows(f"{_A},,", f"{_A},,"), "elke code mag er één keer in staan"),
        (rows(f"{_A},2023-01-01,GM0002", f"{_B},,"), "GM0001: geldigTot moet na geldigVanaf liggen"),
        (rows(f"{_A},2027-01-01,GM0001"), "opvolger GM0001 bestaat niet op 2027-01-01"),
        (rows(f"{_A},2027-01-01,GM0002", f"{_B},2027-01-01,GM0001"), "opvolger GM0002 bestaat niet op 2027-01-01"),
        (
            rows(f"{_A},2027-01-01,GM0002", _B.replace("2023", "2028") + ",,"),
            "opvolger GM0002 bestaat niet op 2027-01-01",
        ),
        (rows("GM0001,A,PV20,veel,53.0,6.5,2023-01-01,,"), "veel"),
        (rows("GM0001,A,PV20,1,53.0,6.5,2023-02-30,,"), "day is out of range"),
    ],
)
def test_a_wrong_table_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_gemeenten(text)


# Mergers -------------------------------------------------------------------------------------------------------------


def test_a_merger_takes_effect_at_midnight_in_the_netherlands() -> None:
    before, after = indeling(WITH_MERGER, BEFORE), indeling(WITH_MERGER, MERGER)
    assert (len(before.geldig), len(after.geldig)) == (342, 341)
    assert {g.code for g in before.geldig} - {g.code for g in after.geldig} == {"GM1696"}
    assert (before.current("GM1696"), after.current("GM1696")) == ("GM1696", "GM0402")
    assert before.current("GM0402") == after.current("GM0402") == "GM0402"
    assert after.current("GM0363") == "GM0363"


def test_mergers_that_follow_each_other_lead_to_what_there_is_at_that_moment() -> None:
    text = rows(
        f"{_A},2025-01-01,GM0003",
        f"{_B},2027-01-01,GM0003",
        "GM0003,C,PV20,1,53.0,6.5,2025-01-01,2030-01-01,GM0004",
        "GM0004,D,PV20,1,53.0,6.5,2030-01-01,,",
    )

    def at(moment: str) -> tuple[list[str], list[str]]:
        now = indeling(read_gemeenten(text), parse_moment(moment))
        return [g.code for g in now.geldig], [now.current(f"GM000{number}") for number in (1, 2, 3, 4)]

    assert at("2024-12-31") == (["GM0001", "GM0002"], ["GM0001", "GM0002", "GM0003", "GM0004"])
    assert at("2025-01-01") == (["GM0002", "GM0003"], ["GM0003", "GM0002", "GM0003", "GM0004"])
    assert at("2027-01-01") == (["GM0003"], ["GM0003", "GM0003", "GM0003", "GM0004"])
    assert at("2030-01-01") == (["GM0004"], ["GM0004"] * 4)


def event(number: int, kind: str, subject: str, **data: Any) -> dict[str, Any]:
    own_id, body = str(UUID(int=number)), (kind, {"geldigVanaf": "2026-01-01"} | data)
    return wire.event(subject, body, time="2026-01-01T00:00:00Z", source=SOURCE, own_id=own_id)


def facts() -> list[Event]:
    """Makes a world: Wijdemeren has 140 of 200, gets 30 of Blaricum and gives Hilversum 10, which has 500 of 600."""
    made: list[dict[str, Any]] = []

    def add(kind: str, subject: str, **data: Any) -> None:
        made.append(event(len(made), kind, subject, **data))

    soorten = {"meetellendeSoorten": ["regulier"], "beschikbaarTotMinstens": "2028-01-01"}
    add("spreidingswet.cyclus-vastgesteld", "2026", raming=1000, **soorten)
    for locatie, gemeente, aantal in (("LOC-W", "GM1696", 140), ("LOC-H", "GM0402", 500), ("LOC-B", "GM0376", 30)):
        registratie = {"naam": locatie, "gemeente": gemeente, "soort": "azc", "zichtbaarheid": "openbaar"}
        add("opvanglocaties.locatie-geregistreerd", locatie, **registratie)
        add("opvanglocaties.capaciteit-gewijzigd", locatie, plaatsen=[{"soort": "regulier", "aantal": aantal}])
    add("spreidingswet.opgave-vastgesteld", "GM1696", cyclus="2026", status="verdeelbesluit", opgave=200, waarvanAmv=20)
    add("spreidingswet.opgave-vastgesteld", "GM0402", cyclus="2026", status="verdeelbesluit", opgave=600, waarvanAmv=60)
    add("spreidingswet.overdracht-afgesproken", "GM0376", cyclus="2026", naar="GM1696", aantal=30)
    add("spreidingswet.overdracht-afgesproken", "GM1696", cyclus="2026", naar="GM0402", aantal=10)
    return [item for item in parse_facts(orjson.dumps(made)) if isinstance(item, Event)]


def rows_at(moment: datetime, table: tuple[Gemeente, ...] = WITH_MERGER) -> dict[str, GemeenteNaleving]:
    registers = fold(facts(), moment, LATER)
    found = naleving(registers, standen(locaties(registers, moment)), table, moment, maatstaf(registers))
    assert sum(totalen(found).values()) == len(found) == len(indeling(table, moment).geldig)
    return {row.gemeente.code: row for row in found}


def figures(row: GemeenteNaleving) -> tuple[int | None, str | None, int, int, int, int, str]:
    opgave = (row.opgave.opgave, row.opgave.status) if row.opgave else (None, None)
    return (*opgave, row.eigen, row.ontvangen, row.gegeven, row.meetellend, row.naleving)


def test_naleving_until_the_merger_is_of_both() -> None:
    assert len(facts()) == 11
    found = rows_at(BEFORE)
    assert figures(found["GM1696"]) == (200, "verdeelbesluit", 140, 30, 10, 160, "gedeeltelijk")
    assert figures(found["GM0402"]) == (600, "verdeelbesluit", 500, 10, 0, 510, "gedeeltelijk")


def test_from_the_merger_on_opgave_places_and_transfers_are_of_the_successor() -> None:
    found = rows_at(MERGER)
    assert "GM1696" not in found
    # The 10 places that one promised to the other are its own now, and the 30 of a third still come in.
    assert figures(found["GM0402"]) == (800, "verdeelbesluit", 640, 30, 0, 670, "gedeeltelijk")
    assert found["GM0402"].tekort == 130
    assert found["GM0402"].opgave is not None
    assert found["GM0402"].opgave.waarvan_amv == 80


def test_a_promise_between_what_merged_has_no_effect_and_its_row_says_why() -> None:
    registers, now = fold(facts(), MERGER, LATER), indeling(WITH_MERGER, MERGER)
    telt = in_naleving(Case(registers, locaties(registers, MERGER), now, maatstaf(registers), ["GM0402"], MERGER))
    key = Register.OVERDRACHT.key("GM1696", "2026", "GM0402")
    said = "heeft geen gevolg: GM1696 en GM0402 zijn dezelfde gemeente"
    assert telt(key, registers[key]) == ("telt niet mee", said)


def test_a_merger_moves_nothing_of_others_and_loses_no_place() -> None:
    before, after = rows_at(BEFORE), rows_at(MERGER)
    moved = {"GM1696", "GM0402"}
    assert {code: figures(row) for code, row in before.items() if code not in moved} == {
        code: figures(row) for code, row in after.items() if code not in moved
    }
    assert sum(row.meetellend for row in before.values()) == sum(row.meetellend for row in after.values()) == 670
    assert figures(rows_at(MERGER, gemeenten())["GM1696"]) == figures(before["GM1696"])


def test_the_day_of_the_table_is_a_dutch_day() -> None:
    assert [g.geldig_tot for g in WITH_MERGER if g.code == "GM1696"] == [date(2027, 1, 1)]
    assert datetime(2026, 12, 31, 23, tzinfo=UTC) == MERGER
