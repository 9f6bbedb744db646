"""The law in the invented network: the published classes on their days, terms, rules, a suspension and transfers."""

import re
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import pytest

from schemas.fields import format_moment
from services.core.fold import fold
from services.core.telregel import Gevraagd, maatstaf, telregels
from services.core.voorbehoud import van_naleving
from services.voorbeeld import publiek
from services.voorbeeld.simulatie import genereer
from services.voorbeeld.simulatie.constanten import coa_standen, instellingen, provincie_opgaven
from services.voorbeeld.simulatie.opgaven import bekend, opgaven
from tests.support.rondes import only_whole
from tests.support.simulated import (
    DEN_HAAG,
    NA,
    TOT,
    VOOR,
    alle_netwerken,
    begin,
    eind,
    momenten,
    netwerk,
    zonder_metingen,
)

VAN_TOEZICHT = re.compile("toezicht|inzet")


@alle_netwerken
def test_92_140_110_all_day_on_21_may_and_119_116_107_all_day_on_26_may(aantal: int, zaad: int) -> None:
    for moment in momenten(date(2026, 5, 21)):
        assert netwerk(aantal, zaad).beeld(moment).klassen == VOOR
    for moment in momenten(date(2026, 5, 26)):
        assert netwerk(aantal, zaad).beeld(moment).klassen == NA


@pytest.mark.parametrize("zaad", [10, *map(only_whole, range(11, 14))])
def test_the_classes_hold_for_any_seed(zaad: int) -> None:
    net = zonder_metingen(zaad=zaad, tot=date(2026, 5, 26))
    assert net.beeld(eind(date(2026, 5, 21))).klassen == VOOR
    assert net.beeld(begin(date(2026, 5, 26))).klassen == NA


@alle_netwerken
def test_what_lies_between_is_partly_late_knowledge_and_partly_a_real_change(aantal: int, zaad: int) -> None:
    eerst, later = eind(date(2026, 5, 21)), begin(date(2026, 5, 26))
    net = netwerk(aantal, zaad)
    toen, tussen, nu = net.beeld(eerst), net.beeld(eerst, later), net.beeld(later)
    inzicht = {code for code, rij in tussen.naleving.items() if rij.naleving != toen.naleving[code].naleving}
    wereld = {code for code, rij in nu.naleving.items() if rij.naleving != tussen.naleving[code].naleving}
    assert len(inzicht) == instellingen()["naleving"]["inzicht"] == 16
    assert len(wereld) == 14
    assert not inzicht & wereld
    tussenin = [e for e in net.structuur if begin(date(2026, 5, 1)) < e.time and not VAN_TOEZICHT.search(e.type)]
    assert all(begin(date(2026, 5, 22)) <= e.time < begin(date(2026, 5, 26)) for e in tussenin)


@alle_netwerken
def test_the_223_that_do_not_meet_their_opgave_get_a_letter(aantal: int, zaad: int) -> None:
    net = netwerk(aantal, zaad)
    stappen = [e for e in net.structuur if e.type.endswith("toezichtstap-gezet.v1")]
    brieven = [e for e in stappen if e.data.stap == "brief"]
    assert len(brieven) == 223
    assert min(e.data.gezetOp for e in stappen) == begin(date(2026, 5, 26))
    assert all(begin(date(2026, 5, 22)) <= e.time < begin(date(2026, 5, 26)) == e.data.gezetOp for e in brieven)
    op_26_mei = net.beeld(begin(date(2026, 5, 26))).naleving
    assert {code for code, rij in op_26_mei.items() if rij.naleving != "voldoet"} == {e.subject for e in brieven}
    assert {code for code, rij in op_26_mei.items() if rij.toezicht} == {e.subject for e in brieven}
    assert not [rij for rij in net.beeld(eind(date(2026, 5, 21))).naleving.values() if rij.toezicht]


def regel(naam: str) -> Gevraagd:
    return Gevraagd(None, naam)


@alle_netwerken
def test_the_classes_are_the_same_by_the_rule_of_the_cyclus_itself(aantal: int, zaad: int) -> None:
    net = netwerk(aantal, zaad)
    for dag, klassen in ((date(2026, 5, 21), VOOR), (date(2026, 5, 26), NA)):
        assert net.beeld(begin(dag), gevraagd=regel("cyclus")).klassen == klassen
    default = net.beeld(begin(date(2026, 5, 26)))
    assert default.maatstaf == net.beeld(begin(date(2026, 5, 26)), gevraagd=regel("ministerie")).maatstaf
    assert default.maatstaf.regel is not None
    assert default.maatstaf.regel.volledig
    assert van_naleving(default.maatstaf, list(default.naleving.values())) == []


