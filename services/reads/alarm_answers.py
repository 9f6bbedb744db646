"""What the API says of an alarm and of a silence. A webhook gets the same."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from schemas.fields import Json, format_known, format_moment
from services.core.alarms.alarmen import Alarm, AlarmKey, kind_of
from services.core.alarms.bewaakt import verklaring
from services.core.alarms.boek import Alarmboek
from services.core.alarms.stiltes import Stilte, by_key, onderdrukker, stilte_over
from services.reads.alarm_nu import Nu


def alarm(found: Alarm, moment: datetime) -> Json:
    """Returns an alarm as it stood at a moment."""
    taken_up = found.bevestiging
    return {
        "id": found.id,
        "regel": found.regel,
        "onderwerp": found.onderwerp,
        "status": found.status,
        "ernst": found.ernst,
        "sinds": format_moment(found.sinds),
        "actiefSinds": format_known(found.actief_sinds),
        "hersteldOp": format_known(found.hersteld_op),
        "duurSeconden": found.duur_seconden(moment),
        "grootheid": found.grootheid,
        "waarde": found.waarde,
        "drempel": found.drempel,
        "toelichting": found.toelichting,
        "bevestigdDoor": taken_up.door if taken_up else None,
        "bevestigdOp": format_known(taken_up.op) if taken_up else None,
        "notitie": taken_up.notitie if taken_up else None,
        "runbook": found.runbook,
        "verklaring": _explained_at(found),
        "labels": dict(found.labels),
    } | ({} if found.voor_regel is None else {"voorRegel": found.voor_regel})


def van_nu(nu: Nu) -> Json:
    """Returns what the rule of an alarm sees now."""
    return {"waardeNu": nu.waarde, "toelichtingNu": nu.toelichting}


def alarm_of_boek(boek: Alarmboek, found: Alarm, open_ones: Mapping[AlarmKey, Alarm], moment: datetime) -> Json:
    """Returns the same, with the receivers it was delivered to, and why it is held back."""
    silence = stilte_over(found, boek.stiltes, moment) if found.open else None
    above = onderdrukker(found, open_ones) if found.open else None
    told = sorted(boek.bezorgd.about(found), key=lambda event: (event.time, event.id))
    return alarm(found, moment) | {
        "voorRegel": found.voor_regel,
        "stilte": silence.id if silence else None,
        "onderdruktDoor": above.id if above else None,
        "gemeld": [
            {
                "ontvanger": event.data.ontvanger,
                "overgang": kind,
                "uitkomst": event.data.uitkomst,
                "op": format_moment(event.time),
                "poging": event.data.poging,
                "fout": event.data.fout,
            }
            for event in told
            if (kind := kind_of(found, event.data.overgang)) is not None
        ],
    }


TOESTANDEN = ("actief", "wachtend", "onderdrukt", "stil", "opgepakt")
"""How an alarm that is not over stands. It has one of these."""


def toestand(found: Alarm, stiltes: Sequence[Stilte], open_ones: Mapping[AlarmKey, Alarm], moment: datetime) -> str:
    """Returns how an alarm that is not over stands at a moment: one of TOESTANDEN.

    What is silenced or held back is so first, whether or not somebody took it up.
    """
    if not found.open:
        return "wachtend"
    if stilte_over(found, stiltes, moment) is not None:
        return "stil"
    if onderdrukker(found, open_ones) is not None:
        return "onderdrukt"
    return "opgepakt" if found.bevestiging is not None else "actief"


def aantallen(
    alarmen: Iterable[Alarm], stiltes: Sequence[Stilte], moment: datetime, ernst: str | None = None
) -> dict[str, int]:
    """Counts the alarms that are not over, each once, by how they stand. `ernst`: only those of this ernst."""
    known = [one for one in alarmen if one.status != "hersteld"]
    open_ones = by_key(known)
    counted = Counter(toestand(one, stiltes, open_ones, moment) for one in known if ernst in (None, one.ernst))
    return {one: counted[one] for one in TOESTANDEN}


def stilte(found: Stilte, moment: datetime) -> Json:
    """Returns a silence as it stood at a moment."""
    status = "voorbij" if found.tot <= moment else "komt" if moment < found.vanaf else "geldt"
    return {
        "id": found.id,
        "status": status,
        "regel": found.regel,
        "onderwerp": found.onderwerp,
        "vanaf": format_moment(found.vanaf),
        "tot": format_moment(found.tot),
        "reden": found.reden,
        "doorWie": found.door,
        "ingesteldOp": format_moment(found.ingesteld_op),
        "beeindigdDoor": found.beeindigd_door,
    }


def _explained_at(found: Alarm) -> str | None:
    """Returns the path of the events behind an alarm, as they were known when it became what it is."""
    path, last = verklaring(found.grootheid, found.onderwerp), format_moment(found.overgangen[-1].time)
    return None if path is None else f"{path}?geldigOp={last}&bekendOp={last}"
