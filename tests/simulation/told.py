"""Checks after a run that receivers got every alarm, and each transition under one id."""

from collections import defaultdict

from services.clock import system_clock
from services.core.alarms.alarmen import Transition
from services.core.alarms.boek import Alarmboek
from services.core.alarms.stiltes import by_key, onderdrukker
from services.store.model import StoreUnavailableError
from services.store.store import Store
from tests.support.webhook_receiver import WebhookReceiver

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
FILE = """[[ontvanger]]
naam = "proef"
soort = "webhook"
url = "{url}/haak"
privaat = true
geheimBestand = "geheim"
"""


def all_told(store: Store, hook: WebhookReceiver) -> bool:
    """Whether every open alarm was delivered, except those that another alarm suppresses."""
    try:
        boek = Alarmboek(store.alarms.known(system_clock()))
    except StoreUnavailableError:
        return False
    open_ones = by_key(boek.alarmen())
    told = {request.headers["webhook-id"] for request in hook.requests}
    return all(
        {one.id for one in alarm.overgangen} & told
        for alarm in open_ones.values()
        if onderdrukker(alarm, open_ones) is None
    )


def check_ids(store: Store, hook: WebhookReceiver) -> None:
    """Checks that each message belongs to a stored transition, and that an alarm begins and ends under one id each."""
    stored = store.alarms.known(system_clock())
    kept = {one.id: (one.data.alarmId, one.type) for one in stored if isinstance(one, Transition)}
    told = {request.headers["webhook-id"] for request in hook.requests}
    assert told, "er is niets gemeld: de proef bewijst niets"
    assert told <= kept.keys(), f"gemeld maar niet bewaard: {told - kept.keys()}"
    ids = defaultdict(set)
    for own_id in told:
        ids[kept[own_id]].add(own_id)
    assert all(len(found) == 1 for found in ids.values()), {
        what: found for what, found in ids.items() if len(found) > 1
    }