@alle_netwerken
def test_a_newspaper_counts_otherwise(aantal: int, zaad: int) -> None:
    beeld = netwerk(aantal, zaad).beeld(begin(date(2026, 5, 26)), gevraagd=regel("krant"))
    assert beeld.maatstaf.cyclus is not None
    assert sum(beeld.klassen) == 342
    assert 0 < beeld.klassen[0] < NA[0]
    assert sum(rij.meetellend for rij in beeld.naleving.values()) < 74_600


def test_its_rules_are_known_from_the_verdeelbesluiten_on() -> None:
    net = netwerk(310, 1)
    for bekend_op, namen, geldt in (
        (eind(date(2024, 12, 19)), None, None),
        (begin(date(2024, 12, 20)), ["cyclus", "krant", "ministerie"], "cyclus"),
        (begin(date(2024, 12, 20)) + timedelta(minutes=1), ["cyclus", "krant", "ministerie"], "ministerie"),
    ):
        gevouwen = fold(net.structuur, begin(date(2024, 12, 23)), bekend_op)
        cyclus, telregel = maatstaf(gevouwen)
        assert (list(telregels(gevouwen, cyclus)) if cyclus else None) == namen
        assert (telregel.naam if telregel else None) == geldt


@alle_netwerken
def test_before_the_term_nobody_is_said_to_fail(aantal: int, zaad: int) -> None:
    net = netwerk(aantal, zaad)
    maart = net.beeld(begin(date(2025, 3, 1)))
    assert {rij.naleving for rij in maart.naleving.values()} == {"voldoet", "termijn loopt"}
    lopend = [rij for rij in maart.naleving.values() if rij.naleving == "termijn loopt"]
    assert {rij.reden for rij in lopend} == {"te realiseren vóór 1 jul 2025"}
    assert net.beeld(eind(date(2025, 6, 30))).klassen[1:3] == (0, 0)
    assert net.beeld(begin(date(2025, 7, 1))).klassen == (92, 139, 110, 0, 0, 1, 0)


@alle_netwerken
def test_one_verdeelbesluit_was_suspended_for_a_while(aantal: int, zaad: int) -> None:
    net = netwerk(aantal, zaad)

    def den_haag(moment: datetime) -> tuple[str, str | None]:
        return (rij := net.beeld(moment).naleving[DEN_HAAG]).naleving, rij.reden

    geschorst = ("opgeschort", "geschorst (Simulatie: een verzonnen zaak)")
    assert den_haag(eind(date(2025, 6, 29)))[0] == "termijn loopt"
    assert den_haag(begin(date(2025, 6, 30))) == geschorst == den_haag(eind(date(2026, 3, 31)))
    assert den_haag(begin(date(2026, 4, 1))) == ("gedeeltelijk", None)


@alle_netwerken
def test_amv_are_known_of_everybody_and_counted_apart(aantal: int, zaad: int) -> None:
    beeld = netwerk(aantal, zaad).beeld(begin(date(2026, 5, 26)))
    for rij in beeld.naleving.values():
        assert rij.besluit is not None
        assert rij.besluit.waarvan_amv is not None
        assert rij.naleving != "voldoet" or rij.amv >= rij.besluit.waarvan_amv
    # Telling them apart takes nothing from the places that can be used.
    apart = [loc for loc in beeld.locaties if loc.open and loc.registered and "amv" in loc.plaatsen]
    assert len(apart) == beeld.landelijk.locaties
    assert sum(rij.meetellend for rij in beeld.naleving.values()) == 74_600


@alle_netwerken
def test_every_overdracht_is_covered(aantal: int, zaad: int) -> None:
    net = netwerk(aantal, zaad)
    for dag in (date(2025, 3, 1), date(2025, 7, 1), date(2026, 1, 31), date(2026, 5, 21), date(2026, 5, 26)):
        for naam in ("ministerie", "cyclus"):
            rijen = net.beeld(begin(dag), gevraagd=regel(naam)).naleving
            assert not [rij for rij in rijen.values() if rij.ongedekt]
            assert sum(rij.gegeven for rij in rijen.values()) == (200 if dag < date(2026, 2, 1) else 100)
    rijen = net.beeld(begin(date(2026, 5, 26))).naleving
    assert (rijen["GM0303"].gegeven, rijen["GM0363"].ontvangen) == (100, 100)
    assert (rijen["GM0303"].naleving, rijen["GM0363"].naleving) == ("voldoet", "gedeeltelijk")


def test_the_events_of_an_earlier_version_are_still_there() -> None:
    """Whoever started with an earlier version keeps what is stored: what is new comes beside it."""
    oud = sha256()
    for rij in genereer(tot=TOT):
        if not _toegevoegd(rij):
            oud.update(orjson.dumps(_zoals_eerder(rij), option=orjson.OPT_SORT_KEYS))
    assert oud.hexdigest() == "10f7e1fe3e106497aff3ba67898e741c05d7de7a670939efc917f929e7cc78d2"


