"""`publiek` says what was published and no more, from the day of publication on. Tested with the fold of the core."""

from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import pairwise
from uuid import UUID

import orjson
import pytest

from schemas.events import Event
from schemas.fields import format_moment, parse_moment
from schemas.parsing import parse_facts
from schemas.reference import gemeenten
from services.core import bezetting, naleving, registers
from services.core.fold import fold
from services.core.locaties import Locatie, locaties
from services.core.opgaven import Opgave, opgave_of
from services.core.registers import Register
from services.core.standen import standen
from services.core.telregel import cyclus_in_force, maanden_later, maatstaf
from services.voorbeeld import naar_jsonl, publiek
from services.voorbeeld.vorm import velden
from tests.support.alarm_help import look, shipped, view


@cache
def feiten() -> tuple[Event, ...]:
    gelezen = parse_facts(b"[" + b",".join(naar_jsonl(publiek.gebeurtenissen())) + b"]")
    assert all(isinstance(feit, Event) for feit in gelezen), [f for f in gelezen if not isinstance(f, Event)]
    return gelezen  # type: ignore[return-value]


def stand(geldig: str, bekend: str | None = None) -> registers.Registers:
    return fold(feiten(), parse_moment(geldig), parse_moment(bekend or geldig))


def locatie(id_: str, geldig: str, bekend: str | None = None) -> Locatie:
    gevonden = locaties(stand(geldig, bekend), parse_moment(geldig))
    return next(rij for rij in gevonden if rij.id == id_)


def rijen(geldig: str, bekend: str | None = None) -> dict[str, naleving.GemeenteNaleving]:
    gevouwen, moment = stand(geldig, bekend), parse_moment(geldig)
    gevonden = naleving.naleving(gevouwen, standen(locaties(gevouwen, moment)), gemeenten(), moment, maatstaf(gevouwen))
    return {rij.gemeente.code: rij for rij in gevonden}


def klassen(geldig: str, bekend: str | None = None) -> dict[str, str]:
    return {rij.gemeente.naam: rij.naleving for rij in rijen(geldig, bekend).values()}


def gepubliceerd(onderwerp: str, geldig: str, bekend: str | None = None) -> dict[tuple[str, str], tuple[float, str]]:
    cijfers = bezetting.gepubliceerd(stand(geldig, bekend), onderwerp)
    return {(c["grootheid"], c["peildatum"]): (c["waarde"], c["nauwkeurigheid"]) for c in cijfers}


def test_every_fact_has_a_source_an_id_of_its_own_and_the_canonical_form() -> None:
    rijen = publiek.gebeurtenissen()
    assert len({rij["id"] for rij in rijen}) == len(rijen)
    for rij in rijen:
        assert list(rij) == ["specversion", "id", "source", "type", "subject", "time", "data"]
        assert UUID(rij["id"]).version == 5
        assert rij["source"].endswith(":systeem:publieke-bronnen")
        assert 1 <= len(rij["data"]["bron"]) <= 300
        assert None not in rij["data"].values()
        assert list(rij["data"]) == [v for v in velden(rij["type"][3:-3]) if v in rij["data"]]
        assert list(rij["data"])[-1] == "bron"
    assert all(eerder["time"] <= later["time"] for eerder, later in pairwise(rijen))
    assert rijen == publiek.gebeurtenissen()


def test_an_id_stays_the_same_for_ever() -> None:
    """A repeated import must be harmless, also with a later version."""
    tellingen = {rij["data"].get("peilmoment"): rij["id"] for rij in publiek.gebeurtenissen()}
    assert tellingen["2024-05-08T22:00:00Z"] == "9851f277-bf25-538b-8492-3858614fe632"


def test_moments_are_written_in_utc() -> None:
    velden = {"geldigVanaf", "geldigTot", "peilmoment", "peildatum", "beschikbaarTotMinstens", "realiserenVoor"}
    for rij in publiek.gebeurtenissen():
        for moment in [rij["time"], *(rij["data"][veld] for veld in velden & rij["data"].keys())]:
            assert format_moment(parse_moment(moment)) == moment


