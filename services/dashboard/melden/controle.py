"""The form in one request: which of its questions to ask, what is filled in, what is wrong, and what would follow.

Nothing here shows more than the caller may see. To a caller without the role for it, a locatie that is afgeschermd
looks like one of which nothing is known: it is not offered, it has no name and no figures, and the words are the same.
So do the steps of toezicht on a gemeente.
"""

import secrets
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, Literal, NamedTuple

from schemas.events import Event, ToezichtstapGezet
from schemas.fields import format_moment, parse_moment
from schemas.ids import uuid7
from services.core.beschikbaar import nog_er_sinds
from services.core.grootheden import GROOTHEDEN
from services.core.reasons.zin import zin_van
from services.core.registers import Register, SubjectKind
from services.dashboard.melden.formulier import Formulier
from services.dashboard.melden.geldend import NIETS, Geldend, geldend
from services.dashboard.melden.gevolgen import Gevolgen, toelichting
from services.dashboard.melden.intrekking import DOEL, Aangeboden, Intrekbaar
from services.dashboard.melden.ladder import als_wie, vorige
from services.dashboard.melden.lezen import Gelezen, als_teksten, in_woorden, lees
from services.dashboard.melden.onderwerp import FOUND_MAX, Onderwerp, naam, te_kiezen, waarom_niet, zoek
from services.dashboard.melden.velden import DATA, Invoer, Veld, ander_van
from services.dashboard.melden.vooraf import vooraf
from services.dashboard.melden.vraag import STANDAARD_SOURCE, Meldvraag, Opgesteld, stel_op
from services.dashboard.melden.waarschuwing import Gemeld, klok_verzet, waarschuwingen
from services.dashboard.page_request import Blad
from services.dashboard.tekst import grootheid, vast
from services.ingest import woorden
from services.ingest.permit import ForbiddenError, permit_seeing
from services.store.entries import entry
from services.web.problems import Veldfout

Stap = Literal["wie", "velden", "nakijken"]
NO_SOURCE = "u kunt voor geen enkel systeem melden; vraag de beheerder er een in te stellen"


class Regel(NamedTuple):
    """A field as it is checked before sending."""

    label: str
    waarde: str
    was: str | None
    """What is in force; None where nothing is, or where that can't be told."""


class Nagekeken(NamedTuple):
    """A report that can be sent."""

    gebeurtenis: dict[str, Any]
    """The event that is sent."""
    zin: str
    """What it says, in one sentence."""
    regels: list[Regel]
    waarschuwingen: list[str]
    toelichting: list[str]
    """Of which moment and by which rule the figures of `gevolgen` are, or why there are none."""
    gevolgen: Gevolgen | None
    verzend: dict[str, str]
    """What is sent."""
    terug: dict[str, str]
    """What leads back to the form."""


