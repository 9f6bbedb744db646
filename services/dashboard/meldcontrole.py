"""Checks a report before it is sent: every fault, what looks like a slip, and what the figures would become.

Nothing here shows more than the caller may see. To a caller without the role for it, a locatie that is afgeschermd
looks like one of which nothing is known: it is not offered, it has no name and no figures, and the words are the same.
"""

import re
import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

from schemas.events import BezettingGemeld, CapaciteitGewijzigd, Event, Ingetrokken, type_name
from schemas.fields import format_moment
from schemas.ids import uuid7
from services.core.grootheden.opvang import INZETBAAR, TOTAAL_PLAATSEN
from services.core.locaties import Locatie
from services.core.reasons.vooraf import ingang, met, zonder
from services.dashboard.meldformulier import (
    MOMENTEN,
    SINDS,
    STANDAARD_SOURCE,
    Meldvraag,
    Opgesteld,
    gezegd,
    klok_verzet,
    moment_of,
    stel_op,
    te_kiezen,
)
from services.dashboard.meldgevolgen import Gevolgen, groepen
from services.dashboard.page_request import Blad
from services.dashboard.tekst import getal, moment, vast, veldmoment
from services.ingest.permit import ForbiddenError, permit, retracted, sent_or_seen
from services.reads.question import Question
from services.reads.verklaring import EVENTS_MAX
from services.store.entries import entry
from services.web.problems import Veldfout

