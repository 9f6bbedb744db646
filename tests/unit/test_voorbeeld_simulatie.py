"""The invented network shows every published total on its day, for several seeds. Tested with the fold of the core."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from uuid import UUID

import pytest

from schemas.fields import format_moment, parse_moment
from services.voorbeeld import naar_jsonl
from services.voorbeeld.simulatie import RONDE, SimStand, genereer, stand, vervolg
from services.voorbeeld.simulatie.constanten import coa_standen
from services.voorbeeld.simulatie.verdeling import verdeel, verdeel_snel
from services.voorbeeld.vorm import velden
from tests.support.simulated import (
    METING,
    NA,
    NETWERKEN,
    TOT,
    Netwerk,
    alle_netwerken,
    begin,
    eind,
    lees,
    momenten,
    netwerk,
)


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


def test_full_in_november_2026_too() -> None:
    dag = date(2026, 11, 24)
    beeld = Netwerk(rij for rij in genereer(tot=dag) if rij["type"] != METING or rij["time"] > "2026-11-20").beeld(
        begin(dag)
    )
    assert 1.02 < (beeld.landelijk.bezettingsgraad or 0) < 1.06
    # Eleven more got the places for their opgave since 26 May, and one of these fell back.
    assert beeld.klassen == (NA[0] + 10, NA[1] - 10, *NA[2:])


@alle_netwerken
def test_as_many_locaties_as_asked_for_in_235_gemeenten(aantal: int, zaad: int) -> None:
    net = netwerk(aantal, zaad)
    nu = net.beeld(begin(date(2026, 5, 26)))
    assert nu.landelijk.locaties == aantal
    assert len([rij for rij in nu.naleving.values() if rij.meetellend]) == 235
    assert len([rij for rij in net.beeld(eind(date(2026, 5, 21))).naleving.values() if rij.meetellend]) == 232
    geregistreerd = [e for e in net.structuur if e.type.endswith("locatie-geregistreerd.v1")]
    assert all(e.data.naam.endswith(" (simulatie)") for e in geregistreerd)
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
        assert list(rij["data"]) == [v for v in velden(rij["type"][3:-3]) if v in rij["data"]]
        uuid = UUID(rij["id"])
        assert (uuid.version, uuid.variant) == (7, "specified in RFC 4122")
        # An earlier version told other names, and of a step a bron.
        later = rij["type"].endswith(("locatie-geregistreerd.v1", "toezichtstap-gezet.v1"))
        assert uuid.int >> 80 == parse_moment(rij["time"]).timestamp() * 1000 + later


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