class Controle:
    """The form of one caller, who may send and read."""

    def __init__(self, blad: Blad[Meldvraag], formulier: Formulier) -> None:
        self.blad, self.vraag, self.formulier = blad, blad.vraag, formulier
        self.now = blad.question.now
        self.cijfers = blad.reader.figures(blad.question)
        self.gevonden = zoek(formulier.onderwerpen, self.cijfers, self.vraag.over)
        self.id = self.gevonden.id
        self.locatie = None if self.id is None else self.cijfers.locatie(self.id)
        self.intrekbaar = Intrekbaar(blad, self.cijfers, self.id if formulier.register is None else None)
        about = blad.caller.audience_about(self.id or "")
        step = formulier.register is Register.TOEZICHT or isinstance(self.intrekbaar.gekozen, ToezichtstapGezet)
        if step and about != blad.question.audience:  # Then no figure is shown but those of this gemeente.
            self.blad = replace(blad, question=replace(blad.question, audience=about))
            self.cijfers = blad.reader.figures(self.blad.question)
        self.teksten = self._filled_in()
        self.toegestaan = True
        """False once it is known that the caller may not send this report."""

    @property
    def source(self) -> str:
        """The source of the report: that of the event to retract, the caller's own, or the one in the form."""
        caller = self.blad.caller
        if self.formulier.register is None and self.intrekbaar.doel is not None:
            return self.intrekbaar.doel.source
        if not caller.any_source:
            return caller.source or ""
        return self.vraag.source.strip() or caller.source or STANDAARD_SOURCE

    @cached_property
    def nu(self) -> Geldend:
        """What is in force where the report would write."""
        keys = [one.waarde for one in self._keys.values()]
        if self.id is None or any(one.waarde is None or one.fout for one in self._keys.values()):
            return NIETS
        return geldend(self.formulier, self.cijfers.registers, self.id, keys, self.cijfers.herkomst.geldig_op)

    @cached_property
    def _keys(self) -> dict[str, Gelezen]:
        """What was filled in to say which register is meant."""
        known = {"data.cyclus": self.cijfers.cyclus.id} if self.cijfers.cyclus and not self.vraag.gezien else {}
        return {veld.naam: lees(veld, known | self.vraag.teksten) for veld in self.formulier.sleutels}

    def _filled_in(self) -> dict[str, str]:
        """Returns the texts of the form: what was sent, and what begins filled in."""
        texts = dict(self.vraag.teksten)
        if self.vraag.controleer:
            return self._since() | texts
        if self.vraag.gezien == "velden" and self.vraag.stap != "wie":
            return texts
        begun = {name: one.waarde for name, one in self._keys.items() if one.waarde} | self.nu.ingevuld(self.formulier)
        begun |= als_wie(self.formulier, self.blad.caller)
        begun |= {
            veld.naam: vast(self.now.replace(second=0, microsecond=0)) for veld in self.formulier.velden(1) if veld.nu
        }
        if self.vraag.stap == "wie":  # What began filled in may not be so for another subject.
            return {name: text for name, text in texts.items() if begun.get(name) != text or name in self._keys}
        return begun | texts

    def _since(self) -> dict[str, str]:
        """Returns since when places are there, where that is known and the form does not say it."""
        if self.formulier.register is not Register.PLAATSEN or self.id is None:
            return {}
        begins = lees(self._veld("data.geldigVanaf"), self.vraag.teksten)
        if not begins.waarde or begins.fout:
            return {}
        begin = parse_moment(begins.waarde)
        asked = self.blad.question.counted_at(self.cijfers.herkomst.positie)
        then = self.blad.reader.figures(asked.at_point(begin, self.now)).registers
        found = {}
        for soort in Register.PLAATSEN.declared.part_values:
            row = DATA + Register.PLAATSEN.stored(soort)
            since = nog_er_sinds(Register.PLAATSEN.get(then, self.id, soort), begin)
            if since is not None and self.vraag.teksten.get(f"{row}.aantal"):
                found[f"{row}.beschikbaarVanaf"] = format_moment(since)
        return found

    def _veld(self, name: str) -> Veld:
        return next(veld for veld in self.formulier.velden(1) if veld.naam == name)

    def toon(self, fouten: Collection[Veldfout] = (), *, opnieuw: bool = False) -> dict[str, Any]:
        """Returns what the template shows.

        Args:
            fouten: what was wrong when the report was sent.
            opnieuw: whether the same event is to be sent again.
        """
        found, nagekeken = list(fouten), None
        if self.vraag.controleer:
            again = opnieuw and self.vraag.id and self.vraag.time
            own_id, time = (self.vraag.id, self.vraag.time) if again else self._fresh()
            made = stel_op(self.formulier, self.teksten, self.id or self.vraag.over, self.source, own_id, time)
            event, wrong = self._judged(made)
            found += [fout for fout in wrong if fout not in found]
            if event is not None and (opnieuw or not any(fout.veld for fout in fouten)):
                nagekeken = self._checked(event, made)
        stap = "nakijken" if nagekeken is not None else self._step()
        if stap == "wie" and self.vraag.gezien == "wie":
            found += self._unclear()
        return {"stap": stap, "fouten": found, "nagekeken": nagekeken, "controle": self}

    def _step(self) -> Stap:
        if self.vraag.controleer or self.vraag.stap == "velden":
            return "velden"
        if self.vraag.stap == "wie" or self.id is None:
            return "wie"
        return "velden" if all(one.waarde is not None and not one.fout for one in self._keys.values()) else "wie"

    def _unclear(self) -> Iterator[Veldfout]:
        """Yields what is wrong with whom or what it is about."""
        if self.id is None:
            yield Veldfout(veld="over", melding=self._no_subject())
        for name, one in self._keys.items():
            if one.fout or one.waarde is None:
                yield Veldfout(veld=name, melding=one.fout or "ontbreekt; dit veld is verplicht")

    def _no_subject(self) -> str:
        return waarom_niet(self.formulier.onderwerpen, self.gevonden, self.vraag.over)

    def _fresh(self) -> tuple[str, str]:
        """Returns a new id and the moment of recording. Sending both twice changes nothing."""
        return uuid7(int(self.now.timestamp() * 1000), secrets.randbits(74)), format_moment(self.now)

    def _judged(self, made: Opgesteld) -> tuple[Event | None, list[Veldfout]]:
        """Returns the event, or everything that is wrong with it."""
        read = made.beoordeeld()
        fouten = read if isinstance(read, list) else []
        fouten = [self._better(fout) for fout in fouten] + list(self._of_target())
        if isinstance(read, list):
            return None, fouten
        caller, events, reader = self.blad.caller, [entry(read)], self.blad.reader
        known, hidden = reader.store.known, reader.hidden_from(caller.audience)
        fouten += map(made.veldfout, woorden.faults_seen(events, caller, known, hidden))
        try:
            permit_seeing(events, caller, self.now, known, hidden)
        except ForbiddenError as error:
            self.toegestaan = False
            named = {fout.veld for fout in fouten}
            fouten += [made.veldfout(fout) for fout in error.fouten if not (fout.veld == "source" and DOEL in named)]
        return (None if fouten else read), fouten

    def _better(self, fout: Veldfout) -> Veldfout:
        if fout.veld == "over":
            return Veldfout(veld="over", melding=self._no_subject())
        if fout.veld == "source" and not self.blad.caller.any_source:
            return Veldfout(veld="source", melding=NO_SOURCE)
        return fout

    def _of_target(self) -> Iterator[Veldfout]:
        doel, caller = self.intrekbaar.doel, self.blad.caller
        if self.formulier.register is not None or doel is None:
            return
        if self.id is not None and doel.subject != self.id:
            yield Veldfout(veld=DOEL, melding=f"gaat over {doel.subject}, niet over {self.id}")
        if not caller.any_source and doel.source != caller.source:
            yield Veldfout(
                veld=DOEL, melding=f"is van {doel.source}; alleen die bron zelf of een beheerder kan dit intrekken"
            )

    def _checked(self, event: Event, made: Opgesteld) -> Nagekeken:
        """Returns the report as it can be sent, with what it would change."""
        gevolgen = vooraf(self.blad, self.cijfers, event, self.formulier, self.intrekbaar, known=self._known)
        before = vorige(self.blad, self.cijfers, event)
        gemeld = Gemeld(event, self.now, self.locatie, gevolgen, self.intrekbaar, before)
        doubts = [told for veld in self.formulier.velden() if (told := klok_verzet(veld, self.vraag.teksten))]
        back = self._fields()
        send = back | {"controleer": "ja"} | {name: made.event[name] for name in ("source", "id", "time")}
        return Nagekeken(
            made.event,
            self._zin(event),
            self._told(),
            [*doubts, *waarschuwingen(gemeld)],
            toelichting(self.formulier, gevolgen, self.vraag.telregel),
            gevolgen,
            send,
            back,
        )

    def _zin(self, event: Event) -> str:
        zin = zin_van(event, partial(naam, self.cijfers), self.intrekbaar.gezegd)
        return f"{zin.over}: {zin.inhoud}."

    @property
    def _known(self) -> bool:
        """Whether what the caller may see tells what would change: not so for a locatie that it can't see."""
        is_locatie = self.id is not None and SubjectKind.LOCATIE.holds(self.id)
        return not is_locatie or self.locatie is not None or self.formulier.register is Register.REGISTRATIE

    def _told(self) -> list[Regel]:
        """Returns every field that says something, also by being empty where the report overwrites what is in force."""
        told, was = [], self.nu.in_woorden(self.formulier)
        for blok in self.formulier.alle_blokken():
            if blok.pad != "data" and all(lees(one, self.teksten).waarde is None for one in blok.velden[:2]):
                continue
            for veld in blok.velden:
                value, label = lees(veld, self.teksten).waarde, self.labels[veld.naam]
                if value is not None:
                    told.append(Regel(label, in_woorden(veld, value), was.get(veld.naam)))
                elif veld.naam in was and veld.naam.removeprefix(DATA) in self.formulier.vult_in:
                    told.append(Regel(label, "niets meer", was[veld.naam]))
        return told

    def _fields(self) -> dict[str, str]:
        """Returns the fields as they are sent, with moments in UTC, so that none is ambiguous."""
        fields: dict[str, str] = {}
        for veld in self.formulier.velden():
            if veld.invoer is Invoer.MOMENT:
                value = lees(veld, self.teksten).waarde
                fields |= {} if value is None else {veld.naam: value}
            else:
                fields |= {
                    name: self.teksten[name].strip() for name in veld.namen if self.teksten.get(name, "").strip()
                }
        return {
            "soort": str(self.vraag.soort),
            "over": self.id or "",
            "source": self.vraag.source,
            "rijen": str(self.vraag.rijen),
            "gezien": "velden",
        } | fields

    # What the templates ask ------------------------------------------------------------------------------------------

    @property
    def kandidaten(self) -> list[Onderwerp]:
        """What the text about the subject may mean."""
        return self.gevonden.kandidaten[:FOUND_MAX]

    @property
    def over(self) -> str:
        """The text of the field of the subject: what was typed, or its name once it is known."""
        if self.id is None or SubjectKind.CYCLUS.holds(self.id) or self.naam == self.id:
            return self.id or self.vraag.over
        return Onderwerp(self.id, self.naam).tekst

    @property
    def naam(self) -> str:
        """What people call the subject."""
        return "" if self.id is None else naam(self.cijfers, self.id)

    @property
    def code(self) -> str:
        """The id of the subject, to stand beside its name; empty where the name tells it already."""
        return "" if self.id is None or self.id in self.naam else self.id

    @cached_property
    def invoer(self) -> dict[str, str]:
        """The text of each input. A moment that can be read is a day and a time, on the Dutch clock."""
        shown = dict(self.teksten)
        for veld in self.formulier.velden():
            value, wrong = lees(veld, self.teksten)
            if veld.invoer is Invoer.MOMENT and value is not None and not wrong:
                for name in veld.namen:
                    shown.pop(name, None)
                shown |= als_teksten(veld, value)
        if self.formulier.register is None and self.intrekbaar.doel_id:
            offered = any(one.id == self.intrekbaar.doel_id for one in self.aangeboden)
            shown |= {DOEL: self.intrekbaar.doel_id if offered else ""}
            shown |= {ander_van(DOEL): "" if offered else self.intrekbaar.doel_id}
        return shown

    @cached_property
    def aangeboden(self) -> list[Aangeboden]:
        """The events that may be retracted."""
        return self.intrekbaar.aangeboden()

    @cached_property
    def labels(self) -> dict[str, str]:
        """What people call each field, in a list of faults."""
        named = {"over": self.formulier.over, "source": "Namens systeem"}
        for blok in self.formulier.alle_blokken():
            for veld in blok.velden:
                named[veld.naam] = blok.label(veld)
        return named

    @property
    def lijsten(self) -> dict[str, list[tuple[str, str]]]:
        """What is offered beside the fields: (what to type, what that is) by the name of a list."""
        cycli = sorted({subject for (subject, _), _ in Register.CYCLUS.among(self.cijfers.registers)})
        rules = {Register.TELREGEL.parts(name)[0] for (_, name), _ in Register.TELREGEL.among(self.cijfers.registers)}
        return {
            Invoer.GEMEENTE.value: [(one.naam, one.code) for one in self.cijfers.indeling.geldig],
            Invoer.CYCLUS.value: [(one, "") for one in cycli],
            Invoer.TELREGEL.value: [(one, "") for one in sorted(rules)],
            Invoer.GROOTHEID.value: sorted((grootheid(one.naam), "") for one in GROOTHEDEN),
        }

    @property
    def onderwerpen(self) -> list[tuple[str, str]]:
        """What is offered beside the field of the subject: (what to type, its id)."""
        offered = te_kiezen(self.formulier.type, self.formulier.onderwerpen, self.cijfers, self.blad.caller)
        return [(one.tekst, one.id) for one in offered]

    @property
    def sleutels(self) -> list[tuple[Veld, str]]:
        """The fields that say which register is meant, each with its value in words."""
        read = {veld: self._keys[veld.naam].waarde for veld in self.formulier.sleutels}
        return [(veld, in_woorden(veld, value)) for veld, value in read.items() if value is not None]

    @property
    def meegestuurd(self) -> dict[str, str]:
        """What was filled in of the questions that come later, while only the first ones are asked."""
        asked = {name for veld in self.formulier.sleutels for name in veld.namen}
        return {name: text for name, text in self.teksten.items() if name not in asked and self.vraag.gezien}

    @property
    def nu_zin(self) -> str:
        """Says since when is in force what stands beside the fields, or why nothing does."""
        if self.formulier.register is None:
            return ""
        if self.formulier.register in self.cijfers.unseen:
            return "Wat hier nu geldt, is te zien met de rol toezicht over deze gemeente."
        unknown = self.id is not None and not self.nu.zinnen
        return self.nu.zinnen.get("data", "Hierover is nog niets bekend." if unknown else "")

    @property
    def kiest_source(self) -> bool:
        """Whether the caller says for which system it reports: a retraction is of the system that it retracts from."""
        of_target = self.intrekbaar.doel is not None or not self.intrekbaar.doel_id
        return self.blad.caller.any_source and not (self.formulier.register is None and of_target)

    def nu_bij(self, veld: Veld) -> str | None:
        """Says what is in force of a field; None where nothing is."""
        found = self.nu.in_woorden(self.formulier).get(veld.naam)
        return None if found is None else f"{self.formulier.nu}: {found}"
