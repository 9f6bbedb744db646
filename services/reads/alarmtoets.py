"""What rules for alarms would have said about the recorded past, to try them before anyone relies on them."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from schemas.alarmregels import AlarmRegel, read_regels, van_toezicht
from schemas.fields import format_known, format_moment
from schemas.moments import from_micros
from schemas.reference import gemeenten
from schemas.toml_lines import BestandError
from services.core.alarms.toets import Episode, Toets, Uitkomst, niet_te_toetsen
from services.core.dutch import dutch_moment
from services.core.history.reeks import perioden
from services.core.history.verloop import Verloop
from services.reads import answers
from services.reads.lijnen import in_parts
from services.reads.question import Audience, Question, QuestionError
from services.reads.reader import Reader
from services.store.position import Position

ALARMEN_MAX = 10_000
"""Alarms in one answer; all of them are counted."""
READINGS_MAX, READINGS_PART = 10_000_000, 500_000
"""Readings in one test, which then takes a minute and a half; and how many of them are held at once."""
BACK = timedelta(days=90)
_VERBODEN = "zegt iets van het toezicht op een gemeente; dat is voor de rollen toezicht en beheerder"
_REGELS = "regels"
_ONE_FAULT = re.compile(rf"\n(?={_REGELS}, regel \d+: )")


@dataclass(frozen=True, slots=True)
class Toetsing:
    """A test that is asked for."""

    question: Question
    regels: Sequence[AlarmRegel]
    van: datetime
    tot: datetime
    verboden: Sequence[tuple[str, str]] = ()
    """(name, reason) of each rule that this caller may not test."""

    @classmethod
    def asked(
        cls, question: Question, regels: str, alleen: Sequence[str], van: datetime | None, tot: datetime | None
    ) -> Self:
        """`regels`: the text of a file of rules. `alleen`: the names of those to test; none: all of them.

        Raises QuestionError with everything that is wrong.
        """
        tot = tot or question.bekend_op
        van = van or tot - BACK
        faults = []
        if van >= tot:
            faults.append(("van", f"moet vóór het einde liggen: {dutch_moment(tot)}"))
        found, wrong = _read(regels)
        if found:
            names = {regel.naam for regel in found}
            wel = ", ".join(regel.naam for regel in found)
            faults += [
                (f"alleen.{number}", f"is geen regel van dit bestand; wel: {wel}")
                for number, naam in enumerate(alleen)
                if naam not in names
            ]
        if faults or wrong:
            raise QuestionError([*faults, *wrong])
        chosen = [regel for regel in found if not alleen or regel.naam in alleen]
        may = [one for one in chosen if question.audience.sees_toezicht or not van_toezicht(one.grootheid)]
        return cls(question, may, van, tot, [(one.naam, _VERBODEN) for one in chosen if one not in may])


def _read(text: str) -> tuple[Sequence[AlarmRegel], list[tuple[str, str]]]:
    try:
        return read_regels(text, _REGELS), []
    except BestandError as error:
        begin = f"{_REGELS}, "
        return (), [(_REGELS, one.removeprefix(begin)) for one in _ONE_FAULT.split(str(error))]


def alarmtoets(reader: Reader, wanted: Toetsing) -> dict[str, Any]:
    """Returns the answer. Raises QuestionError when there are too many readings."""
    question = wanted.question
    # Sums over the country are over what everybody may meet, so a beheerder's test leaves the others out of those too.
    toets, at = reader.unhidden(Audience.LEZER, lambda hidden: _tested(reader, wanted, hidden))
    outcomes = toets.outcome()
    shown = list(_shown(outcomes))
    head = answers.head(at.herkomst(*question.point))
    del head["geldigOp"]
    return head | {
        "van": format_moment(wanted.van),
        "tot": format_moment(wanted.tot),
        "regels": [_outcome(one) for one in outcomes],
        "nietTeToetsen": [
            {"regel": naam, "reden": reden} for naam, reden in [*wanted.verboden, *niet_te_toetsen(wanted.regels)]
        ],
        "alarmen": [_episode(one, toets.naam(one.onderwerp), wanted.tot) for one in shown],
        "meer": sum(one.aantal + one.wacht for one in outcomes) - len(shown),
    }


def _tested(reader: Reader, wanted: Toetsing, hidden: frozenset[str]) -> tuple[Toets, Position]:
    """Reads everything in parts, all of one positie."""
    question, store = wanted.question, reader.store
    at, positie = store.position_of(question.positie), question.positie
    sees_all = question.audience.sees_shielded
    toets = Toets(wanted.regels, gemeenten(), wanted.van, wanted.tot, hidden, reader.grenzen, shows_all=sees_all)

    def show(
        see: Callable[[Verloop], None], van: datetime, tot: datetime, *, metingen: Collection[str] | None
    ) -> Position:
        """Shows one part to the test, and holds nothing of it after that."""
        verloop, at = store.verloop(van, tot, question.bekend_op, positie=positie, metingen=metingen)
        see(verloop)
        return at

    if toets.leest_metingen:
        _check_size(reader, wanted, hidden=frozenset() if sees_all else hidden)
        for part in in_parts(store, perioden(wanted.van, wanted.tot, "dag"), READINGS_PART):
            at = show(toets.see, part[0], part[-1], metingen=None)
            positie = str(at)
    if toets.terugblik is not None:
        at = show(toets.see_naleving, wanted.van - toets.terugblik, wanted.tot, metingen=())
    return toets, at


def _check_size(reader: Reader, wanted: Toetsing, hidden: frozenset[str]) -> None:
    """Raises QuestionError when there are too many readings, and says what is possible."""
    counts = reader.store.readings_count(wanted.van, wanted.tot, hidden)
    total = sum(count for _, count in counts)
    if total > READINGS_MAX:
        left = total
        for day, count in counts:
            left -= count
            if left <= READINGS_MAX:
                since = format_moment(from_micros(day) + timedelta(days=1))
                break
        melding = (
            f"geeft ongeveer {total} metingen, en een toets neemt er hoogstens {READINGS_MAX}; "
            f"dat kan vanaf {since}, of in stukken"
        )
        raise QuestionError([("van", melding)])


def _shown(outcomes: Sequence[Uitkomst]) -> Iterator[Episode]:
    """Gives the first alarms of each rule, as many as fit: a rule that goes off all the time hides no other."""
    counts = sorted(len(one.episodes) for one in outcomes)
    most, left = 0, ALARMEN_MAX
    for number, count in enumerate(counts):
        share = left // (len(counts) - number)
        most = min(count, share)
        if count > share:  # This one and all that have more get the same.
            break
        left -= count
    for one in outcomes:
        yield from one.episodes[:most]


def _outcome(one: Uitkomst) -> dict[str, Any]:
    regel = one.regel
    return {
        "regel": regel.alarmnaam,
        "voorRegel": regel.voor_regel,
        "grootheid": regel.grootheid,
        "omschrijving": regel.omschrijving,
        "richting": regel.richting,
        "drempel": regel.getoonde_drempel,
        "aantal": one.aantal,
        "duurSeconden": int(one.duur.total_seconds()),
        "langsteSeconden": int(one.langste.total_seconds()),
        "alleenGewacht": one.alleen_gewacht,
        "wacht": one.wacht,
    }


def _episode(one: Episode, naam: str | None, tot: datetime) -> dict[str, Any]:
    active, over = one.actief_sinds, one.hersteld_op
    return {
        "regel": one.regel,
        "voorRegel": one.voor_regel,
        "onderwerp": one.onderwerp,
        "onderwerpNaam": naam,
        "ernst": one.ernst,
        "wachtendSinds": format_known(one.wachtend_sinds),
        "actiefSinds": format_known(active),
        "hersteldOp": format_known(over),
        "duurSeconden": None if active is None else int(((over or tot) - active).total_seconds()),
        "waarde": one.waarde,
        "uiterste": one.uiterste,
        "verloop": [{"status": status, "sinds": format_moment(moment)} for status, moment in one.overgangen],
    }