LIST_MAX = 500
"""Longer lists of locaties are not offered to choose from. Then a part of the name finds one."""
FOUND_MAX = 20
CHOICES_MAX = 20
OUD = timedelta(hours=24)
RUIM = 1.5
"""More people than this many times the places are rarely meant."""
_ID = re.compile(r"LOC-[A-Z0-9-]{1,40}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NO_SOURCE = "u hoort bij geen enkele source; vraag de beheerder er een in te stellen"


def zoek(shown: Sequence[Locatie], text: str) -> tuple[str | None, list[Locatie]]:
    """Returns the id that is meant, also of an unknown locatie; else None and the locaties that the text may mean."""
    text = text.strip()
    if _ID.fullmatch(text.upper()):
        return text.upper(), []
    part = text.casefold()
    found = [one for one in shown if part and (part in (one.naam or "").casefold() or part in one.id.casefold())]
    return (found[0].id, []) if len(found) == 1 else (None, found)


class Controle:
    """The form in one request, of a caller who may send and read."""

    def __init__(self, blad: Blad[Meldvraag]) -> None:
        self.blad, self.vraag = blad, blad.vraag
        self.now = blad.question.now
        self.cijfers = blad.reader.figures(blad.question)
        self.id, self.keuzes = zoek(self.cijfers.locaties, self.vraag.locatie)
        self.locatie = next((one for one in self.cijfers.locaties if one.id == self.id), None)
        self.vraag = self.vraag.model_copy(update=self._begun())
        self.achter, self.volledig = self._behind()
        self.doel = self._target()

    @property
    def counted(self) -> Question:
        """The question, of the stored events that the figures were counted from."""
        return self.blad.question.counted_at(self.cijfers.herkomst.positie)

    @property
    def source(self) -> str:
        """The source of the report: that of the event to retract, the caller's own, or the one in the form."""
        caller = self.blad.caller
        if self.doel is not None:
            return self.doel[1]
        if not caller.any_source:
            return caller.source or ""
        return self.vraag.source.strip() or caller.source or STANDAARD_SOURCE

    def formulier(self, fouten: Collection[Veldfout] = (), *, opnieuw: bool = False) -> dict[str, Any]:
        """Returns what the template shows.

        Args:
            fouten: what was wrong when the report was sent.
            opnieuw: whether the same event is to be sent again.
        """
        found, waarschuwingen, voorbeeld, verzend = list(fouten), [], None, None
        if self.vraag.controleer:
            again = opnieuw and self.vraag.id and self.vraag.time
            own_id, time = (self.vraag.id, self.vraag.time) if again else self._fresh()
            made = stel_op(self.vraag, self.id or self.vraag.locatie, self.source, own_id, time)
            event, wrong = self._judged(made)
            found += [fout for fout in wrong if fout not in found]
            if event is not None:
                voorbeeld = self._preview(event)
                waarschuwingen = list(self._warnings(event, voorbeeld))
                verzend = self._hidden(own_id, time)
        return {
            "fouten": found,
            "waarschuwingen": waarschuwingen,
            "voorbeeld": voorbeeld,
            "verzend": verzend,
            "waarden": self._values(),
            "locatie": self.locatie,
            "keuzes": self.keuzes[:FOUND_MAX],
            "lijst": self._list(),
            "gebeurtenissen": [(one, gezegd(one)) for one in te_kiezen(self.achter, CHOICES_MAX)],
            "gezegd": self._said(),
            "doel_gezien": self.doel is not None,
            "source": self.source,
            "source_vrij": self.blad.caller.any_source,
            "simulatie": self.cijfers.herkomst.simulatie,
        }

    def _begun(self) -> dict[str, str]:
        """Returns since when places of each soort are there, where that is known and the form does not say it.

        A report without it would make them places of today, and a telregel may ask how long they have been there.
        """
        begins = moment_of(self.vraag.geldigVanaf)
        if not self.vraag.controleer or self.locatie is None or begins is None:
            return {}
        said = {SINDS[soort]: places for soort, places in self.locatie.plaatsen.items() if places.aantal}
        return {
            name: vast(places.beschikbaar_vanaf)
            for name, places in said.items()
            if name in self.vraag.velden and self.vraag.velden[name.removesuffix("Sinds")]
            if not self.vraag.velden[name] and places.beschikbaar_vanaf <= begins
        }

    def _behind(self) -> tuple[list[Event], bool]:
        """Returns the events about the locatie, to choose one to retract, and whether these are all."""
        if self.locatie is None or self.vraag.soort != "intrekking":
            return [], True
        own_id, store, herkomst = self.locatie.id, self.blad.reader.store, self.cijfers.herkomst
        in_force = {winner.event_id for (subject, _), winner in self.cijfers.registers.items() if subject == own_id}

        def behind(hidden: frozenset[str]) -> tuple[list[Event], bool]:
            if own_id in hidden:
                return [], True
            logged = store.behind({own_id}, "", herkomst.bekend_op, herkomst.positie, EVENTS_MAX + 1, hidden)
            if len(logged) <= EVENTS_MAX:
                return [one.event for one in logged], True
            return [one.event for one in store.by_id(in_force, herkomst.positie)], False

        return self.blad.reader.unhidden(self.blad.question.audience, behind)

    def _target(self) -> tuple[str, str, str] | None:
        """Returns the subject, source and type of the event to retract; None when the caller can't see it."""
        if self.vraag.soort != "intrekking" or not _UUID.fullmatch(self.vraag.doel):
            return None
        found, _ = self.blad.reader.event(self.counted, self.vraag.doel)
        return None if found is None else (found.subject, found.source, found.type)

    def _said(self) -> str | None:
        """Says what the event to retract told, when it is not among those that are offered."""
        offered = te_kiezen(self.achter, CHOICES_MAX)
        target = next((one for one in self.achter if one.id == self.vraag.doel), None)
        return None if target is None or target in offered else gezegd(target)

    def _list(self) -> list[Locatie]:
        return self.cijfers.locaties if len(self.cijfers.locaties) <= LIST_MAX else []

    def _values(self) -> dict[str, str]:
        """Returns the text of every field."""
        asked = self.vraag.model_dump(exclude={"geldigOp", "bekendOp", "positie", "controleer", "id", "time"})
        values = {name: str(text) for name, text in asked.items()} | {"locatie": self.id or self.vraag.locatie}
        if not self.vraag.controleer and not values["peilmoment"]:
            values["peilmoment"] = vast(self.now.replace(second=0, microsecond=0))
        for name in MOMENTEN:
            read = moment_of(values[name])
            values[name] = values[name] if read is None else veldmoment(read)
        if self.vraag.doel in {one.id for one in te_kiezen(self.achter, CHOICES_MAX)}:
            values |= {"gebeurtenis": self.vraag.doel, "andere": ""}
        else:
            values |= {"gebeurtenis": "", "andere": self.vraag.doel}
        return values

    def _fresh(self) -> tuple[str, str]:
        """Returns a new id and the moment of recording. Sending both twice changes nothing."""
        return uuid7(int(self.now.timestamp() * 1000), secrets.randbits(74)), format_moment(self.now)

    def _hidden(self, own_id: str, time: str) -> dict[str, str]:
        """Returns the fields that are sent, with moments in UTC, so that none is ambiguous."""
        fields = {name: text for name, text in self.vraag.velden.items() if text}
        for name in fields.keys() & set(MOMENTEN):
            read = moment_of(fields[name])
            fields[name] = fields[name] if read is None else vast(read)
        more = {"bron": self.vraag.bron.strip(), "andere": self.vraag.doel}
        return (
            {
                "soort": self.vraag.soort,
                "locatie": self.id or "",
                "source": self.source,
                "controleer": "ja",
                "id": own_id,
                "time": time,
            }
            | fields
            | {name: text for name, text in more.items() if text}
        )

    def _judged(self, made: Opgesteld) -> tuple[Event | None, list[Veldfout]]:
        """Returns the event, or everything that is wrong with it."""
        read = made.beoordeeld()
        fouten = read if isinstance(read, list) else []
        fouten = [self._better(fout) for fout in fouten] + list(self._of_target())
        if isinstance(read, list):
            return None, fouten
        caller, events = self.blad.caller, [entry(read)]
        try:
            reader = self.blad.reader
            stored = reader.store.known(retracted(events, caller))
            hidden = reader.hidden_from(caller.audience)
            permit(events, caller, self.now, sent_or_seen(stored, caller, lambda said: bool(hidden & {*said[1:3]})))
        except ForbiddenError as error:
            named = {fout.veld for fout in fouten}
            fouten += [
                made.veldfout(fout) for fout in error.fouten if not (fout.veld == "source" and "andere" in named)
            ]
        return (None if fouten else read), fouten

    def _better(self, fout: Veldfout) -> Veldfout:
        if fout.veld == "locatie":
            return Veldfout(veld="locatie", melding=self._no_locatie())
        if fout.veld == "source" and not self.blad.caller.any_source:
            return Veldfout(veld="source", melding=_NO_SOURCE)
        return fout

    def _no_locatie(self) -> str:
        if not self.vraag.locatie.strip():
            return "ontbreekt; vul een id in (LOC-…) of een deel van de naam"
        if self.keuzes:
            return f"past op {len(self.keuzes)} locaties; kies er een"
        return "staat in geen enkele naam; vul een id in (LOC-…) of een deel van de naam"

    def _of_target(self) -> Iterator[Veldfout]:
        if self.doel is None:
            return
        subject, source, _ = self.doel
        if self.id is not None and subject != self.id:
            yield Veldfout(veld="andere", melding=f"gaat over {subject}, niet over {self.id}")
        caller = self.blad.caller
        if not caller.any_source and source != caller.source:
            yield Veldfout(
                veld="andere", melding=f"is van {source}; alleen die bron zelf of een beheerder kan dit intrekken"
            )

    def _preview(self, event: Event) -> Gevolgen | None:
        """Returns what would change; None when the locatie can't be seen, or has too many events to count again."""
        target = next((one for one in self.achter if one.id == self.vraag.doel), None)
        retracts = isinstance(event, Ingetrokken)
        if self.locatie is None or (retracts and (target is None or not self.volledig)):
            return None
        begins = ingang(target if retracts and target is not None else event)
        op = begins if begins is not None and begins > self.now else None
        eerst = self.cijfers if op is None else self.blad.reader.figures(self.counted.at_point(op, self.now))
        herkomst = eerst.herkomst
        at = herkomst.geldig_op, herkomst.bekend_op
        if retracts:
            after = zonder(eerst.registers, self.locatie.id, self.achter, event, *at)
        else:
            after = met(eerst.registers, event, *at)
        return Gevolgen(op, groepen(eerst, eerst.met(after, eerst.gevraagd), self.locatie.id))

    def _warnings(self, event: Event, voorbeeld: Gevolgen | None) -> Iterator[str]:
        """Says what looks like a slip. The report may be sent all the same."""
        if self.locatie is None:
            yield (
                f"Van {self.id} is niets bekend, of u mag het niet zien. Klopt het id? Wat dit met de cijfers doet, "
                "is hier niet te zeggen."
            )
        elif not self.locatie.registered:
            yield "Deze locatie is niet geregistreerd: wat u meldt telt in geen enkele som mee."
        elif not self.locatie.open:
            yield "Deze locatie is gesloten: wat u meldt telt in geen enkele som mee zolang dat zo is."
        yield from filter(None, (klok_verzet(getattr(self.vraag, name)) for name in MOMENTEN))
        yield from self._of_size(event, voorbeeld)
        if isinstance(event, Ingetrokken):
            yield from self._of_retraction()
        if voorbeeld is not None and not voorbeeld.verandert:
            yield "Hierdoor verandert geen enkel cijfer hieronder. Is het al gemeld, of geldt er al iets van later?"

    def _of_size(self, event: Event, voorbeeld: Gevolgen | None) -> Iterator[str]:
        rijen = {} if voorbeeld is None else {rij.naam: rij for rij in voorbeeld.groepen[0].rijen}
        if isinstance(event, BezettingGemeld):
            peilmoment, aanwezig = event.data.peilmoment, event.data.aanwezig
            if peilmoment > self.now:
                yield f"Het peilmoment ligt in de toekomst ({moment(peilmoment)}): de meting telt pas vanaf dan."
            elif peilmoment < self.now - OUD:
                yield f"Het peilmoment is meer dan 24 uur geleden ({moment(peilmoment)})."
            room = rijen[INZETBAAR.naam].straks if rijen else None
            if room is not None and aanwezig > RUIM * room:
                yield f"{getal(aanwezig)} is meer dan anderhalf keer de {getal(room)} inzetbare plaatsen."
        elif isinstance(event, CapaciteitGewijzigd) and rijen:
            before, after = rijen[TOTAAL_PLAATSEN.naam].eerst, rijen[TOTAAL_PLAATSEN.naam].straks
            if before is not None and after > RUIM * before:
                yield f"{getal(after)} plaatsen is meer dan anderhalf keer de {getal(before)} van nu."

    def _of_retraction(self) -> Iterator[str]:
        if self.doel is None:
            yield "Er is geen gebeurtenis met dit id te zien. De intrekking geldt zodra die er is, en van deze source."
        elif self.doel[2] == type_name(Ingetrokken):
            yield "Dit is zelf een intrekking, en die blijft: er volgt niets uit."
        if not self.volledig:
            yield "Van deze locatie zijn er te veel gebeurtenissen om dit vooraf door te rekenen."