def _zoals_eerder(rij: dict[str, Any]) -> dict[str, Any]:
    """Returns an event as the earlier version had it: a name that began by saying so, and a letter with a bron."""
    inhoud = rij["data"]
    if rij["type"].endswith("locatie-geregistreerd.v1"):
        naam = inhoud["naam"].removesuffix(" (simulatie)")
        inhoud = inhoud | {"naam": f"Simulatie {naam[0].lower()}{naam[1:]}"}
    elif _is_brief(rij):
        inhoud = inhoud | {"bron": "verzonnen door de simulatie"}
    else:
        return rij
    return rij | {"id": str(UUID(int=UUID(rij["id"]).int - (1 << 80))), "data": inhoud}


def _is_brief(rij: dict[str, Any]) -> bool:
    return rij["type"].endswith("toezichtstap-gezet.v1") and rij["data"]["stap"] == "brief"


def _toegevoegd(rij: dict[str, Any]) -> bool:
    """Tells whether an event is about the terms of the law, or about toezicht after the letters: that is newer."""
    inhoud = rij["data"]
    soorten = {regel["soort"] for regel in inhoud.get("plaatsen", ())}
    of_law = "telregel" in f"{rij['type']}{list(inhoud)}" or rij["type"].endswith("opgave-stand-gewijzigd.v1")
    na_de_brieven = VAN_TOEZICHT.search(rij["type"]) and not _is_brief(rij)
    return bool(na_de_brieven) or of_law or inhoud.get("naar") == "GM0363" or (len(soorten) > 1 and "amv" in soorten)


def test_every_gemeente_has_a_verdeelbesluit_and_known_figures_are_kept() -> None:
    beeld = netwerk(310, 1).beeld(begin(date(2026, 5, 26)))
    taken = {code: rij.opgave for code, rij in beeld.naleving.items()}
    assert len(taken) == 342
    assert sum(taak.opgave for taak in taken.values() if taak) == 101_500
    assert all(taak and taak.opgave > 0 and taak.status == "verdeelbesluit" for taak in taken.values())
    indicatief = {o.gemeente.code: o.indicatief for o in opgaven()}
    assert sum(indicatief.values()) == 96_000 == sum(provincie_opgaven().values())
    for provincie, opgave in provincie_opgaven().items():
        assert sum(o.indicatief for o in opgaven() if o.gemeente.provincie == provincie) == opgave
    assert (indicatief["GM0351"], taken["GM0351"].opgave) == (94, 94)  # type: ignore[union-attr]
    assert (indicatief["GM0344"], taken["GM0344"].opgave) == (1988, 1946)  # type: ignore[union-attr]
    for code in ("GM0034", "GM0758", "GM0772", "GM0394", "GM0855"):  # published as "more than 1,000"
        assert min(indicatief[code], taken[code].opgave) > 1000  # type: ignore[union-attr]


def test_the_known_figures_are_those_of_the_public_set() -> None:
    for feit in publiek.gebeurtenissen():
        data, code = feit["data"], feit["subject"]
        if data.get("status") == "indicatief":
            assert bekend(code).indicatief == data["opgave"]
        elif data.get("status") == "verdeelbesluit" and data["opgave"] and code != DEN_HAAG:
            assert bekend(code).verdeelbesluit == data["opgave"]
    publieke = [f["data"] for f in publiek.gebeurtenissen() if f["subject"] == "NL"]
    for coa in coa_standen():
        dag = format_moment(begin(coa.dag))
        cijfers = {c["grootheid"]: c["waarde"] for d in publieke if d["peildatum"] == dag for c in d["cijfers"]}
        assert (cijfers["locaties"], cijfers["rechtOpOpvang"] - cijfers.get("buitenCoa", 0)) == (
            coa.locaties,
            coa.aanwezig,
        )


@alle_netwerken
def test_known_realisations_and_the_transfer_are_kept(aantal: int, zaad: int) -> None:
    net = netwerk(aantal, zaad)
    for dag in (date(2025, 7, 1), date(2026, 5, 21), date(2026, 5, 26)):
        rijen = net.beeld(begin(dag)).naleving
        assert (rijen["GM0344"].meetellend, rijen["GM0344"].naleving) == (1805, "gedeeltelijk")
        assert (rijen["GM0308"].meetellend, rijen["GM0308"].naleving) == (153, "voldoet")
        assert rijen["GM1950"].meetellend == 2000
    januari, februari = net.beeld(begin(date(2026, 1, 31))).naleving, net.beeld(begin(date(2026, 2, 1))).naleving
    assert (januari["GM0303"].gegeven, januari["GM0166"].ontvangen) == (200, 200)
    assert (februari["GM0303"].gegeven, februari["GM0166"].ontvangen) == (0, 0)
    assert januari["GM0303"].naleving == "voldoet"
