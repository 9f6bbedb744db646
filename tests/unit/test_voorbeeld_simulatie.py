"""The invented network shows every published total on its day, for several seeds. Tested with the fold of the core.

Only readings of the last two counting days up to V are folded. Every open locatie has one there, and the latest wins.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import islice, pairwise
from typing import Any
from uuid import UUID

import pytest

from schemas.events import Event
from schemas.fields import AMSTERDAM, format_moment, parse_moment
from schemas.parsing import parse_facts
from schemas.reference import gemeenten
from services.core import bezetting, naleving, registers
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.standen import standen
from services.core.telregel import NIETS_GEVRAAGD, Gevraagd, maatstaf, telregels
from services.core.voorbehoud import van_naleving
from services.voorbeeld import naar_jsonl, publiek
from services.voorbeeld.simulatie import RONDE, SimStand, genereer, stand, vervolg
from services.voorbeeld.simulatie.constanten import coa_standen, instellingen, provincie_opgaven
from services.voorbeeld.simulatie.opgaven import bekend, opgaven
from services.voorbeeld.simulatie.verdeling import verdeel, verdeel_snel
from services.voorbeeld.vorm import VELDEN
from tests.support.rondes import only_whole

TOT = date(2026, 6, 2)
METING = "nl.opvanglocaties.bezetting-gemeld.v1"
NETWERKEN = [(310, 1), (310, 2), (235, 3), (1000, 1)]
TELDAGEN = 2
VOOR, NA = (92, 140, 110, 0, 0, 0, 0), (119, 116, 107, 0, 0, 0, 0)
"""The classes on 21 and 26 May 2026, in the order of KLASSEN."""
DEN_HAAG = "GM0518"
"""Its verdeelbesluit was found after the network was made. Another number would change the task of all others."""


def lees(regels: Iterable[bytes]) -> list[Event]:
    """Validates every event with its model."""
    gelezen: list[Event] = []
    wachtend = iter(regels)
    while batch := list(islice(wachtend, 5000)):
        for feit in parse_facts(b"[" + b",".join(batch) + b"]"):
            assert isinstance(feit, Event), feit
            gelezen.append(feit)
    return gelezen


@cache
def dag_van(moment: str) -> date:
    return parse_moment(moment).astimezone(AMSTERDAM).date()


class Netwerk:
    """A generated network: its readings by day of logging (as JSON, parsed when needed), and all its other events."""

    def __init__(self, rijen: Iterable[dict[str, Any]]) -> None:
        structuur: list[dict[str, Any]] = []
        self._per_dag: dict[date, list[bytes]] = {}
        for rij in rijen:
            if rij["type"] == METING:
                dag = dag_van(rij["time"])
                self._per_dag.setdefault(dag, []).extend(naar_jsonl([rij]))
            else:
                structuur.append(rij)
        self.structuur = lees(naar_jsonl(structuur))
        self.dagen = list(self._per_dag)

        self._gelezen: dict[date, list[Event]] = {}

    def metingen(self, dag: date) -> list[Event]:
        if dag not in self._gelezen:
            self._gelezen[dag] = lees(self._per_dag[dag])
        return self._gelezen[dag]

    def beeld(
        self, geldig: datetime, bekend_op: datetime | None = None, gevraagd: Gevraagd = NIETS_GEVRAAGD
    ) -> "Beeld":
        vandaag = geldig.astimezone(AMSTERDAM).date()
        recent = [dag for dag in self.dagen if dag <= vandaag][-TELDAGEN:]
        metingen = [meting for dag in recent for meting in self.metingen(dag)]
        gevouwen = fold([*self.structuur, *metingen], geldig, bekend_op or geldig)
        return Beeld(gevouwen, geldig, gevraagd)


class Beeld:
    """The figures at one (V, K)."""

    def __init__(self, gevouwen: registers.Registers, geldig: datetime, gevraagd: Gevraagd) -> None:
        self.locaties = locaties(gevouwen, geldig)
        self.landelijk = bezetting.bezetting(standen(self.locaties), geldig)
        self.maatstaf = maatstaf(gevouwen, gevraagd)
        rijen = naleving.naleving(gevouwen, standen(self.locaties), gemeenten(), geldig, self.maatstaf)
        self.naleving = {rij.gemeente.code: rij for rij in rijen}
        self.klassen = tuple(naleving.totalen(rijen).values())


@cache
def netwerk(aantal: int, zaad: int) -> Netwerk:
    return Netwerk(genereer(locaties=aantal, zaad=zaad, tot=TOT))


def zonder_metingen(**keuzes: Any) -> Netwerk:
    return Netwerk(rij for rij in genereer(**keuzes) if rij["type"] != METING)


def begin(dag: date) -> datetime:
    return datetime(dag.year, dag.month, dag.day, tzinfo=AMSTERDAM).astimezone(UTC)


def eind(dag: date) -> datetime:
    return begin(dag + timedelta(days=1)) - timedelta(microseconds=1)


def momenten(dag: date) -> tuple[datetime, ...]:
    """Returns the first moment, one in the middle, and the last moment of a day in Amsterdam."""
    return begin(dag), begin(dag) + timedelta(hours=13, minutes=7), eind(dag)


alle_netwerken = pytest.mark.parametrize(
    ("aantal", "zaad"), [NETWERKEN[0], *(only_whole(*netwerk) for netwerk in NETWERKEN[1:])]
)


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
    tussenin = [e for e in net.structuur if begin(date(2026, 5, 1)) < e.time]
    assert all(begin(date(2026, 5, 22)) <= e.time < begin(date(2026, 5, 26)) for e in tussenin)


@alle_netwerken
def test_the_223_that_do_not_meet_their_opgave_get_a_letter(aantal: int, zaad: int) -> None:
    net = netwerk(aantal, zaad)
    brieven = [e for e in net.structuur if e.type.endswith("toezichtstap-gezet.v1")]
    assert len(brieven) == 223
    assert {e.data.stap for e in brieven} == {"brief"}
    assert all(begin(date(2026, 5, 22)) <= e.time < begin(date(2026, 5, 26)) == e.data.gezetOp for e in brieven)
    op_26_mei = net.beeld(begin(date(2026, 5, 26))).naleving
    assert {code for code, rij in op_26_mei.items() if rij.naleving != "voldoet"} == {e.subject for e in brieven}
    assert {code for code, rij in op_26_mei.items() if rij.toezicht} == {e.subject for e in brieven}
    assert not [rij for rij in net.beeld(eind(date(2026, 5, 21))).naleving.values() if rij.toezicht]


@alle_netwerken
def test_coa_counts_hold_all_day_on_its_seven_days(aantal: int, zaad: int) -> None:
    verwacht = {
        date(2022, 1, 24): (108, 36_864),
        date(2022, 6, 27): (126, 40_384),
        date(2022, 12, 5): (171, 44_768),
        date(2023, 1, 2): (167, 44_755),
        date(2023, 9, 25): (219, 51_921),
        date(2024, 1, 1): (241, 57_285),
        date(2025, 1, 6): (304, 65_068),
    }
    assert {s.dag: (s.locaties, s.aanwezig) for s in coa_standen()} == verwacht
    for dag, cijfers in verwacht.items():
        for moment in (begin(dag), eind(dag)):
            landelijk = netwerk(aantal, zaad).beeld(moment).landelijk
            assert (landelijk.locaties, landelijk.aanwezig) == cijfers
        assert netwerk(aantal, zaad).beeld(begin(dag), begin(TOT)).landelijk.aanwezig == cijfers[1]
        assert landelijk.bezettingsgraad == pytest.approx(0.98, abs=0.03)


@alle_netwerken
def test_full_all_through_may_2026_and_after(aantal: int, zaad: int) -> None:
    dagen = [date(2026, 5, 1) + timedelta(days=n) for n in range(33)]
    for dag in dagen[:: 2 if (aantal, zaad) == NETWERKEN[0] else 16]:
        for moment, bekend_op in ((begin(dag), None), (eind(dag), begin(TOT))):
            beeld = netwerk(aantal, zaad).beeld(moment, bekend_op)
            assert beeld.landelijk.bezettingsgraad is not None
            assert 1.02 < beeld.landelijk.bezettingsgraad < 1.12
            assert abs(beeld.landelijk.plaatsen - 74_000) < 1500
            ter_apel = next(rij for rij in beeld.locaties if rij.soort == "aanmeldcentrum")
            assert (ter_apel.id, ter_apel.gemeente, ter_apel.toegang) == ("LOC-TER-APEL", "GM1950", "gecontroleerd")


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
    assert {rij.reden for rij in lopend} == {"te realiseren vóór 1 juli 2025"}
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
    oud = sha256(b"".join(naar_jsonl(rij for rij in genereer(tot=TOT) if not _toegevoegd(rij))))
    assert oud.hexdigest() == "5340530b32664df00e3c27bff1267b4f46a8703a56bd676675d1dd8eff6c7458"


def _toegevoegd(rij: dict[str, Any]) -> bool:
    """Tells whether an event is about the terms of the law, which the earlier version did not have."""
    inhoud = rij["data"]
    soorten = {regel["soort"] for regel in inhoud.get("plaatsen", ())}
    of_law = "telregel" in f"{rij['type']}{list(inhoud)}" or rij["type"].endswith("opgave-stand-gewijzigd.v1")
    return of_law or inhoud.get("naar") == "GM0363" or (len(soorten) > 1 and "amv" in soorten)


def test_full_in_november_2026_too() -> None:
    dag = date(2026, 11, 24)
    beeld = Netwerk(rij for rij in genereer(tot=dag) if rij["type"] != METING or rij["time"] > "2026-11-20").beeld(
        begin(dag)
    )
    assert 1.02 < (beeld.landelijk.bezettingsgraad or 0) < 1.06
    assert beeld.klassen == NA


@alle_netwerken
def test_as_many_locaties_as_asked_for_in_235_gemeenten(aantal: int, zaad: int) -> None:
    net = netwerk(aantal, zaad)
    nu = net.beeld(begin(date(2026, 5, 26)))
    assert nu.landelijk.locaties == aantal
    assert len([rij for rij in nu.naleving.values() if rij.meetellend]) == 235
    assert len([rij for rij in net.beeld(eind(date(2026, 5, 21))).naleving.values() if rij.meetellend]) == 232
    geregistreerd = [e for e in net.structuur if e.type.endswith("locatie-geregistreerd.v1")]
    assert all(e.data.naam.startswith("Simulatie ") for e in geregistreerd)
    assert len({e.data.naam for e in geregistreerd}) == len({e.subject for e in geregistreerd})
    # COA counted 304 in January 2025, so a smaller network has closed some since then.
    assert len({e.subject for e in geregistreerd}) == max(aantal, 304 + 3)
    assert len(geregistreerd) > len({e.subject for e in geregistreerd})  # some closed and opened again


def test_more_locaties_split_the_places_of_their_gemeente() -> None:
    moment = begin(date(2026, 5, 26))
    klein, groot = netwerk(310, 1).beeld(moment), netwerk(1000, 1).beeld(moment)
    assert {c: r.meetellend for c, r in klein.naleving.items()} == {c: r.meetellend for c, r in groot.naleving.items()}


def test_sizes_fit_the_kind_of_locatie() -> None:
    grenzen = {"azc": (250, 1500), "noodopvang": (85, 600), "amv": (16, 100), "kleinschalig": (16, 100)}
    for rij in netwerk(310, 1).beeld(begin(date(2026, 5, 26))).locaties:
        if rij.soort in grenzen:
            assert grenzen[rij.soort][0] <= (rij.totaal_plaatsen or 0) <= grenzen[rij.soort][1], rij


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


def test_readings_are_weekly_and_from_may_2026_daily() -> None:
    dagen = netwerk(310, 1).dagen
    wekelijks = [dag for dag in dagen if dag < date(2026, 5, 1)]
    assert {dag.weekday() for dag in wekelijks} == {0}
    assert {(b - a).days for a, b in pairwise(wekelijks)} == {7}
    assert [dag for dag in dagen if dag >= date(2026, 5, 1)] == [
        date(2026, 5, 1) + timedelta(days=n) for n in range(33)
    ]
    assert all(e.time == e.data.peilmoment == begin(dag) for dag in dagen[::5] for e in netwerk(310, 1).metingen(dag))


@pytest.mark.parametrize("meer", [None, 90_000])
def test_canonical_form_and_order(meer: int | None) -> None:
    rijen = list(genereer(tot=TOT, gebeurtenissen=meer))
    assert all(eerder["time"] <= later["time"] for eerder, later in pairwise(rijen))
    assert len({rij["id"] for rij in rijen}) == len(rijen)
    assert {rij["source"] for rij in rijen} == {"urn:nld:oin:00000000000000000000:systeem:simulatie"}
    assert rijen[-1]["time"] <= format_moment(begin(TOT))
    for rij in [rij for rij in rijen if rij["type"] != METING] + rijen[:: len(rijen) // 2000]:
        assert list(rij) == ["specversion", "id", "source", "type", "subject", "time", "data"]
        assert list(rij["data"]) == [v for v in VELDEN[rij["type"][3:-3]] if v in rij["data"]]
        uuid = UUID(rij["id"])
        assert (uuid.version, uuid.variant) == (7, "specified in RFC 4122")
        assert uuid.int >> 80 == parse_moment(rij["time"]).timestamp() * 1000


def test_exactly_as_many_events_as_asked_for() -> None:
    tot = date(2026, 5, 5)
    nodig = sum(1 for _ in genereer(tot=tot))
    for gevraagd in (nodig, nodig + 1, nodig + 12_345):
        assert sum(1 for _ in genereer(tot=tot, gebeurtenissen=gevraagd)) == gevraagd
    with pytest.raises(ValueError, match=f"gebeurtenissen moet minstens {nodig} zijn.*gevraagd: {nodig - 1}"):
        genereer(tot=tot, gebeurtenissen=nodig - 1)
    with pytest.raises(ValueError, match="extra tellingen passen niet"):
        genereer(tot=tot, gebeurtenissen=10**10)


def test_more_counts_a_day_change_no_published_total() -> None:
    net = Netwerk(genereer(tot=TOT, gebeurtenissen=100_000))
    peilmomenten = Counter((m.subject, m.data.peilmoment) for m in net.metingen(date(2026, 5, 20)))
    assert max(peilmomenten.values()) == 1 < len(peilmomenten) / 310
    for coa in coa_standen():
        assert net.beeld(eind(coa.dag)).landelijk.aanwezig == coa.aanwezig
    for dag in (date(2026, 5, 1), date(2026, 5, 20), date(2026, 5, 31)):
        for moment in momenten(dag):
            assert (net.beeld(moment).landelijk.bezettingsgraad or 0) > 1.02


def test_the_seed_decides_everything() -> None:
    def bytes_van(zaad: int, gebeurtenissen: int | None = None) -> bytes:
        return b"".join(naar_jsonl(genereer(zaad=zaad, gebeurtenissen=gebeurtenissen, tot=date(2023, 1, 9))))

    assert bytes_van(5) == bytes_van(5)
    assert bytes_van(5) != bytes_van(6)
    assert bytes_van(5, 20_000) == bytes_van(5, 20_000) != bytes_van(6, 20_000)


@pytest.mark.parametrize(
    ("keuzes", "melding"),
    [
        ({"locaties": 234}, "locaties moet minstens 235 zijn"),
        ({"locaties": 20_001}, "locaties mag hoogstens 20000 zijn"),
        ({"tot": date(2022, 1, 1)}, "tot moet van 2022-01-08"),
        ({"tot": date(2050, 1, 1)}, "tot moet van 2022-01-08 tot en met 2049-12-31"),
    ],
)
def test_what_can_not_be_is_refused_at_once(keuzes: dict[str, Any], melding: str) -> None:
    with pytest.raises(ValueError, match=melding):
        genereer(**{"tot": TOT, **keuzes})


@pytest.mark.parametrize("tot", [date(2022, 1, 8), date(2023, 7, 5), date(2024, 1, 1)])
def test_an_earlier_end_is_a_prefix(tot: date) -> None:
    kort = list(genereer(tot=tot))
    assert list(islice(genereer(tot=TOT), len(kort))) == kort


def test_the_largest_network_is_possible() -> None:
    assert next(genereer(locaties=20_000, tot=date(2025, 8, 1)))["type"]


def test_live_counts_follow_on() -> None:
    laatste = stand(tot=TOT)
    bewaard = {e.subject: e.data.aanwezig for e in netwerk(310, 1).metingen(TOT)}
    assert dict(laatste.locaties) == bewaard
    start = begin(TOT) + timedelta(hours=9)
    ronde = vervolg(laatste, sinds=start, moment=start + RONDE)
    assert Counter(rij["subject"] for rij in ronde) == Counter(list(bewaard))
    assert all(0 <= rij["data"]["aanwezig"] - bewaard[rij["subject"]] <= 2 for rij in ronde)
    assert all(eerder["time"] <= later["time"] for eerder, later in pairwise(ronde))
    assert format_moment(start) < ronde[0]["time"]
    assert ronde[-1]["time"] <= format_moment(start + RONDE)
    assert len(lees(naar_jsonl(ronde))) == len({rij["id"] for rij in ronde}) == 310


def test_live_counts_do_not_depend_on_how_often_one_asks() -> None:
    laatste = SimStand(1, (("LOC-A", 10), ("LOC-B", 20), ("LOC-C", 30)))
    start = datetime(2026, 6, 2, 9, 0, 0, tzinfo=UTC)
    ineens = vervolg(laatste, sinds=start, moment=start + timedelta(hours=2))
    stappen = [start + timedelta(seconds=n) for n in (0, 1, 3, 299.5, 300, 1000, 7199, 7200)]
    delen = [rij for sinds, moment in pairwise(stappen) for rij in vervolg(laatste, sinds=sinds, moment=moment)]
    assert delen == ineens
    assert len(ineens) == 24
    assert vervolg(laatste, sinds=start, moment=start) == []


def test_splitting_is_exact_and_within_bounds() -> None:
    assert verdeel(10, [1, 1, 1], [0, 0, 0]) == [4, 3, 3]
    assert verdeel(10, [1, 1, 1], [5, 0, 0], [10, 2, 10]) == [5, 2, 3]
    assert verdeel(3, [5, 1, 1], [1, 1, 1]) == [1, 1, 1]
    assert sum(verdeel_snel(74_321, [3, 0, 999, 17])) == 74_321
    with pytest.raises(ValueError, match="11 is niet te verdelen"):
        verdeel(11, [1, 1], [0, 0], [5, 5])
