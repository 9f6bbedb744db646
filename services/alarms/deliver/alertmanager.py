"""Alarms as Prometheus Alertmanager takes them (API v2): every open alarm each time, with an end that lies ahead.

An alarm that is not sent again before its `endsAt` counts as resolved. So when Opvangpeil itself falls silent, all of
them resolve, and so does the watchdog.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from schemas.alarmregels import WAAKHOND, van_toezicht
from schemas.fields import Json, format_moment
from services.core.alarms.alarmen import Alarm
from services.core.registers import LANDELIJK
from services.web.addresses import ALARMEN

PATH = "/api/v2/alerts"
RESEND = timedelta(seconds=30)
"""How often all open alarms are sent again."""
LASTS = 4 * RESEND
"""After how long without being sent again an alarm is over for Alertmanager."""
PROEF = "proefbericht"
"""The name of a test alert, also among its labels, so that a route can send it where it troubles nobody."""
PROEFTEKST = "Dit is een proefbericht van Opvangpeil: er is niets aan de hand."
"""What a test message says, in any form."""
PROEF_LASTS = timedelta(minutes=2)
DIENST = "opvangpeil"


def alert(alarm: Alarm, now: datetime, url: str | None) -> Json:
    """Returns an alarm that is open, or over."""
    labels = dict(alarm.labels) | {
        "alertname": alarm.regel,
        "regel": alarm.regel,
        "onderwerp": alarm.onderwerp,
        "ernst": alarm.ernst,
        "dienst": DIENST,
    }
    if alarm.voor_regel is not None:
        labels["voorRegel"] = alarm.voor_regel
    if van_toezicht(alarm.grootheid):
        labels["toezicht"] = "ja"  # deploy/alertmanager/alertmanager.yml sends it to nobody else by this
    said = {
        "samenvatting": f"{alarm.regel} {alarm.onderwerp}",
        "toelichting": alarm.toelichting,
        "runbook": alarm.runbook,
        "alarmId": alarm.id,
        "waarde": None if alarm.waarde is None else str(alarm.waarde),
        "drempel": None if alarm.drempel is None else str(alarm.drempel),
    }
    return _alert(
        labels, said, alarm.actief_sinds or alarm.sinds, alarm.hersteld_op or now + LASTS, url, alarm.onderwerp
    )


def watchdog(since: datetime, now: datetime, url: str | None) -> Json:
    """Returns the alarm that is always on. When it stops, so did Opvangpeil."""
    labels = {"alertname": WAAKHOND, "regel": WAAKHOND, "onderwerp": LANDELIJK, "ernst": "info", "dienst": DIENST}
    said = {
        "samenvatting": "Opvangpeil bewaakt en meldt",
        "toelichting": "Dit alarm staat altijd aan. Blijft het weg, dan zwijgt Opvangpeil of de weg hierheen.",
        "runbook": "deploy/runbook.md#waakhond",
    }
    return _alert(labels, said, since, now + LASTS, url, None)


def test_alert(naam: str, own_id: str, now: datetime, url: str | None) -> Json:
    """Returns an alert that says that it is a test, and that is over by itself."""
    labels = {"alertname": PROEF, "regel": PROEF, "onderwerp": LANDELIJK, "ernst": "info", "dienst": DIENST}
    said = {
        "samenvatting": f"Proefbericht aan {naam}",
        "toelichting": PROEFTEKST,
        "alarmId": own_id,
    }
    return _alert(labels | {"proef": "ja"}, said, now, now + PROEF_LASTS, url, None)


def _alert(
    labels: Mapping[str, str],
    said: Mapping[str, str | None],
    begin: datetime,
    end: datetime,
    url: str | None,
    onderwerp: str | None,
) -> Json:
    about = "" if onderwerp is None else f"?onderwerp={onderwerp}"
    return {
        "labels": dict(labels),
        "annotations": {name: text for name, text in said.items() if text is not None},
        "startsAt": format_moment(begin),
        "endsAt": format_moment(end),
    } | ({} if url is None else {"generatorURL": f"{url}{ALARMEN.path}{about}"})
