"""Help for tests about delivery: alarms, receivers, and a courier without a network or a clock."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from schemas.events import Event
from schemas.ontvangers import Ontvanger
from services.alarms.deliver.lijst import Lijst
from services.alarms.deliver.receiver import Receiver
from services.core.alarms.alarmen import Alarm, AlarmKey, Status, Transition
from services.core.alarms.bezorging import Bezorging, outcome, switch, te_bezorgen, wait_after
from services.core.alarms.boek import Alarmboek
from services.core.alarms.bundels import Zending, zendingen
from services.core.alarms.overgang import transition

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TOEGANG: AlarmKey = ("toegang", "LOC-TER-APEL")
LANDELIJK: AlarmKey = ("landelijke-bezetting", "NL")
LOCATIE: AlarmKey = ("locatie-bezetting", "LOC-1")


def receiver(naam: str = "meldkamer", **fields: Any) -> Ontvanger:
    """Makes a webhook, with other fields put in."""
    base = {"naam": naam, "soort": "webhook", "url": "https://example.org/", "geheimBestand": "geheim"}
    return Ontvanger.model_validate(base | fields)


def steps(
    key: AlarmKey, *statuses: Status, begin: datetime = NOW, last: Transition | None = None, **said: Any
) -> list[Event]:
    """Makes the transitions of an alarm, a minute apart."""
    base = {"ernst": "hoog", "waarde": "beperkt", "drempel": "open", "toelichting": "De toegang is beperkt."}
    made: list[Event] = []
    for n, status in enumerate(statuses):
        last = transition(status, key, last, begin + n * timedelta(minutes=1), base | said)
        made.append(last)
    return made


def an_alarm(*, ended: bool = False) -> Alarm:
    """Makes an alarm that is open, or over."""
    statuses: tuple[Status, ...] = ("actief", "hersteld") if ended else ("actief",)
    (alarm,) = Alarmboek(steps(TOEGANG, *statuses)).of(TOEGANG)
    return alarm


def hears_all(naam: str = "meldkamer", **fields: Any) -> Receiver:
    """Makes a receiver that gets everything, also what only some may hear of, as far as it asks for that.

    Nothing is sent to it.
    """
    base = {"naam": naam, "soort": "alertmanager", "url": "https://meldkamer.example.org"}
    base |= {"vertrouwelijk": True, "toezicht": True}
    return Receiver(Ontvanger.model_validate(base | fields), Path(), None)


def lijst_of(*receivers: Receiver) -> Lijst:
    """Makes a list of receivers that no file holds."""
    lijst = Lijst(None, {}, None)
    lijst.receivers = receivers
    return lijst


class Post:
    """A courier without a network. `answers` decides how receivers answer, and each outcome becomes an event."""

    def __init__(
        self,
        ontvangers: Sequence[Ontvanger],
        answers: Callable[[Bezorging, datetime], int],
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        self.ontvangers, self.answers, self.hidden = ontvangers, answers, hidden
        self.log: list[Event] = []
        self.arrived: list[tuple[datetime, str, str]] = []
        """(when, which receiver, which id) of every message that a receiver accepted."""
        self.tried: list[tuple[datetime, str, str]] = []
        self.messages: list[tuple[datetime, str, str, list[str]]] = []
        """(when, which receiver, which id, the ids of what it tells) of every message that a receiver accepted."""

    def begin(self, now: datetime) -> None:
        """Makes the receivers known to the courier."""
        for number, one in enumerate(self.ontvangers):
            own_id = f"00000000-0000-7000-8000-{number:012}"
            self.log.append(switch(one.naam, actief=True, reden="nieuw", door=None, own_id=own_id, now=now))

    def tick(self, now: datetime, *, forgets: bool = False) -> None:
        """Does one round of a courier that knows only the log. With `forgets` it dies before it stores the outcomes."""
        boek = Alarmboek(self.log)
        left, silenced = te_bezorgen(boek.alarmen(), boek.bezorgd, self.ontvangers, boek.stiltes, self.hidden, now)
        said: list[Event] = [outcome(one, "onderdrukt", now, fout=one.reden) for one in silenced]
        for one in zendingen(left):
            if one.vanaf <= now and boek.bezorgd.off(one.ontvanger.naam) is None:
                said += self._attempt(one, now)
        self.log += [] if forgets else said

    def _attempt(self, one: Zending, now: datetime) -> list[Event]:
        self.tried += [(now, *told.key) for told in one.leden]
        status = self.answers(one.leden[0], now)
        if 200 <= status < 300:
            self.arrived += [(now, *told.key) for told in one.leden]
            self.messages.append((now, *one.key, [told.overgang.id for told in one.leden]))
            return [outcome(told, "bezorgd", now) for told in one.leden]
        wait = None if status == 410 else wait_after(one.ronde + 1, 0.5)
        uitkomst = "uitgesteld" if wait else "opgegeven"
        said: list[Event] = [outcome(told, uitkomst, now, fout=f"{status}", wacht=wait) for told in one.leden]
        if status == 410:
            own_id = f"00000000-0000-7000-8001-{len(self.log):012}"
            said.append(switch(one.ontvanger.naam, actief=False, reden="410", door=None, own_id=own_id, now=now))
        return said


def taken(*_: Any) -> int:
    """Answers as a receiver that accepts everything."""
    return 204


def run(post: Post, until: datetime, begin: datetime = NOW, step: timedelta = timedelta(minutes=1)) -> None:
    """Lets a courier do its rounds until a moment."""
    now = begin
    while now <= until:
        post.tick(now)
        now += step
