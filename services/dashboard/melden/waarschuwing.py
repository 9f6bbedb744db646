"""Says what looks like a slip in a report. It may be sent all the same."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from schemas import events as e
from schemas.fields import AMSTERDAM
from schemas.reference import PROVINCIES, gemeente_van
from services.core.grootheden.opvang import AANWEZIG, INZETBAAR, TOTAAL_PLAATSEN
from services.core.grootheden.wet import NALEVING, ONGEDEKT, OPGAVE, TOEZICHT
from services.core.locaties import Locatie
from services.core.naleving import NIET_NAGEKOMEN
from services.core.registers import SubjectKind
from services.core.stap import BEEINDIGD, MINISTER
from services.core.toezichtladder import buiten_volgorde
from services.dashboard.melden.gevolgen import Gevolgen
from services.dashboard.melden.intrekking import Intrekbaar
from services.dashboard.melden.ladder import Vorige, gewone_termijn, stap_in
from services.dashboard.melden.lezen import plaatselijk
from services.dashboard.melden.velden import Invoer, Veld, tijd_van
from services.dashboard.page_request import leesbaar_moment
from services.dashboard.tekst import dag, getal, moment

OUD = timedelta(hours=24)
RUIM = 1.5
"""More people than this many times the places are rarely meant, and neither is so large a growth."""


class Gemeld(NamedTuple):
    """A report that can be sent, and what it changes."""

    event: e.Event
    now: datetime
    locatie: Locatie | None
    """The locatie that it is about, as far as the caller may see it."""
    gevolgen: Gevolgen | None
    intrekbaar: Intrekbaar
    vorige: Vorige | None = None
    """The step before a step of toezicht; None for another report, or where the caller may not see it."""

    def rij(self, naam: str) -> tuple[Any, Any]:
        """Returns a figure of the subject before and after; twice None where it isn't shown."""
        groepen = [] if self.gevolgen is None else self.gevolgen.groepen
        found = (rij for groep in groepen[:1] for rij in groep.rijen if rij.naam == naam)
        return next(((rij.eerst, rij.straks) for rij in found), (None, None))


def waarschuwingen(gemeld: Gemeld) -> Iterator[str]:
    """Yields what looks like a slip."""
    if SubjectKind.LOCATIE.holds(gemeld.event.subject):
        yield from _of_locatie(gemeld)
    if (of_type := _VAN.get(type(gemeld.event))) is not None:
        yield from of_type(gemeld)
    unchanged = gemeld.gevolgen is not None and gemeld.gevolgen.groepen and not gemeld.gevolgen.verandert
    if unchanged and not _same_step_anew(gemeld):
        yield "Geen enkel cijfer hieronder verandert hierdoor. Is dit al gemeld, of geldt er al iets van later?"


def _of_locatie(gemeld: Gemeld) -> Iterator[str]:
    registers_it = isinstance(gemeld.event, e.LocatieGeregistreerd)
    if gemeld.locatie is None:
        told = f"Van {gemeld.event.subject} is niets bekend, of u mag het niet zien. Klopt het id?"
        yield told if registers_it else f"{told} Wat dit met de cijfers doet, is hier niet te zeggen."
    elif registers_it:
        return
    elif not gemeld.locatie.registered:
        yield "Deze locatie is niet geregistreerd: wat u meldt telt nergens mee."
    elif not gemeld.locatie.open:
        yield "Deze locatie is gesloten: zolang dat zo is, telt wat u meldt nergens mee."


def _of_reading(gemeld: Gemeld) -> Iterator[str]:
    data: Any = gemeld.event.data
    if data.peilmoment > gemeld.now:
        yield f"Het peilmoment ligt in de toekomst ({moment(data.peilmoment)}): de meting telt pas vanaf dan."
    elif data.peilmoment < gemeld.now - OUD:
        yield f"Het peilmoment is meer dan 24 uur geleden ({moment(data.peilmoment)})."
    room = gemeld.rij(INZETBAAR.naam)[1]
    if room is not None and data.aanwezig > RUIM * room:
        yield f"{getal(data.aanwezig)} is meer dan anderhalf keer de {getal(room)} inzetbare plaatsen."


def _of_places(gemeld: Gemeld) -> Iterator[str]:
    return _of_growth(*gemeld.rij(TOTAAL_PLAATSEN.naam))


def _of_task(gemeld: Gemeld) -> Iterator[str]:
    return _of_growth(*gemeld.rij(OPGAVE.naam))


def _of_growth(before: int | None, after: int | None) -> Iterator[str]:
    if before is not None and after is not None and after > RUIM * before:
        yield f"{getal(after)} plaatsen is meer dan anderhalf keer de {getal(before)} van nu."


