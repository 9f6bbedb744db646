"""What the rules of alarms see at V = K: the present value of what each watches, and its sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from schemas.alarmregels import TE_BEWAKEN, AlarmRegel, van_toezicht
from services.core.alarms.alarmen import Alarm
from services.core.alarms.beeld import Beeld, Uitgezocht
from services.core.alarms.bewaakt import BEWAAKT, getoond, toelichting_nu, verdwenen, waarden
from services.core.bezetting import Overschrijding
from services.core.once import once
from services.reads.question import Audience, Question
from services.reads.reader import Reader
from services.reads.uitzoeken import OF_NOW, SEES, Uitzoeker

FOUND_SECONDS_MAX = 10
"""What takes longer than a look is found out at most this often for the present."""
_NOT_HERE = frozenset({"achterstand"})
"""What only the service that watches knows."""


class Nu(NamedTuple):
    """What a rule sees of an onderwerp."""

    waarde: float | str | None
    """None: not known."""
    toelichting: str | None
    """None: it can't be seen from here, or the rule no longer exists."""


NIETS = Nu(None, None)


class Regelblik:
    """One look at V = K with the rules of some alarms. Nothing is read until a rule needs it, and then once."""

    def __init__(self, reader: Reader, question: Question, alarmen: Iterable[Alarm]) -> None:
        """`alarmen`: all that are asked about later."""
        self._reader = reader
        self._at = question.at_point(question.bekend_op, question.bekend_op)
        found = ((one.id, _regel_of(reader, one, self._at)) for one in alarmen)
        self._regels = {own_id: regel for own_id, regel in found if regel is not None}

    def waarde(self, alarm: Alarm) -> float | str | None:
        """Returns the value that the rule of an alarm sees; None when that is not known."""
        regel = self._regels.get(alarm.id)
        value = None if regel is None else (self._waarden[regel.naam] or {}).get(alarm.onderwerp)
        return None if regel is None or value is None else getoond(regel, value)

    def nu(self, alarm: Alarm, dagen: Mapping[str, Overschrijding]) -> Nu:
        """Returns that value and its sentence. `dagen`: the days above the maximum of locaties of which it tells."""
        regel = self._regels.get(alarm.id)
        if regel is None:
            return NIETS
        beeld = replace(self._beeld, overschrijdingen=dagen)
        return _nu(alarm, regel, self._waarden[regel.naam], beeld)

    @once
    def _beeld(self) -> Beeld:
        return beeld_van(self._reader, self._at, [*self._by_name.values()])

    @once
    def _by_name(self) -> Mapping[str, AlarmRegel]:
        return {regel.naam: regel for regel in self._regels.values()}

    @once
    def _waarden(self) -> Mapping[str, Mapping[str, float] | None]:
        """What each rule sees, by its name."""
        return {naam: _by_onderwerp(regel, self._beeld) for naam, regel in self._by_name.items()}


def _regel_of(reader: Reader, alarm: Alarm, question: Question) -> AlarmRegel | None:
    """Returns the rule of an alarm that is not over; None when what it watches can't be seen from here."""
    wanted = alarm.voor_regel or alarm.regel
    found = next((regel for regel in reader.regels if regel.naam == wanted), None)
    if found is None or alarm.status == "hersteld" or found.grootheid in _NOT_HERE:
        return None
    if alarm.voor_regel is not None and found.gebrek is None:
        return None
    return found if question.of_now or BEWAAKT[found.grootheid].uitzoekwerk not in OF_NOW else None


def beeld_van(reader: Reader, question: Question, regels: Sequence[AlarmRegel]) -> Beeld:
    """Returns what these rules look at, at (V, K). It is the same for every audience.

    Toezicht is in it only with a rule whose alarms are for that alone, and whoever asks may see those.
    """
    sees = Audience.EVERYTHING if any(van_toezicht(regel.grootheid) for regel in regels) else SEES
    everything = replace(question, audience=sees, cyclus=None, telregel=None)
    cijfers, of_everybody = reader.figures(everything), reader.totalen(replace(everything, audience=Audience.LEZER))
    of_gemeenten = any(TE_BEWAKEN[regel.grootheid].over == "GM" or van_toezicht(regel.grootheid) for regel in regels)
    return Beeld(
        now=cijfers.herkomst.geldig_op,
        locaties=list(cijfers.nu.heden.columns) if cijfers.nu else [one.id for one in cijfers.locaties],
        standen=cijfers.standen,
        registers=cijfers.registers,
        landelijk=of_everybody.landelijk,
        geregistreerd=of_everybody.standen.geregistreerd,
        naleving=cijfers.naleving if of_gemeenten else (),
        uitgezocht=_uitgezocht(reader, everything, regels),
        grenzen=reader.grenzen,
    )


def _uitgezocht(reader: Reader, question: Question, regels: Sequence[AlarmRegel]) -> Uitgezocht:
    asking = [regel for regel in regels if BEWAAKT[regel.grootheid].uitzoekwerk is not None]
    if not asking:
        return Uitgezocht()

    def find() -> Uitgezocht:
        return Uitzoeker(reader, asking).find(question.now, question.bekend_op)

    if not question.follows_new_events:
        return find()
    source = tuple(regel.naam for regel in asking), int(question.now.timestamp() // FOUND_SECONDS_MAX)
    return reader.memory.given("uitgezocht voor alarmen", question, source, find)


def _by_onderwerp(regel: AlarmRegel, beeld: Beeld) -> Mapping[str, float] | None:
    seen = waarden(regel, beeld)
    return None if seen is None else dict(zip(seen.onderwerpen, seen.waarden.tolist(), strict=True))


def _nu(alarm: Alarm, regel: AlarmRegel, seen: Mapping[str, float] | None, beeld: Beeld) -> Nu:
    if seen is None:
        return NIETS
    value = seen.get(alarm.onderwerp)
    if value is None:
        return Nu(None, verdwenen(alarm.onderwerp, beeld))
    watched = regel if alarm.voor_regel is None else regel.gebrek or regel
    text = toelichting_nu(watched, alarm.onderwerp, value, beeld, wacht=alarm.status == "wachtend")
    return Nu(getoond(watched, value), text)
