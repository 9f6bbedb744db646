"""The toezicht in the invented network: it fits the letter of 10 July 2026, and goes by the ladder until it is met."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from schemas.fields import parse_moment
from schemas.moments import day_of
from schemas.reference import gemeente_van
from schemas.reference.toezichtladder import toezichtladder
from services.core.toezichtladder import buiten_volgorde
from services.voorbeeld.simulatie.logboek import Logregel
from services.voorbeeld.simulatie.tijdlijn import logboek
from tests.support.rondes import only_whole
from tests.support.simulated import NA, begin, eind, zonder_metingen

BRIEF, GESPREKKEN, NU, EINDE = date(2026, 5, 26), date(2026, 7, 10), date(2026, 11, 30), date(2028, 1, 1)
alle_zaden = pytest.mark.parametrize("zaad", [1, *map(only_whole, (2, 3, 10))])


class Stap(NamedTuple):
    stap: Any
    op: datetime
    termijn: datetime | None
    houder: str


@cache
def regels(zaad: int) -> Sequence[Logregel]:
    return logboek(310, zaad).regels


def met_soort(zaad: int, naam: str) -> list[Logregel]:
    return [regel for regel in regels(zaad) if regel.soort.endswith(naam)]


@cache
def verloop(zaad: int, tot: datetime) -> Mapping[str, Sequence[Stap]]:
    """Returns the course of each gemeente until a moment, as it is known then."""
    found: dict[str, list[Stap]] = {}
    for regel in met_soort(zaad, "toezichtstap-gezet"):
        inhoud, termijn = regel.inhoud, regel.inhoud.get("termijn")
        op, houder = parse_moment(inhoud["gezetOp"]), inhoud.get("toezichthouder", "minister")
        if regel.gelogd <= tot.timestamp() and op <= tot:
            stap = Stap(inhoud["stap"], op, parse_moment(termijn) if termijn else None, houder)
            found.setdefault(regel.onderwerp, []).append(stap)
    assert all(a.op < b.op for of_one in found.values() for a, b in pairwise(of_one))
    return found


def laatste(zaad: int, tot: datetime) -> Mapping[str, Stap]:
    return {code: of_one[-1] for code, of_one in verloop(zaad, tot).items()}


def buiten_de_volgorde(zaad: int, tot: datetime) -> Iterator[tuple[str, str]]:
    for of_one in verloop(zaad, tot).values():
        assert buiten_volgorde(None, of_one[0].stap) is None
        yield from ((a.stap, b.stap) for a, b in pairwise(of_one) if buiten_volgorde(a.stap, b.stap) is not None)


@alle_zaden
def test_by_10_july_there_were_letters_and_first_talks_with_most(zaad: int) -> None:
    per_gemeente = verloop(zaad, eind(GESPREKKEN))
    assert Counter(tuple(one.stap for one in of_one) for of_one in per_gemeente.values()) == {
        ("brief", "ambtelijk gesprek"): 215,
        ("brief",): 8,
    }
    gesprekken = [of_one[1].op for of_one in per_gemeente.values() if len(of_one) == 2]
    assert begin(BRIEF) < min(gesprekken) < max(gesprekken) <= begin(GESPREKKEN)
    assert {of_one[0].op for of_one in per_gemeente.values()} == {begin(BRIEF)}


@alle_zaden
def test_later_some_are_further_and_a_few_out_of_order(zaad: int) -> None:
    nu = Counter(one.stap for one in laatste(zaad, begin(NU)).values())
    assert all(20 < nu[stap] < 100 for stap in ("ambtelijk gesprek", "bestuurlijk gesprek", "actief toezicht"))
    assert (nu["vooraankondiging"], nu["beëindigd"], len(nu)) == (4, 9, 5)
    wrong = {("brief", "bestuurlijk gesprek"): 2, ("bestuurlijk gesprek", "vooraankondiging"): 2}
    assert Counter(buiten_de_volgorde(zaad, begin(NU))) == wrong
    assert Counter(buiten_de_volgorde(zaad, begin(EINDE))) == wrong
    assert {one.stap for of_one in verloop(zaad, begin(EINDE)).values() for one in of_one} == {*nu, "brief"}


@alle_zaden
def test_some_terms_passed_and_some_pass_within_13_weeks_whenever_one_looks(zaad: int) -> None:
    for dag in (date(2026, 9, 1), NU, date(2027, 6, 1), date(2027, 12, 1)):
        op = begin(dag)
        termijnen = [one.termijn for one in laatste(zaad, op).values() if one.termijn is not None]
        assert sum(one < op for one in termijnen) > 10, dag
        assert sum(op <= one < op + timedelta(weeks=13) for one in termijnen) > 30, dag
    for one in (one for of_one in verloop(zaad, begin(EINDE)).values() for one in of_one):
        if one.termijn is not None:
            assert 0 < (day_of(one.termijn) - day_of(one.op)).days <= (toezichtladder()[one.stap].termijn_dagen or 0)


@alle_zaden
def test_toezicht_ends_where_the_opgave_is_met_and_a_few_still_have_it(zaad: int) -> None:
    net = zonder_metingen(zaad=zaad, tot=NU)

    def voldoen(op: datetime) -> set[str]:
        return {code for code, rij in net.beeld(op).naleving.items() if rij.naleving == "voldoet"}

    nu, stand = net.beeld(begin(NU)), laatste(zaad, begin(NU))
    assert nu.klassen == (NA[0] + 10, NA[1] - 10, *NA[2:])
    stappen = {code: rij.stap.stap for code, rij in nu.naleving.items() if rij.stap}
    assert stappen == {code: one.stap for code, one in stand.items()}
    voldeed, voldoet = voldoen(begin(BRIEF)), voldoen(begin(NU))
    assert voldeed < voldoet
    assert Counter(stand[code].stap == "beëindigd" for code in voldoet - voldeed) == {True: 8, False: 2}
    (gevallen,) = {code for code, one in stand.items() if one.stap == "beëindigd"} - voldoet
    assert gevallen in voldoen(begin(date(2026, 11, 1)))
    for code, one in stand.items():
        assert one.stap != "beëindigd" or net.beeld(one.op).naleving[code].naleving == "voldoet"
    assert Counter(one.stap for one in verloop(zaad, begin(EINDE))[gevallen])["brief"] == 2


@alle_zaden
def test_what_a_step_takes_and_who_there_is_are_assumptions_that_say_so(zaad: int) -> None:
    ramingen, capaciteit = met_soort(zaad, "inzet-geraamd"), met_soort(zaad, "toezichtcapaciteit-vastgesteld")
    assert [one.inhoud["stap"] for one in ramingen] == [stap for stap in toezichtladder() if stap != "beëindigd"]
    assert Counter(one.onderwerp for one in capaciteit) == {"NL": 2, "PV26": 1}
    for one in (*ramingen, *capaciteit):
        assert one.inhoud["bron"] == "Simulatie: een aanname, zonder bron"
        assert parse_moment(one.inhoud["geldigVanaf"]) >= begin(BRIEF)
    for one in ramingen:
        assert one.inhoud["urenMinstens"] < one.inhoud["urenPerGemeente"] < one.inhoud["urenHoogstens"]


def test_a_provincie_is_toezichthouder_of_a_few_of_its_own() -> None:
    every = verloop(1, begin(EINDE))
    eigen = {code for code, of_one in every.items() if any(one.houder != "minister" for one in of_one)}
    assert len(eigen) == 4
    assert {gemeente_van(code).provincie for code in eigen} == {"PV26"}
    assert {one.houder for code in eigen for one in every[code][1:]} == {"PV26"}


def test_places_that_came_later_end_apart_from_the_others() -> None:
    later = [one for one in met_soort(1, "capaciteit-gewijzigd") if one.gelogd > begin(GESPREKKEN).timestamp()]
    assert len({one.onderwerp for one in later}) == 11
    ending = [one for one in later if "geldigTot" in one.inhoud]
    assert len(ending) == 2
    assert all(len(one.inhoud["plaatsen"]) == 1 for one in ending)