def _of_maximum(gemeld: Gemeld) -> Iterator[str]:
    data: Any = gemeld.event.data
    people = gemeld.rij(AANWEZIG.naam)[1]
    if people is not None and people > data.maximum:
        yield f"Volgens de laatste telling zijn er {getal(people)} mensen: meer dan dit maximum."


def _of_closing(gemeld: Gemeld) -> Iterator[str]:
    people = gemeld.rij(AANWEZIG.naam)[1]
    if people:
        yield (
            f"Volgens de laatste telling zijn er {getal(people)} mensen. Na de sluiting tellen zij apart, tot een "
            "telling van 0."
        )


def _of_transfer(gemeld: Gemeld) -> Iterator[str]:
    before, after = gemeld.rij(ONGEDEKT.naam)
    if after and after != before:
        yield f"{getal(after)} plaatsen zijn zo toegezegd zonder dat ze er zijn; die tellen nergens mee."


def _same_step_anew(gemeld: Gemeld) -> bool:
    """Whether it takes the step in force once more, on another day or with another term: no figure shows that."""
    before, event = None if gemeld.vorige is None else gemeld.vorige.stap, gemeld.event
    if before is None or not isinstance(event, e.ToezichtstapGezet):
        return False
    anew = stap_in(event.data)
    return before.stap == anew.stap == gemeld.rij(TOEZICHT.naam)[0] and before != anew


def _of_step(gemeld: Gemeld) -> Iterator[str]:
    data: Any = gemeld.event.data
    if data.gezetOp > gemeld.now:
        yield f"De stap ligt in de toekomst ({moment(data.gezetOp)}): hij geldt pas vanaf dan."
    if gemeld.vorige is not None:
        before = gemeld.vorige.stap
        if (why := buiten_volgorde(before and before.stap, data.stap)) is not None:
            yield f"Buiten de volgorde: {why}."
    if data.toezichthouder not in (MINISTER, gemeente_van(gemeld.event.subject).provincie):
        houder = PROVINCIES.get(data.toezichthouder, data.toezichthouder)
        yield f"De gemeente ligt niet in de provincie {houder}. Klopt de toezichthouder?"
    if data.stap == BEEINDIGD:
        if data.termijn is not None:
            yield "Bij het einde van het toezicht hoort geen termijn."
        if (klasse := gemeld.rij(NALEVING.naam)[1]) in NIET_NAGEKOMEN:
            yield f"De gemeente voldoet niet aan haar opgave ({klasse}), en is hierna in geen stap."
    if data.termijn is not None and data.termijn < gemeld.now - OUD:
        yield "De termijn is al voorbij."
    elif data.termijn is None and (usual := gewone_termijn(data.stap, data.gezetOp)) is not None:
        yield f"Er staat geen termijn bij. Gewoonlijk is die {getal(usual[0])} dagen: tot en met {dag(usual[1])}."


def _of_retraction(gemeld: Gemeld) -> Iterator[str]:
    intrekbaar = gemeld.intrekbaar
    if intrekbaar.doel is None:
        yield "Er is geen melding met dit id te zien. De intrekking geldt zodra die er is, als dit systeem die deed."
    elif intrekbaar.doel.type == e.type_name(e.Ingetrokken):
        yield "Dit is zelf een intrekking. Die blijft gelden; er verandert niets."
    if not intrekbaar.volledig:
        yield "Hierover zijn er te veel gebeurtenissen om dit vooraf door te rekenen."


_VAN: Mapping[type[e.Event], Callable[[Gemeld], Iterator[str]]] = {
    e.BezettingGemeld: _of_reading,
    e.CapaciteitGewijzigd: _of_places,
    e.MaximumVastgesteld: _of_maximum,
    e.LocatieGesloten: _of_closing,
    e.OpgaveVastgesteld: _of_task,
    e.OverdrachtAfgesproken: _of_transfer,
    e.ToezichtstapGezet: _of_step,
    e.Ingetrokken: _of_retraction,
}
"""Type of an event → what looks like a slip in it."""


def klok_verzet(veld: Veld, teksten: Mapping[str, str]) -> str | None:
    """Says what is doubtful about a local time in the night when the clock changes; None on other days."""
    text = plaatselijk(teksten.get(veld.naam, "").strip(), teksten.get(tijd_van(veld.naam), "").strip())
    if veld.invoer is not Invoer.MOMENT or "T" not in text or "Z" in text or "+" in text:
        return None
    try:
        read = leesbaar_moment(text)
    except PydanticCustomError:
        return None
    local = read.astimezone(AMSTERDAM)
    if local.fold == 0 and local.utcoffset() != local.replace(fold=1).utcoffset():
        return f"{local:%H:%M} is er die nacht twee keer; gelezen is de eerste, in zomertijd"
    if not local.replace(tzinfo=None).isoformat().startswith(text[:16]):
        return f"{text[11:16]} bestaat die nacht niet (de klok gaat vooruit): gelezen is {local:%H:%M}"
    return None
