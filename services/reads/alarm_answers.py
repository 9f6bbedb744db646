"""What the API says of an alarm and of a silence. A webhook gets the same."""

from collections.abc import Mapping
from datetime import datetime

from schemas.fields import Json, format_known, format_moment
from services.core.alarms.alarmen import Alarm, AlarmKey, kind_of
from services.core.alarms.bewaakt import verklaring
from services.core.alarms.boek import Alarmboek
from services.core.alarms.stiltes import Stilte, onderdrukker, stilte_over


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
    }


def alarm_of_boek(boek: Alarmboek, found: Alarm, open_ones: Mapping[AlarmKey, Alarm], moment: datetime) -> Json:
    """Returns the same, with the receivers it was delivered to, and why it is held back."""
    silence = stilte_over(found, boek.stiltes, moment) if found.open else None
    above = onderdrukker(found, open_ones) if found.open else None
    told = sorted(boek.bezorgd.about(found), key=lambda event: (event.time, event.id))
    return alarm(found, moment) | {
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