@pytest.mark.parametrize(
    ("aanduiding", "eerste", "laatste"),
    [
        ("2024-02-23", "2024-02-23", "2024-02-23"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-12/2025-01", "2024-12-01", "2025-01-31"),
        ("2024/2025", "2024-01-01", "2025-12-31"),
    ],
)
def test_a_period_holds_from_its_first_day_and_is_known_from_its_last(
    aanduiding: str, eerste: str, laatste: str
) -> None:
    assert [dag.isoformat() for dag in publiek.periode(aanduiding)] == [eerste, laatste]


def test_a_month_becomes_known_on_its_last_day_in_amsterdam() -> None:
    westerwolde = next(f for f in feiten() if f.subject == "GM1950")
    assert westerwolde.data.geldigVanaf == parse_moment("2024-02-01")
    assert westerwolde.time == parse_moment("2024-02-29")


def test_ter_apel_on_10_may_2024() -> None:
    ter_apel = locatie("LOC-TER-APEL", "2024-05-10")
    assert (ter_apel.aanwezig, ter_apel.inzetbaar, ter_apel.gemeente, ter_apel.soort) == (
        2463,
        2000,
        "GM1950",
        "aanmeldcentrum",
    )
    assert ter_apel.maximum is not None
    assert (ter_apel.maximum.maximum, ter_apel.maximum.dwangsom_per_dag, ter_apel.maximum.dwangsom_plafond) == (
        2000,
        15_000,
        1_500_000,
    )
    assert ter_apel.boven_maximum
    assert ter_apel.boven_capaciteit
    assert bezetting.bezetting(standen([ter_apel]), parse_moment("2024-05-10")).bezettingsgraad == 2463 / 2000


def test_ter_apel_has_26_counts_each_from_the_day_it_became_known() -> None:
    tellingen = [f for f in feiten() if f.type.endswith("bezetting-gemeld.v1")]
    assert len(tellingen) == 26
    assert {f.subject for f in tellingen} == {"LOC-TER-APEL"}
    assert all(timedelta(0) <= f.time - f.data.peilmoment <= timedelta(days=2) for f in tellingen)
    # 20 April 2024: the counting system was down. 10 September 2024: held back.
    assert locatie("LOC-TER-APEL", "2024-04-20").aanwezig == 2153
    assert locatie("LOC-TER-APEL", "2024-04-20", "2024-04-20T21:59:59Z").aanwezig == 2153
    assert locatie("LOC-TER-APEL", "2024-04-20", "2024-04-21").aanwezig == 2264
    assert locatie("LOC-TER-APEL", "2024-09-10").aanwezig == 2309
    assert locatie("LOC-TER-APEL", "2024-09-10", "2024-09-11").aanwezig == 2062
    assert locatie("LOC-TER-APEL", "2024-09-11").aanwezig == 2073


@pytest.mark.parametrize(
    ("dag", "per_dag", "plafond"),
    [
        ("2024-02-22", None, None),  # the maximum of the agreement
        ("2024-02-23", 15_000, 1_500_000),
        ("2024-11-12", 15_000, 1_500_000),
        ("2024-11-13", 50_000, 5_000_000),
        ("2026-11-24", 50_000, 5_000_000),  # the penalty ended in March 2026, the maximum did not
    ],
)
def test_the_maximum_is_2000_all_along_and_the_penalty_changes(
    dag: str, per_dag: int | None, plafond: int | None
) -> None:
    maximum = locatie("LOC-TER-APEL", dag).maximum
    assert maximum is not None
    assert (maximum.maximum, maximum.dwangsom_per_dag, maximum.dwangsom_plafond) == (2000, per_dag, plafond)


def test_the_orders_are_known_from_the_day_they_were_given() -> None:
    assert locatie("LOC-TER-APEL", "2024-03-01", "2024-01-23").maximum.dwangsom_per_dag == 15_000  # type: ignore[union-attr]
    assert locatie("LOC-TER-APEL", "2024-11-13", "2024-10-29").maximum.dwangsom_per_dag == 15_000  # type: ignore[union-attr]
    assert locatie("LOC-TER-APEL", "2024-11-13", "2024-10-30").maximum.dwangsom_per_dag == 50_000  # type: ignore[union-attr]


def test_penalty_totals_are_published_figures_only() -> None:
    cijfers = gepubliceerd("LOC-TER-APEL", "2026-03-13")
    assert cijfers["dwangsomTotaal", "2024-05-09"] == (1_012_500, "exact")
    assert cijfers["dwangsomTotaal", "2024-06-11"] == (1_500_000, "exact")
    assert cijfers["dwangsomDagen", "2026-02-11"] == (69, "exact")
    assert cijfers["dwangsomTotaal", "2026-02-23"] == (4_000_000, "minstens")
    assert cijfers["dwangsomTotaal", "2026-03-13"] == (5_000_000, "exact")
    assert cijfers["dwangsomTotaalBeideReeksen", "2026-03-13"] == (6_500_000, "exact")


def test_access_is_controlled_as_of_the_letter() -> None:
    assert locatie("LOC-TER-APEL", "2026-07-09").toegang is None
    assert locatie("LOC-TER-APEL", "2026-07-10", "2026-07-09").toegang is None
    assert locatie("LOC-TER-APEL", "2026-07-10").toegang == "gecontroleerd"


def test_locaties_open_and_close() -> None:
    def geopend(dag: str) -> set[str]:
        rijen = locaties(stand(dag), parse_moment(dag))
        return {rij.id for rij in rijen if rij.registered and rij.open}

    registraties = Counter(f.subject for f in feiten() if f.type.endswith("locatie-geregistreerd.v1"))
    assert len(registraties) == 24
    assert registraties.pop("LOC-BIDDINGHUIZEN") == 2  # two sources describe one site
    assert set(registraties.values()) == {1}
    assert "LOC-AMSTERDAM-MS-GALAXY" in geopend("2024-03-31")
    assert "LOC-AMSTERDAM-MS-GALAXY" not in geopend("2024-04-01")
    assert "LOC-ZUIDWOLDE" in geopend("2024-06-30")
    assert "LOC-ZUIDWOLDE" not in geopend("2024-07-01")
    assert "LOC-UTRECHT-PLAN-EINSTEIN" in geopend("2028-12-31")
    assert "LOC-UTRECHT-PLAN-EINSTEIN" not in geopend("2029-01-01")
    assert locatie("LOC-UTRECHT-PLAN-EINSTEIN", "2029-01-01").totaal_plaatsen == 0
    for feit in feiten():
        if feit.type.endswith("locatie-gesloten.v1"):
            plaatsen = [f for f in feiten() if f.subject == feit.subject and f.type.endswith("capaciteit-gewijzigd.v1")]
            if plaatsen:
                assert max(p.data.geldigTot for p in plaatsen if p.data.geldigTot) == feit.data.geldigVanaf


def test_biddinghuizen_is_one_site_at_two_times() -> None:
    eerst, later = locatie("LOC-BIDDINGHUIZEN", "2023-06-01"), locatie("LOC-BIDDINGHUIZEN", "2024-03-01")
    assert (eerst.totaal_plaatsen, later.totaal_plaatsen) == (1500, 1300)
    assert later.naam == "Evenemententerrein Biddinghuizen (Walibi)"
    assert not locatie("LOC-BIDDINGHUIZEN", "2024-04-07").open


def test_what_was_planned_or_outside_coa_is_no_locatie() -> None:
    assert not [f for f in feiten() if f.subject.startswith("LOC-") and "BARNEVELD" in f.subject]
    assert not [f for f in feiten() if getattr(f.data, "gemeente", None) in ("GM0203", "GM0268")]
    assert gepubliceerd("GM0203", "2023-10-01")["plaatsenGepland", "2023-09-01"] == (300, "ongeveer")
    assert gepubliceerd("GM0268", "2024-02-23")["plaatsenCrisisnoodopvang", "2024-02-23"] == (1114, "exact")


@pytest.mark.parametrize(
    ("id_", "dag", "waarde"),
    [
        ("LOC-AZC-ALMERE", "2024-02-23", 800),
        ("LOC-OMMEN-GEMEENTEHUIS", "2023-10-01", 40),
        ("LOC-HUIZEN-WERKHAVEN", "2023-10-01", 200),
    ],
)
def test_approximate_places_are_published_and_not_counted(id_: str, dag: str, waarde: int) -> None:
    assert locatie(id_, dag).totaal_plaatsen is None
    assert (waarde, "ongeveer") in gepubliceerd(id_, dag).values()


def test_the_emergency_part_of_almere_does_not_pass_for_the_whole() -> None:
    assert locatie("LOC-AZC-ALMERE-NOODOPVANG", "2024-03-31").totaal_plaatsen == 440
    assert not locatie("LOC-AZC-ALMERE-NOODOPVANG", "2024-04-01").open
    assert locatie("LOC-AZC-ALMERE", "2024-04-01").open


def test_the_cyclus_is_incomplete_so_nobody_is_said_to_fail() -> None:
    cyclus = cyclus_in_force(stand("2026-05-26"))
    assert cyclus is not None
    assert (cyclus.id, cyclus.raming, cyclus.volledig) == ("2024", 96_000, False)
    assert cyclus.beschikbaar_tot_minstens == parse_moment("2026-02-01")
    gevonden = klassen("2026-05-26")
    assert {naam for naam, klasse in gevonden.items() if klasse == "geen opgave"} == {"Woudenberg"}
    assert {naam for naam, klasse in gevonden.items() if klasse == "opgeschort"} == {"'s-Gravenhage"}
    assert Counter(gevonden.values()) == {"onbekend": 340, "geen opgave": 1, "opgeschort": 1}


def test_an_indicative_opgave_binds_nobody() -> None:
    for code in ("GM0303", "GM1950"):  # Both have more places than their indicative number.
        gemeente = rijen("2026-05-26")[code]
        assert gemeente.opgave is not None
        assert (gemeente.opgave.status, gemeente.eigen > gemeente.opgave.opgave) == ("indicatief", True)
        assert (gemeente.naleving, gemeente.reden) == ("onbekend", "geen verdeelbesluit bekend")
        assert (gemeente.tekort, gemeente.tekort_hoogstens) == (None, None)


def test_the_term_and_the_rule_are_known_from_their_sources_on() -> None:
    cyclus, telregel = maatstaf(stand("2026-05-26"))
    assert cyclus is not None
    assert telregel is not None
    assert cyclus.realiseren_voor == parse_moment("2025-07-01")
    assert (telregel.naam, telregel.amv_apart, telregel.nog_minstens_maanden) == ("eerste-cyclus", True, 7)
    assert telregel.beschikbaar_tot_minstens == maanden_later(parse_moment("2025-07-01"), 7)
    cyclus, telregel = maatstaf(stand("2026-05-26", "2025-02-27"))
    assert cyclus is not None
    assert (cyclus.realiseren_voor, telregel is not None and telregel.own) == (None, True)


def test_what_of_the_rule_is_our_own_assumption_is_said_with_it() -> None:
    (rule,) = [one["data"] for one in publiek.gebeurtenissen() if one["type"].endswith("telregel-vastgesteld.v1")]
    assert "Aannames van Opvangpeil, niet van het ministerie" in rule["omschrijving"]
    assert rule["bron"].endswith("zeven maanden en amv apart: aanname van Opvangpeil")
    assert "ministerie" not in rule["naam"]


def test_the_verdeelbesluit_of_den_haag_is_known_from_the_ruling_that_suspended_it() -> None:
    den_haag = rijen("2026-05-26")["GM0518"]
    assert den_haag.besluit is not None
    assert (den_haag.besluit.opgave, den_haag.besluit.waarvan_amv) == (2189, 348)
    assert den_haag.besluit.realiseren_voor == parse_moment("2025-07-01")
    assert (den_haag.naleving, den_haag.reden) == ("opgeschort", "geschorst (ECLI:NL:RBDHA:2025:13423)")
    assert rijen("2025-06-29", "2025-07-23")["GM0518"].naleving == "onbekend"
    eerder = rijen("2026-05-26", "2025-07-22")["GM0518"]
    assert (eerder.besluit, eerder.opgave) == (None, Opgave(2513, "indicatief", None))


def test_the_stronger_status_wins_and_contradictions_are_kept() -> None:
    opgave = opgave_of(stand("2026-01-01"), "GM0344", "2024")
    assert opgave == Opgave(1946, "verdeelbesluit", 152)
    assert opgave_of(stand("2024-06-01"), "GM0344", "2024") == Opgave(1988, "indicatief", None)
    cijfers = gepubliceerd("GM0344", "2026-01-01")
    assert cijfers["opgave2024", "2025-06-01"] == (1943, "exact")
    assert (cijfers["plaatsenGerealiseerd", "2025-06-01"][0], cijfers["plaatsenGerealiseerd", "2025-07-01"][0]) == (
        1493,
        1805,
    )
    assert opgave_of(stand("2026-01-01"), "GM0034", "2024") is None  # ">1000" is not an exact number
    assert gepubliceerd("GM0034", "2026-01-01")["opgave2024Indicatief", "2024-01-01"] == (1000, "minstens")
    assert gepubliceerd("GM1783", "2026-01-01")["opgave2024Indicatief", "2024-09-01"] == (700, "ongeveer")


def test_dronten_lends_200_places_to_kampen_until_february_2026() -> None:
    def uitgeleend(dag: str) -> tuple[int, int, int, int]:
        dronten, kampen = rijen(dag)["GM0303"], rijen(dag)["GM0166"]
        return dronten.eigen, dronten.gegeven, dronten.ongedekt, kampen.meetellend

    assert uitgeleend("2025-01-01") == uitgeleend("2026-01-31") == (1000, 200, 0, 200)
    assert uitgeleend("2026-02-01") == (1000, 0, 0, 0)


def test_what_others_published_stands_beside_ours() -> None:
    cijfers = gepubliceerd("NL", "2026-07-10")
    brief = [cijfers[grootheid, "2026-05-26"][0] for grootheid in ("voldoet", "gedeeltelijk", "voldoetNiet")]
    assert brief == [119, 116, 107]
    assert cijfers["voldoet", "2026-05-21"] == (92, "exact")
    assert cijfers["nietOfGedeeltelijk", "2026-05-21"] == (250, "exact")
    assert cijfers["voldoetNiet", "2026-05-21"] == (100, "minstens")
    assert cijfers["bezettingsgraad", "2026-07-10"] == (1, "minstens")
    assert not gepubliceerd("NL", "2026-07-10", "2026-07-09").keys() & brief_keys()
    assert cijfers["rechtOpOpvang", "2023-01-02"] == (51_701, "exact")  # the published parts add up to 51,706
    assert gepubliceerd("PV26", "2026-01-01")["opgave2024", "2025-06-01"] == (8207, "exact")


def brief_keys() -> set[tuple[str, str]]:
    return {("voldoet", "2026-05-26"), ("gedeeltelijk", "2026-05-26"), ("voldoet", "2026-05-21")}


def test_the_split_of_2026_is_published_only() -> None:
    assert {f.subject for f in feiten() if f.type.endswith("cyclus-vastgesteld.v1")} == {"2024"}
    assert {f.data.cyclus for f in feiten() if f.type.endswith("opgave-vastgesteld.v1")} == {"2024"}
    assert {f.subject[:2] for f in feiten() if f.type.endswith("opgave-vastgesteld.v1")} == {"GM"}
    assert gepubliceerd("NL", "2026-03-01")["opgave2026", "2026-02-27"] == (88_000, "exact")
    assert gepubliceerd("PV30", "2026-03-01")["opgave2026", "2026-02-27"] == (13_000, "minstens")


def test_jsonl_is_one_compact_line_an_event() -> None:
    rijen = publiek.gebeurtenissen()
    regels = list(naar_jsonl(rijen))
    assert all(regel.count(b"\n") == 1 and regel.endswith(b"}\n") for regel in regels)
    assert [orjson.loads(regel) for regel in regels] == rijen


@pytest.mark.parametrize("op", ["2026-11-27T12:00:00Z", "2027-06-01T12:00:00Z"])
def test_no_shipped_alarm_rests_on_an_old_reading_and_one_says_that_the_country_is_not_known(op: str) -> None:
    moment, log = parse_moment(op), []
    gezien = view(feiten(), moment)
    assert Register.AANWEZIG.get(gezien.registers, "LOC-TER-APEL") is not None
    look([shipped(naam) for naam in ("landelijke-bezetting", "locatie-bezetting", "boven-maximum")], gezien, log)
    (enige,) = log
    gezegd = enige.data
    assert (gezegd.regel, gezegd.voorRegel, enige.subject) == ("te-weinig-gegevens", "landelijke-bezetting", "NL")
    assert gezegd.toelichting.startswith("De landelijke bezettingsgraad is niet vast te stellen: ")
