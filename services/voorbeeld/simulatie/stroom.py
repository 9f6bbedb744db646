"""Makes the simulation one stream of events in order of `time`, and continues it in real time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b

from schemas.ids import uuid7
from services.voorbeeld.simulatie.constanten import instellingen
from services.voorbeeld.simulatie.logboek import Logregel, SimLogboek
from services.voorbeeld.simulatie.metingen import doel, eind_inzetbaar, extra_per_dag, teldagen, telling, tellingen
from services.voorbeeld.simulatie.tijdlijn import logboek
from services.voorbeeld.simulatie.verdeling import toeval_van
from services.voorbeeld.vorm import SIMULATIE, CloudEvent, middernacht, type_naam

RONDE = timedelta(minutes=15)
"""In real time, every locatie counts once in this time."""

_METING = type_naam("opvanglocaties.bezetting-gemeld")
_HERZIEN = frozenset(map(type_naam, ("opvanglocaties.locatie-geregistreerd", "spreidingswet.toezichtstap-gezet")))
"""Types of which an earlier version of this sample said something else, under an id that is a millisecond earlier. So a
folder that holds that version takes in these events, and they are the later ones there."""
_TOEVALSBITS = 74
_LAATSTE_JAAR = 2049
"""Events may name moments until 2050."""


def genereer(
    *, locaties: int = 310, gebeurtenissen: int | None = None, zaad: int = 1, tot: date
) -> Iterator[CloudEvent]:
    """Yields a full invented network, from January 2022 until 00:00 (Amsterdam) of `tot`, in order of `time`.

    The same arguments give the same events.

    Args:
        locaties: How many are open on 26 May 2026. At least 235, since so many gemeenten have places then.
        gebeurtenissen: How many events to make, exactly. More than needed means more counts on each counting day. None:
            as many as needed.
        zaad: The seed that decides everything left to chance.
        tot: The last day, with one reading at 00:00.

    Raises:
        ValueError: An argument is not possible. The message says what is.
    """
    log = _logboek(locaties, zaad, tot)
    eerste_van_tot = int(middernacht(tot).timestamp())
    regels = [regel for regel in log.regels if regel.gelogd <= eerste_van_tot]
    telt = [(teldag.dag, len(teldag.gewichten)) for teldag in teldagen(log, tot)]
    nodig = len(regels) + sum(aantal for _, aantal in telt)
    gevraagd = nodig if gebeurtenissen is None else gebeurtenissen
    if gevraagd < nodig:
        raise ValueError(
            f"gebeurtenissen moet minstens {nodig} zijn: zoveel heeft een netwerk van {locaties} locaties "
            f"tot en met {tot} nodig (gevraagd: {gevraagd})"
        )
    extra = extra_per_dag(telt, gevraagd - nodig, tot)
    return _stroom(regels, tellingen(log, zaad, tot, extra), zaad)


@dataclass(frozen=True, slots=True)
class SimStand:
    """Where the simulation continues from in real time: each locatie that reports, with its last count."""

    zaad: int
    locaties: tuple[tuple[str, int], ...]


def stand(*, locaties: int = 310, zaad: int = 1, tot: date) -> SimStand:
    """Returns where `genereer` ends when it has the same arguments."""
    log = _logboek(locaties, zaad, tot)
    *_, teldag = teldagen(log, tot)
    return SimStand(zaad, tuple(telling(teldag, doel(teldag.dag, eind_inzetbaar(log)), zaad).items()))


def vervolg(vorige: SimStand, *, sinds: datetime, moment: datetime) -> list[CloudEvent]:
    """Returns the counts after `sinds`, up to and including `moment`. Each locatie has its own second of a RONDE."""
    ronde = int(RONDE.total_seconds())
    begin, einde = int(sinds.timestamp()), int(moment.timestamp())
    beurten = []
    for nummer, (locatie, aanwezig) in enumerate(vorige.locaties):
        beurt = nummer * ronde // len(vorige.locaties)
        eerste = begin + 1 + (beurt - begin - 1) % ronde
        beurten += [(seconde, locatie, aanwezig) for seconde in range(eerste, einde + 1, ronde)]
    return [_vervolg_meting(vorige.zaad, *beurt) for beurt in sorted(beurten)]


def _vervolg_meting(zaad: int, seconde: int, locatie: str, aanwezig: int) -> CloudEvent:
    worp = int.from_bytes(blake2b(f"{zaad}:{locatie}:{seconde}".encode(), digest_size=16).digest(), "big")
    return _meting(seconde, _moment(seconde), locatie, aanwezig + worp % 3, worp >> (128 - _TOEVALSBITS))


def _logboek(locaties: int, zaad: int, tot: date) -> SimLogboek:
    grenzen = instellingen()
    minstens, hoogstens, begin = grenzen["locaties_minstens"], grenzen["locaties_hoogstens"], grenzen["begin"]
    if locaties < minstens:
        reden = "zoveel gemeenten hebben op 26 mei 2026 plaatsen"
        raise ValueError(f"locaties moet minstens {minstens} zijn: {reden} (gevraagd: {locaties})")
    if locaties > hoogstens:
        raise ValueError(f"locaties mag hoogstens {hoogstens} zijn: meer past niet (gevraagd: {locaties})")
    eerste, laatste = begin + timedelta(days=7), date(_LAATSTE_JAAR, 12, 31)
    if not eerste <= tot <= laatste:
        raise ValueError(f"tot moet van {eerste} tot en met {laatste} zijn (gevraagd: {tot})")
    return logboek(locaties, zaad)


def _stroom(regels: Sequence[Logregel], metingen: Iterable[tuple[int, str, int]], zaad: int) -> Iterator[CloudEvent]:
    """Merges both by time. At one moment, what changes the network comes before the readings."""
    bits, apart = (toeval_van(zaad, waarvoor).getrandbits for waarvoor in ("id", "id van wat is toegevoegd"))
    wachtend = iter(regels)
    regel = next(wachtend, None)
    vorige, moment = -1, ""
    for seconde, locatie, aanwezig in metingen:
        while regel is not None and regel.gelogd <= seconde:
            yield _gebeurtenis(regel, apart if regel.toegevoegd else bits)
            regel = next(wachtend, None)
        if seconde != vorige:
            vorige, moment = seconde, _moment(seconde)
        yield _meting(seconde, moment, locatie, aanwezig, bits(_TOEVALSBITS))
    while regel is not None:
        yield _gebeurtenis(regel, apart if regel.toegevoegd else bits)
        regel = next(wachtend, None)


def _gebeurtenis(regel: Logregel, bits: Callable[[int], int]) -> CloudEvent:
    type_ = type_naam(regel.soort)
    return {
        "specversion": "1.0",
        "id": uuid7(regel.gelogd * 1000 + (type_ in _HERZIEN), bits(_TOEVALSBITS)),
        "source": SIMULATIE,
        "type": type_,
        "subject": regel.onderwerp,
        "time": _moment(regel.gelogd),
        "data": regel.inhoud,
    }


def _meting(seconde: int, moment: str, locatie: str, aanwezig: int, toeval: int) -> CloudEvent:
    return {
        "specversion": "1.0",
        "id": uuid7(seconde * 1000, toeval),
        "source": SIMULATIE,
        "type": _METING,
        "subject": locatie,
        "time": moment,
        "data": {"peilmoment": moment, "aanwezig": aanwezig},
    }


def _moment(seconde: int) -> str:
    return datetime.fromtimestamp(seconde, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
