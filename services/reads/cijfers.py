"""The figures of a view. API, pages and `/metrics` all take them from here, so that they show the same number."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from schemas.reference import PROVINCIES, Gemeente, gemeenten
from services.core import bezetting, naleving
from services.core.bezetting import Bezetting
from services.core.delen import STANDAARD, Bools, Grenzen, Ints
from services.core.gemeenten import Indeling, indeling
from services.core.grootheden import genoemd, rij
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.toezicht import NIET_IN_TOEZICHT
from services.core.locaties import Locatie, locaties
from services.core.locaties import locatie as one_locatie
from services.core.naleving import GemeenteNaleving, Provinciestand
from services.core.once import once
from services.core.opgaven import opgave_of
from services.core.registers import LANDELIJK, Register, Registers, SubjectKind
from services.core.standen import NUMMERS, UNKNOWN, nummer, standen
from services.core.stap import laatste_stap
from services.core.telregel import NIETS_GEVRAAGD, Cyclus, Gevraagd, Maatstaf, maatstaf, vorige_cyclus
from services.core.toezicht import Toezichtstand, Zaak, toezichtstand, zaak
from services.reads.question import Audience, Omvat, Question
from services.store.model import Telling, View


def ooit_verteld(naam: str, audience: Audience, gevraagd: Gevraagd) -> bool:
    """Whether an audience is told this figure of the toezicht at any moment, be it not at each.

    By two telregels that differ in one gemeente, others could tell whether that one is in a step. So they are told
    `nietInToezicht` only by the rule and the cyclus that apply.
    """
    by_choice = naam == NIET_IN_TOEZICHT.naam and gevraagd != NIETS_GEVRAAGD
    return audience.sees_toezicht or (genoemd(naam, FigureOf.TOEZICHT).verteld(audience.unseen) and not by_choice)


class Totaalcijfers:
    """Every sum at (V, K), each computed when it is first asked for.

    Sums of people and places are over the locaties that its audience may meet. The law counts all of them.
    """

    def __init__(
        self,
        telling: Telling,
        gevraagd: Gevraagd = NIETS_GEVRAAGD,
        table: Sequence[Gemeente] | None = None,
        grenzen: Grenzen = STANDAARD,
        audience: Audience = Audience.EVERYTHING,
    ) -> None:
        """`gevraagd`: by what to judge. `table`: another than our reference table. `audience`: who may see them."""
        self._telling, self.nu = telling, telling.nu
        self.audience = audience
        self.herkomst = telling.herkomst
        self.wet, self.standen = _without(telling.wet, audience.unseen), telling.standen
        self.gevraagd = gevraagd
        self.grenzen = grenzen
        self._table = gemeenten() if table is None else table

    @property
    def unseen(self) -> frozenset[Register]:
        """The registers that they are made without: a figure that rests on one of these is in no answer."""
        return self.audience.unseen

    @property
    def omvat(self) -> Omvat:
        """Over which locaties the figures of people and places are."""
        return self.audience.omvat

    @once
    def indeling(self) -> Indeling:
        """The gemeenten at V."""
        return indeling(self._table, self.herkomst.geldig_op)

    @once
    def landelijk(self) -> Bezetting:
        """The sums of the whole country."""
        return bezetting.bezetting(self.standen, self.herkomst.geldig_op, self.grenzen)

    @once
    def maatstaf(self) -> Maatstaf:
        """The cyclus and the rule by which gemeenten are judged."""
        return maatstaf(self.wet, self.gevraagd)

    @property
    def cyclus(self) -> Cyclus | None:
        """The cyclus in force at V, or the one asked for."""
        return self.maatstaf.cyclus

    @once
    def naleving(self) -> list[GemeenteNaleving]:
        """A row for every gemeente that exists at V, in order of code."""
        every = self.standen.beside(self._telling.afgeschermd)
        return naleving.naleving(self.wet, every, self._table, self.herkomst.geldig_op, self.maatstaf)

    @once
    def zaken(self) -> list[Zaak]:
        """The naleving of every gemeente at V beside its latest step, whoever asks.

        What is told of it depends on the audience, so an outlet tells the figures of `van_toezicht`, or the rows of
        those gemeenten whose steps it may show.
        """
        now, registers = self.indeling, self._telling.wet
        return [zaak(row, laatste_stap(registers, row.gemeente.code, now)) for row in self.naleving]

    @once
    def toezicht(self) -> Toezichtstand:
        """The toezicht on all gemeenten, whoever asks: an outlet tells the figures of `van_toezicht`."""
        return toezichtstand(self.zaken, self._telling.wet)

    @once
    def van_toezicht(self) -> Mapping[str, Any]:
        """Every figure of the toezicht by name, as its audience is told it. None: not known, or not told."""
        every = rij(FigureOf.TOEZICHT, self.toezicht, klein=self.audience.sees_toezicht)
        return {naam: value if self.vertelt(naam) else None for naam, value in every.items()}

    def vertelt(self, naam: str) -> bool:
        """Whether its audience is told this figure of the toezicht at any moment."""
        return ooit_verteld(naam, self.audience, self.gevraagd)

    @once
    def afgeschermde_plaatsen(self) -> Mapping[str, tuple[int, int]]:
        """Code of each gemeente with counted places that its audience can't meet → how many, and how many for amv."""
        regel, left_out = self.maatstaf.regel, self._telling.afgeschermd
        if regel is None:
            return {}
        eigen, amv = naleving.eigen_plaatsen(left_out, self.indeling, regel, self.herkomst.geldig_op)
        return {code: (many, amv[code]) for code, many in sorted(eigen.items())}

    @once
    def vorige(self) -> "Totaalcijfers | None":
        """The same by the cyclus before this one, while the term of this one runs; None when there is none."""
        cyclus, at = self.cyclus, self.herkomst.geldig_op
        if cyclus is None or cyclus.realiseren_voor is None or at >= cyclus.realiseren_voor:
            return None
        before = vorige_cyclus(self.wet, cyclus)
        if before is None:
            return None
        return self.volgens_regel(Gevraagd(before.id, None))

    def volgens_regel(self, gevraagd: Gevraagd) -> "Totaalcijfers":
        """The same figures, judged by another cyclus or rule."""
        return Totaalcijfers(self._telling, gevraagd, self._table, self.grenzen, self.audience)

    def volgens(self, ander: "Totaalcijfers") -> "Totaalcijfers | None":
        """The same figures, judged by the rule of other figures, as it is known there.

        Returns None where that can't be done: by another cyclus, or by a rule that a cyclus has of itself and that it
        did not have here.
        """
        cyclus, regel = ander.maatstaf
        if (self.cyclus and self.cyclus.id, self.maatstaf.regel) == (cyclus and cyclus.id, regel):
            return self
        if cyclus is None or regel is None:
            return None
        known = {} if regel.own else {(key := Register.TELREGEL.key(cyclus.id, regel.naam)): ander.wet[key]}
        telling = self._telling._replace(wet={**self.wet, **known})
        wanted = Gevraagd(self.gevraagd.cyclus, regel.naam)
        found = Totaalcijfers(telling, wanted, self._table, self.grenzen, self.audience)
        return found if (found.cyclus and found.cyclus.id, found.maatstaf.regel) == (cyclus.id, regel) else None

    def about(self, subject: str) -> Registers:
        """The writes in force about one subject that is no locatie."""
        return {key: winner for key, winner in self.wet.items() if key[0] == subject}

    def in_gemeente(self, code: str) -> Bezetting:
        """The sums of a gemeente as it is at V."""
        return self._per_gemeente.get(nummer(code), bezetting.LEEG)

    def gemeenten_van(self, code: str) -> list[GemeenteNaleving]:
        """How the gemeenten of a provincie stand, in order of code."""
        return [row for row in self.naleving if row.gemeente.provincie == code]

    def stand_van(self, code: str) -> Provinciestand:
        """How a provincie stands: its own opgave, and its gemeenten together."""
        opgave = opgave_of(self.wet, code, self.cyclus.id) if self.cyclus else None
        return Provinciestand(opgave, naleving.opgeteld(self.gemeenten_van(code)))

    def in_provincie(self, code: str) -> Bezetting:
        """The sums of a provincie."""
        return self._per_provincie.get(nummer(code), bezetting.LEEG)

    def van_gemeenten(self, codes: Collection[str]) -> Bezetting:
        """The sums of these gemeenten together, as they are at V."""
        own = np.isin(self._places[0], [nummer(code) for code in codes])
        return bezetting.bezetting(self.standen.where(own), self.herkomst.geldig_op, self.grenzen)

    @once
    def _by_code(self) -> Mapping[str, Gemeente]:
        return {gemeente.code: gemeente for gemeente in self._table}

    @once
    def _current(self) -> Ints:
        """By number of a gemeente: that of the gemeente it is part of at V, and of its provincie; else UNKNOWN."""
        current = np.full((2, NUMMERS + 1), UNKNOWN, dtype=np.int64)
        for gemeente in self._table:
            now = self._by_code[self.indeling.current(gemeente.code)]
            current[:, nummer(gemeente.code)] = nummer(now.code), nummer(now.provincie)
        return current

    @once
    def _places(self) -> tuple[Ints, Ints]:
        """The numbers of the gemeente and of the provincie of each locatie at V. UNKNOWN where it is not known."""
        in_gemeente, in_provincie = self._current[:, self.standen.gemeente]
        return in_gemeente, in_provincie

    @once
    def _per_gemeente(self) -> Mapping[int, Bezetting]:
        return bezetting.bezettingen(self.standen, self._places[0], self.herkomst.geldig_op, self.grenzen)

    @once
    def _per_provincie(self) -> Mapping[int, Bezetting]:
        return bezetting.bezettingen(self.standen, self._places[1], self.herkomst.geldig_op, self.grenzen)


