"""What others published, beside what our events give for the same date."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schemas.fields import AMSTERDAM, Json, format_moment
from schemas.reference import PROVINCIES
from services.core.bezetting import Bezetting
from services.core.genoemd import telregel as genoemd
from services.core.grootheden import KLASSENAMEN, vergeleken
from services.core.grootheden.declaratie import FigureOf, Waarde
from services.core.grootheden.opvang import AANWEZIG, BEZETTINGSGRAAD, VRIJ
from services.core.grootheden.wet import AMV_MEETELLEND, EIGEN, MEETELLEND
from services.core.locaties import Locatie
from services.core.naleving import GemeenteNaleving
from services.core.reasons.aansluiting import (
    ANDERE_BETEKENIS,
    BETEKENIS,
    BUITEN,
    EIGEN_BRON,
    GRENZEN,
    NAAR_SOORT,
    NIET_ALLE_PLAATSEN,
    NIET_VAST_TE_STELLEN,
    ONBEKEND_CIJFER,
    Onze,
    boven_maximum,
    gerealiseerd,
    klopt,
    naar_soort,
    naar_status,
    onze_namen,
    van_gebied,
    van_meting,
    verdeeld,
)
from services.core.reasons.verschil import Cel
from services.core.registers import LANDELIJK, Key, Winner
from services.core.voorbehoud import van_naleving
from services.reads.cijfers import Cijfers
from services.reads.question import Question
from services.reads.reader import Reader
from services.reads.verschil import figures, names_of
from services.store.position import Position

_PENALTIES = {"dwangsomDagen": "dagen", "dwangsomTotaal": "dwangsom"}
"""What is published about the days above a maximum → what we call it."""
_SUMS = frozenset(vergeleken(FigureOf.GEBIED))
_CLASSES = frozenset({*KLASSENAMEN.values(), "nietOfGedeeltelijk"})
_PLACES = frozenset({EIGEN.naam, MEETELLEND.naam, AMV_MEETELLEND.naam})
"""What a log without all places knows too little of."""
_OF_READING = frozenset({AANWEZIG.naam, BEZETTINGSGRAAD.naam, VRIJ.naam})
_UNSETTLED = frozenset({"onbekend", "geen cyclus", "geen telregel"})
"""The reasons for which a number of gemeenten in a class is only a lower bound."""
_RULE = re.compile(r", telregel ([a-z0-9-]{1,40}),")
_NIET_ONS = Onze(None, ONBEKEND_CIJFER)


class GepubliceerdCijfer(NamedTuple):
    """A figure that others published, and the register that holds it."""

    key: Key
    winner: Winner

    @property
    def order(self) -> tuple[str, str, str]:
        """Puts the newest peildatum last."""
        return format_moment(self.winner.effective_at), *self.key


def published(reader: Reader, question: Question) -> tuple[list[GepubliceerdCijfer], Position]:
    """Returns every figure of others with a peildatum until V that was known at K, and that this audience may see."""
    steps, at = reader.store.published(*question.point, question.positie)
    hidden = reader.hidden_from(question.audience)
    return [GepubliceerdCijfer(*step) for step in steps if step[0][0] not in hidden], at


def beside(reader: Reader, question: Question, page: Sequence[GepubliceerdCijfer]) -> list[Json]:
    """Puts our own figure at its peildatum beside each, all from the same stored events."""
    moments = sorted({one.winner.effective_at for one in page})
    cijfers = reader.several([question.at_point(moment, question.bekend_op) for moment in moments])
    at = {moment: (one, figures(one)) for moment, one in zip(moments, cijfers, strict=True)}
    names = names_of(cijfers)
    return [_row(one, _our(reader, *at[one.winner.effective_at], one), names) for one in page]


def _our(reader: Reader, cijfers: Cijfers, ours: Mapping[Cel, Waarde], one: GepubliceerdCijfer) -> Onze:
    subject, said = one.key[0], one.winner.value
    name = said["grootheid"]
    if said["bron"].startswith(EIGEN_BRON):
        _, bounded = GRENZEN.get(name, ("exact", name))  # stands in for a bound that is not needed any more
        known = [_known(cijfers, ours, subject, one) for one in (name, bounded)]
        return _of_own_report(cijfers, next((one for one in known if one is not None), None), said["bron"])
    if name in BUITEN:
        return Onze(None, BUITEN[name])
    if name in _PENALTIES:
        return _above(reader, cijfers, subject, _PENALTIES[name])
    if name in NAAR_SOORT:
        found = _area(cijfers, subject)
        return naar_soort(name, found.locaties, found.bezetting) if found else _NIET_ONS
    by_status = naar_status(cijfers.registers, subject, name, cijfers.cyclus)
    return by_status or _of_law(cijfers, subject, name) or _general(cijfers, ours, subject, name)


def _known(cijfers: Cijfers, ours: Mapping[Cel, Waarde], subject: str, name: str) -> int | float | None:
    """Our figures of this name, added; None when any is not known, or is no number."""
    parts = [ours.get((subject, part)) for part in onze_namen(name, cijfers.cyclus)]
    numbers = [part for part in parts if isinstance(part, int | float) and not isinstance(part, bool)]
    return sum(numbers) if len(numbers) == len(parts) else None


def _of_own_report(cijfers: Cijfers, waarde: int | float | None, bron: str) -> Onze:
    """A figure of a report of ours: of the same meaning and rule, or it can't be compared."""
    if f", betekenis {BETEKENIS}," not in bron:
        return Onze(None, ANDERE_BETEKENIS)
    rule, regel = _RULE.search(bron), cijfers.maatstaf.regel
    if rule is not None and (regel is None or regel.naam != rule[1]):
        return Onze(None, f"geteld volgens {genoemd(rule[1])}")
    return Onze(waarde, NIET_VAST_TE_STELLEN if waarde is None else None)


