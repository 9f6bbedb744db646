"""Makes the readings: how many people are where on each counting day, and as many more counts as were asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, pi, sin
from random import Random

from services.voorbeeld.simulatie.constanten import coa_standen, instellingen
from services.voorbeeld.simulatie.logboek import Mutatie, SimLogboek
from services.voorbeeld.simulatie.verdeling import toeval_van, verdeel_snel
from services.voorbeeld.vorm import middernacht

PER_DAG_HOOGSTENS = 40_000
"""The most counts of one locatie on one day. They are then two seconds apart, so that no two share a peilmoment."""


@dataclass(frozen=True, slots=True)
class Teldag:
    """One counting day."""

    dag: date
    gewichten: Mapping[str, int]
    """For each locatie that reports, its usable places times how full it tends to be."""


def teldagen(log: SimLogboek, tot: date) -> Iterator[Teldag]:
    """Yields the days with a reading at 00:00, up to and including `tot`, each with the locaties that report then.

    All days share one mapping of weights, which changes: use it before you take the next day.
    """
    gewichten: dict[str, int] = {}
    wachtend = iter(log.mutaties)
    volgende = next(wachtend, None)
    for dag in _dagen(tot):
        while volgende is not None and volgende.dag <= dag:
            _pas_toe(gewichten, volgende)
            volgende = next(wachtend, None)
        yield Teldag(dag, gewichten)


def _dagen(tot: date) -> Iterator[date]:
    """Yields the Mondays, as COA counts, and every day from May 2026."""
    begin, dagelijks = instellingen()["begin"], instellingen()["dagelijks_vanaf"]
    dag = begin + timedelta(days=-begin.weekday() % 7)
    while dag <= tot:
        yield dag
        dag = dag + timedelta(days=1) if dag >= dagelijks else min(dag + timedelta(days=7), dagelijks)


def _pas_toe(gewichten: dict[str, int], mutatie: Mutatie) -> None:
    if mutatie.inzetbaar is None:
        gewichten.pop(mutatie.locatie.id, None)
    else:
        gewichten[mutatie.locatie.id] = mutatie.inzetbaar * mutatie.locatie.drukte


def telling(teldag: Teldag, totaal: int, zaad: int) -> dict[str, int]:
    """Returns the people present per locatie at 00:00 of a counting day, who together are exactly `totaal`."""
    toeval = toeval_van(zaad, f"{teldag.dag}").random
    gewichten = [gewicht * int(980 + 40 * toeval()) for gewicht in teldag.gewichten.values()]
    return dict(zip(teldag.gewichten, verdeel_snel(totaal, gewichten), strict=True))


def eind_inzetbaar(log: SimLogboek) -> int:
    """Returns the usable places of all locaties when everything that is planned has happened."""
    laatste = {mutatie.locatie.id: mutatie.inzetbaar or 0 for mutatie in log.mutaties}
    return sum(laatste.values())


def doel(dag: date, inzetbaar: int) -> int:
    """Returns the people present in the whole country on a day.

    COA's figures with straight lines between them, and from May 2026 more people than places. `inzetbaar` is all places
    that will ever be known; while fewer are known the bezettingsgraad is higher still.
    """
    eerste_mei = instellingen()["dagelijks_vanaf"]
    if dag >= eerste_mei:
        return ceil(inzetbaar * _graad(dag))
    punten = [(stand.dag, stand.aanwezig) for stand in coa_standen()]
    punten.append((eerste_mei, ceil(inzetbaar * _graad(eerste_mei))))
    for (van, eerst), (tot, later) in pairwise(punten):
        if dag <= tot:
            return eerst + (later - eerst) * max(0, (dag - van).days) // (tot - van).days
    raise AssertionError("elke dag voor mei 2026 ligt voor het laatste punt")


def _graad(dag: date) -> float:
    bezetting = instellingen()["bezetting"]
    golf = sin(2 * pi * dag.timetuple().tm_yday / 365)
    return float(bezetting["vanaf_mei_2026"] + bezetting["golf"] * golf)


def extra_per_dag(telt: Sequence[tuple[date, int]], extra: int, tot: date) -> dict[date, int]:
    """Splits `extra` more counts over the counting days, by the number of locaties that count on each.

    A day that COA published gets none, since it must show COA's figure all day. `tot` gets none, since it is not over.
    Raises ValueError when the counts do not fit.
    """
    coa = {stand.dag for stand in coa_standen()}
    ruim = [(dag, aantal) for dag, aantal in telt if dag < tot and dag not in coa]
    hoogstens = sum(aantal for _, aantal in ruim) * PER_DAG_HOOGSTENS
    if extra > hoogstens:
        raise ValueError(f"{extra} extra tellingen passen niet; hoogstens {hoogstens} tot en met {tot}")
    delen = verdeel_snel(extra, [aantal for _, aantal in ruim]) if ruim else []
    return {dag: deel for (dag, _), deel in zip(ruim, delen, strict=True)}


def tellingen(log: SimLogboek, zaad: int, tot: date, extra: Mapping[date, int]) -> Iterator[tuple[int, str, int]]:
    """Yields all readings in order of time: the peilmoment (seconds since 1970), the locatie, the people present."""
    inzetbaar = eind_inzetbaar(log)
    for teldag in teldagen(log, tot):
        stand = telling(teldag, doel(teldag.dag, inzetbaar), zaad)
        begin = int(middernacht(teldag.dag).timestamp())
        for locatie, aanwezig in stand.items():
            yield begin, locatie, aanwezig
        if meer := extra.get(teldag.dag, 0):
            einde = int(middernacht(teldag.dag + timedelta(days=1)).timestamp())
            yield from _meer(list(stand.items()), begin, einde, meer, toeval_van(zaad, f"{teldag.dag}:meer"))


def _meer(
    stand: Sequence[tuple[str, int]], begin: int, einde: int, aantal: int, toeval: Random
) -> Iterator[tuple[int, str, int]]:
    """Yields counts spread over the rest of a day, each locatie in turn, of a few more people than at 00:00."""
    lengte = einde - begin - 1
    for nummer in range(aantal):
        locatie, aanwezig = stand[nummer % len(stand)]
        yield begin + 1 + nummer * lengte // aantal, locatie, aanwezig + int(3 * toeval.random())