class Cijfers(Totaalcijfers):
    """The sums at (V, K), and what is known of each locatie."""

    def __init__(
        self,
        view: View,
        gevraagd: Gevraagd = NIETS_GEVRAAGD,
        table: Sequence[Gemeente] | None = None,
        question: Question | None = None,
        grenzen: Grenzen = STANDAARD,
        audience: Audience = Audience.EVERYTHING,
    ) -> None:
        """`question`: what is answered, if anything."""
        self.question = question
        self.registers = _without(view.registers, audience.unseen)
        self.herkomst = view.herkomst
        at_hand = standen(self.locaties) if view.standen is None else view.standen
        self._ids = view.ids
        wet = view.registers if view.nu is None else view.nu.heden.wet  # Of now the law is at hand by itself.
        telling = Telling(view.herkomst, wet, at_hand, view.afgeschermd, view.nu)
        super().__init__(telling, gevraagd, table, grenzen, audience)

    def met(self, registers: Registers, gevraagd: Gevraagd) -> "Cijfers":
        """The figures of the same (V, K) for the same audience, of these registers, judged by what is asked here."""
        view = View(self.herkomst, registers, afgeschermd=self._telling.afgeschermd)
        return Cijfers(view, gevraagd, self._table, grenzen=self.grenzen, audience=self.audience)

    @once
    def locaties(self) -> list[Locatie]:
        """Every locatie that its audience may meet and any event is about, in order of id."""
        return locaties(self.registers, self.herkomst.geldig_op)

    def van_locaties(self, asked: Sequence[Locatie]) -> Bezetting:
        """The sums of these registered locaties together."""
        if len(asked) == self.geregistreerd:
            return self.landelijk  # Those of all are at hand; of 10,000 others it takes 70 ms to gather them.
        return bezetting.bezetting(standen(asked), self.herkomst.geldig_op, self.grenzen)

    @once
    def ids(self) -> Sequence[str]:
        """The locatie of each column of `standen`."""
        return [one.id for one in self.locaties] if self._ids is None else self._ids

    def met_id(self, own_id: str) -> Locatie:
        """The locatie with this id, even when nothing is known of it."""
        return one_locatie(self.registers, own_id, self.herkomst.geldig_op)

    @once
    def geregistreerd(self) -> int:
        """How many locaties have a known registration. The others count in no sum."""
        return sum(one.registered for one in self.locaties)

    @once
    def by_gemeente(self) -> Mapping[str, list[Locatie]]:
        """The code of each gemeente at V → its registered locaties."""
        found: dict[str, list[Locatie]] = defaultdict(list)
        for one in self.locaties:
            if (gemeente := self.gemeente_of(one)) is not None:
                found[gemeente.code].append(one)
        return found

    def about(self, subject: str) -> Registers:
        """The writes in force about one subject, which may be a locatie."""
        return {key: winner for key, winner in self.registers.items() if key[0] == subject}

    def locatie(self, own_id: str) -> Locatie | None:
        """One locatie that its audience may meet; None when nothing in force is about it."""
        return next(iter(locaties(self.about(own_id), self.herkomst.geldig_op)), None)

    def ids_in(self, codes: Collection[str]) -> list[str]:
        """The registered locaties in these gemeenten that its audience may meet, in order of id."""
        return sorted(self.ids[n] for n in np.flatnonzero(self._here(codes)).tolist())

    def locaties_in(self, codes: Collection[str]) -> list[Locatie]:
        """The same locaties, with what is known of each."""
        return [self.met_id(own_id) for own_id in self.ids_in(codes)]

    def gesloten_in(self, codes: Collection[str]) -> list[Locatie]:
        """Those of them that are closed."""
        return [self.met_id(self.ids[n]) for n in np.flatnonzero(self._here(codes) & self.standen.gesloten).tolist()]

    def _here(self, codes: Collection[str]) -> Bools:
        return np.isin(self._places[0], [nummer(code) for code in codes])

    def gemeente_naam(self, code: str) -> str | None:
        """The name of a gemeente, also of one that ended. Returns None when there never was one with this code."""
        gemeente = self._by_code.get(code)
        return None if gemeente is None else gemeente.naam

    def gemeente_of(self, locatie: Locatie) -> Gemeente | None:
        """The gemeente in which a locatie lies at V, after mergers. Returns None when its registration is unknown."""
        return None if locatie.gemeente is None else self._by_code[self.indeling.current(locatie.gemeente)]

    def naam_van(self, subject: str) -> str:
        """What people call a subject at V; its code when it has no name."""
        if SubjectKind.LOCATIE.holds(subject):
            winner = Register.REGISTRATIE.get(self.registers, subject)
            return str(winner.value["naam"]) if winner else subject
        if subject == LANDELIJK:
            return "Nederland"
        if SubjectKind.CYCLUS.holds(subject):
            return f"cyclus {subject}"
        return PROVINCIES.get(subject) or self.gemeente_naam(subject) or subject

    def gemeente_waarin(self, subject: str) -> Gemeente | None:
        """The gemeente that a subject lies in or is at V, after mergers. None for what lies in none."""
        code = subject
        if SubjectKind.LOCATIE.holds(subject):
            winner = Register.REGISTRATIE.get(self.registers, subject)
            code = "" if winner is None else winner.value["gemeente"]
        return self._by_code[self.indeling.current(code)] if code in self._by_code else None

    def provincie_of(self, subject: str) -> str | None:
        """The code of the provincie that a subject lies in or is. None for the country, and where it is not known."""
        if SubjectKind.PROVINCIE.holds(subject):
            return subject
        found = self.gemeente_waarin(subject)
        return None if found is None else found.provincie

    def of_provincie(self, code: str) -> list[Locatie]:
        """The registered locaties of a provincie."""
        return [loc for loc in self.locaties if (g := self.gemeente_of(loc)) is not None and g.provincie == code]


def _without(registers: Registers, unseen: Collection[Register]) -> Registers:
    """Returns the writes in force, without those in these registers."""
    gone = [key for one in unseen for key, _ in one.among(registers)]
    if not gone:
        return registers
    left = dict(registers)
    for key in gone:
        del left[key]
    return left