def _above(reader: Reader, cijfers: Cijfers, subject: str, which: str) -> Onze:
    found = next((locatie for locatie in cijfers.locaties if locatie.id == subject), None)
    if found is None or found.maximum is None:
        return Onze(None, "er is geen maximum bekend")
    days = reader.breaches(cijfers, [found])[subject]
    return boven_maximum(days, getattr(days, which), found.maximum, cijfers.herkomst.geldig_op)


class _Gebied(NamedTuple):
    bezetting: Bezetting
    locaties: Sequence[Locatie]
    gemeenten: Sequence[GemeenteNaleving]


def _area(cijfers: Cijfers, subject: str) -> _Gebied | None:
    """The sums, locaties and gemeenten of an area; None for a subject that is none."""
    rows = cijfers.naleving
    if subject == LANDELIJK:
        return _Gebied(cijfers.landelijk, cijfers.locaties, rows)
    if subject in PROVINCIES:
        own = [row for row in rows if row.gemeente.provincie == subject]
        return _Gebied(cijfers.in_provincie(subject), cijfers.of_provincie(subject), own)
    own = [row for row in rows if row.gemeente.code == subject]
    if not own:
        return None
    return _Gebied(cijfers.in_gemeente(subject), cijfers.by_gemeente.get(subject, ()), own)


def _of_law(cijfers: Cijfers, subject: str, name: str) -> Onze | None:
    """A figure that others publish under a name of their own, or that an incomplete log only bounds."""
    area = _area(cijfers, subject)
    if area is None:
        return None
    if name == "plaatsenGerealiseerd":
        return gerealiseerd(area.gemeenten)
    if cijfers.cyclus is not None and name == f"verdeelbesluiten{cijfers.cyclus.id}":
        return verdeeld(area.gemeenten)
    if name in _PLACES and not (cijfers.cyclus and cijfers.cyclus.volledig):
        return Onze(None, NIET_ALLE_PLAATSEN)
    if subject == LANDELIJK and name in _CLASSES:
        why = [one.tekst for one in van_naleving(cijfers.maatstaf, area.gemeenten) if one.code in _UNSETTLED]
        return Onze(None, "; ".join(why)) if why else None
    return None


def _general(cijfers: Cijfers, ours: Mapping[Cel, Waarde], subject: str, name: str) -> Onze:
    """A figure that others publish under the name that we give it."""
    waarde = _known(cijfers, ours, subject, name)
    if name in _SUMS and (area := _area(cijfers, subject)) is not None:
        return van_gebied(waarde, area.bezetting)
    locatie = cijfers.locatie(subject)
    if locatie is not None and name in _OF_READING:
        return van_meting(waarde, locatie, cijfers.herkomst.geldig_op, cijfers.grenzen)
    if waarde is not None:
        return Onze(waarde)
    known = all((subject, part) in ours for part in onze_namen(name, cijfers.cyclus))
    return Onze(None, NIET_VAST_TE_STELLEN) if known else _NIET_ONS


def _row(one: GepubliceerdCijfer, our: Onze, names: Mapping[str, str]) -> Json:
    said = one.winner.value
    theirs, precision = said["waarde"], said["nauwkeurigheid"]
    onze = our.waarde if our.reden is None else None
    return {
        "onderwerp": one.key[0],
        "onderwerpNaam": names.get(one.key[0]),
        "grootheid": said["grootheid"],
        "peildatum": one.winner.effective_at.astimezone(AMSTERDAM).date().isoformat(),
        "bron": said["bron"],
        "nauwkeurigheid": precision,
        "gepubliceerd": theirs,
        "onze": onze,
        "vergelijkbaar": onze is not None,
        "reden": our.reden,
        "verschil": None if onze is None else onze - theirs,
        "klopt": None if onze is None else klopt(onze, theirs, precision),
        "bekendSinds": format_moment(one.winner.recorded_at),
        "gebeurtenis": one.winner.event_id,
    }
