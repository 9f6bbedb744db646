"""The figures in `/metrics`: the same numbers as the API at V = K = now."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

import structlog

from schemas.data import Ernst
from services.core.grootheden import GROOTHEDEN, meters, van, vast_te_stellen
from services.core.grootheden.declaratie import FigureOf, Grootheid
from services.core.naleving import opgeteld
from services.metrics import Figuren
from services.reads import alarm_answers
from services.reads.cijfers import Totaalcijfers
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.store.model import StoreUnavailableError

_log = structlog.get_logger(__name__)
_SEEN: Mapping[FigureOf, Callable[[Totaalcijfers], Any]] = {
    FigureOf.GEBIED: lambda cijfers: cijfers.landelijk,
    FigureOf.TOTALEN: lambda cijfers: opgeteld(cijfers.naleving),
}
"""The kinds of subject whose gauges are shown, each with what is seen of the country."""


def check_gauges(among: Iterable[Grootheid] = GROOTHEDEN) -> None:
    """Raises LookupError for gauges of a kind of subject that `/metrics` does not show, with a line for each."""
    lost = [
        f"{one.naam} ({soort.value}) has the gauge {how.meter.naam}, but _SEEN in services/api/gauges.py does not say "
        "what is seen of that kind of subject: add it there, or take the `meter` away"
        for soort in FigureOf
        if soort not in _SEEN
        for one, how in van(soort, among)
        if how.meter is not None
    ]
    if lost:
        raise LookupError("\n".join(lost))


check_gauges()


def live_figures(reader: Reader) -> Callable[[Audience], Figuren]:
    """Makes what `/metrics` asks. When the store is away it tells only that: no figure beats an old one."""

    def figures(audience: Audience) -> Figuren:
        try:
            return _figures(reader, audience)
        except StoreUnavailableError as error:
            _log.warning("geen cijfers in /metrics", fout=str(error))
            return {"opvangpeil_store_bereikbaar": [((), 0)]}

    return figures


def _figures(reader: Reader, audience: Audience) -> Figuren:
    question = question_of_now(reader.clock(), audience)
    cijfers = reader.totalen(question)
    with reader.alarmboek(question) as boek:
        shown, stiltes = reader.shown(boek.alarmen(), audience), boek.stiltes
    known = [alarm for alarm in shown if alarm.status != "hersteld"]
    alarmen = Counter((alarm.ernst, alarm.status) for alarm in known)
    last = reader.store.last_received()
    gezien = {soort: seen(cijfers) for soort, seen in _SEEN.items()}
    quiet = {(ernst, status): 0 for ernst in get_args(Ernst) for status in ("wachtend", "actief", "herstellend")}
    return {
        **{naam: found for soort, seen in gezien.items() for naam, found in meters(soort, seen).items()},
        "opvangpeil_vast_te_stellen": [
            ((naam,), int(known))
            for soort, seen in gezien.items()
            for naam, known in vast_te_stellen(soort, seen).items()
        ],
        "opvangpeil_alarmen": [(labels, n) for labels, n in sorted((quiet | alarmen).items())],
        "opvangpeil_alarmen_toestand": [
            ((ernst, toestand), n)
            for ernst in get_args(Ernst)
            for toestand, n in alarm_answers.aantallen(known, stiltes, question.now, ernst).items()
        ],
        "opvangpeil_simulatie": [((), int(cijfers.herkomst.simulatie))],
        "opvangpeil_gebeurtenissen_opgeslagen": [((), reader.store.stored_count())],
        "opvangpeil_laatste_gebeurtenis_timestamp_seconds": [((), None if last is None else last.timestamp())],
        "opvangpeil_onverwerkbaar": [((), reader.store.unprocessable.count())],
        "opvangpeil_store_bereikbaar": [((), 1)],
    }
