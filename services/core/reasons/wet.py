"""Which writes count in the figures of the Spreidingswet: the roles of `verklaring` for what the law rests on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from services.core.beschikbaar import er_sinds
from services.core.dutch import number
from services.core.gemeenten import Indeling
from services.core.genoemd import telregel as genoemd
from services.core.grootheden.declaratie import FigureOf
from services.core.locaties import Locatie
from services.core.opgaven import STATUSSEN, besluit_of, onderdelen
from services.core.overdrachten import Toezegging, givers, waarom_zonder_gevolg
from services.core.reasons.verklaring import (
    NEEDLESS,
    TELT,
    Rules,
    Telt,
    Uitspraak,
    by_register,
    expired,
    if_open,
    without_places,
)
from services.core.registers import LANDELIJK, Key, Register, Registers, SubjectKind, Winner, end_of
from services.core.telregel import Cyclus, Maatstaf
from services.core.toezicht import STAPPEN

_OTHER_CYCLUS: Uitspraak = ("telt niet mee", "van een andere cyclus")
_NO_CYCLUS: Uitspraak = ("telt niet mee", "er is geen cyclus van kracht")


class Case(NamedTuple):
    """By what writes are judged for some gemeenten, or for a provincie and its gemeenten."""

    registers: Registers
    locaties: Iterable[Locatie]
    """Of these those count that lie in the gemeenten, or in one that promised them places: all that such a gemeente has
    and promises decides how much of it is covered."""
    now: Indeling
    maatstaf: Maatstaf
    subjects: Sequence[str]
    """Their codes."""
    valid_at: datetime
    toezeggingen: Iterable[Toezegging] = ()
    """How much of each promise is covered, to say so of it."""


def in_naleving(case: Case) -> Telt:
    """Judges writes for the opgave, the places that count and the class of these gemeenten."""
    return by_register(_of_gemeenten(case), FigureOf.GEMEENTE)


def in_toezicht(case: Case) -> Telt:
    """Judges writes for the toezicht on all gemeenten."""
    more: Rules = {Register.INZET: _raming, Register.TOEZICHTCAPACITEIT: _capaciteit}
    return by_register({**_of_gemeenten(case), **more}, FigureOf.TOEZICHT)


def in_provincie(case: Case) -> Telt:
    """Judges writes for the opgave of a provincie itself, and as `in_naleving` for the places in its gemeenten."""
    without_steps: Rules = {one: rule for one, rule in _of_gemeenten(case).items() if one is not Register.TOEZICHT}
    return by_register(without_steps, FigureOf.PROVINCIE)


def _raming(key: Key, _write: Winner) -> Uitspraak:
    """Judges an estimate of the hours in a step."""
    (stap,) = Register.INZET.parts(key[1])
    return TELT if stap in STAPPEN else ("telt niet mee", f"in de stap '{stap}' is geen gemeente onder toezicht")


def _capaciteit(key: Key, _write: Winner) -> Uitspraak:
    """Judges what a toezichthouder has."""
    return TELT if key[0] == LANDELIJK else ("telt niet mee", "de fte zijn hier die van de minister")


def _of_gemeenten(case: Case) -> Rules:
    registers, locaties, now, maatstaf, subjects, valid_at, toezeggingen = case
    wanted = frozenset(subjects)
    from_others = giving(registers, now, maatstaf, wanted, valid_at)
    law = _Law(registers, now, maatstaf, wanted, from_others, valid_at, _ongedekt(toezeggingen))
    lies_in = {one.id: now.current(one.gemeente) for one in locaties if one.gemeente is not None}
    by_id = {one.id: one for one in locaties if lies_in.get(one.id) in wanted | law.giving}
    without = without_places(registers, valid_at)

    def places(key: Key, write: Winner) -> Uitspraak:
        ended = expired(write, valid_at, counts_as_zero=key[0] in without)
        return ended or law.places_rule(key, write, own=lies_in[key[0]] in wanted)

    there = if_open(registers, by_id, lambda _key, _write: TELT)
    return {
        Register.REGISTRATIE: there,
        Register.OPEN: there,
        Register.PLAATSEN: if_open(registers, by_id, places),
        Register.CYCLUS: law.cyclus_rule,
        Register.TELREGEL: law.telregel_rule,
        Register.OPGAVE: law.opgave_rule,
        Register.OPGAVESTAND: law.opgavestand_rule,
        Register.OVERDRACHT: law.overdracht_rule,
        Register.TOEZICHT: law.toezicht_rule,
    }


def giving(
    registers: Registers, now: Indeling, maatstaf: Maatstaf, gemeenten: Iterable[str], valid_at: datetime
) -> frozenset[str]:
    """The other gemeenten whose promises and places decide what these receive."""
    wanted = frozenset(gemeenten)
    if maatstaf.cyclus is None or maatstaf.regel is None:
        return frozenset()
    return givers(registers, now, maatstaf.cyclus.id, wanted, valid_at) - wanted


def _ongedekt(toezeggingen: Iterable[Toezegging]) -> dict[str, int]:
    return {
        one.winner.event_id: missing for one in toezeggingen if (missing := one.winner.value["aantal"] - one.gedekt)
    }


class _Law(NamedTuple):
    """What decides which writes of the law count for some gemeenten, or for a provincie."""

    registers: Registers
    now: Indeling
    maatstaf: Maatstaf
    subjects: frozenset[str]
    giving: frozenset[str]
    """The other gemeenten that promised places to any of them."""
    valid_at: datetime
    ongedekt: Mapping[str, int] = {}
    """The id of an overdracht of which not all is covered → how much is not."""

    @property
    def cyclus(self) -> Cyclus | None:
        """The cyclus by which they are judged."""
        return self.maatstaf.cyclus

    def cyclus_rule(self, key: Key, _write: Winner) -> Uitspraak:
        """Judges a write to a cyclus."""
        return TELT if self.cyclus is not None and key[0] == self.cyclus.id else _OTHER_CYCLUS

    def telregel_rule(self, key: Key, _write: Winner) -> Uitspraak:
        """Judges a write to a rule of what counts."""
        if self.cyclus is None or key[0] != self.cyclus.id:
            return _OTHER_CYCLUS
        (naam,) = Register.TELREGEL.parts(key[1])
        used = self.maatstaf.regel is not None and self.maatstaf.regel.naam == naam
        return TELT if used else ("telt niet mee", "een andere telregel dan waarmee is geteld")

    def toezicht_rule(self, key: Key, write: Winner) -> Uitspraak:
        """Judges a step of supervision: the latest of all parts of a gemeente counts."""
        if not self._about(key[0]):
            return NEEDLESS
        for part in self.now.parts(self.now.current(key[0])):
            other = Register.TOEZICHT.get(self.registers, part)
            if other is not None and other.rank > write.rank:
                return "telt niet mee", f"een latere stap, tegen {part}, gaat voor"
        return TELT

    def opgave_rule(self, key: Key, _write: Winner) -> Uitspraak:
        """Judges a write to an opgave. Only the strongest status of a subject counts."""
        subject, stored = key
        of_cyclus, status = Register.OPGAVE.parts(stored)
        if not self._about(subject):
            return NEEDLESS
        if self.cyclus is None or of_cyclus != self.cyclus.id:
            return _OTHER_CYCLUS
        if not self._is_part(subject):
            return self._replaced(subject)
        for stronger in STATUSSEN[: STATUSSEN.index(status)]:
            if Register.OPGAVE.key(subject, of_cyclus, stronger) in self.registers or self._decided(subject):
                return "telt niet mee", f"{stronger} gaat voor {status}"
        return TELT

    def opgavestand_rule(self, key: Key, write: Winner) -> Uitspraak:
        """Judges what became of a verdeelbesluit."""
        subject, stored = key
        if not self._about(subject):
            return NEEDLESS
        (of_cyclus,) = Register.OPGAVESTAND.parts(stored)
        if self.cyclus is None or of_cyclus != self.cyclus.id:
            return _OTHER_CYCLUS
        if not self._is_part(subject):
            return self._replaced(subject)
        besluit = Register.OPGAVE.get(self.registers, subject, of_cyclus, STATUSSEN[0])
        if besluit is None or write.effective_at < besluit.effective_at:
            return "telt niet mee", "er is geen verdeelbesluit van daarvoor"
        return expired(write, self.valid_at) or TELT

    def overdracht_rule(self, key: Key, write: Winner) -> Uitspraak:
        """Judges an overdracht from these gemeenten, or from one that gives them places: its promises have an order."""
        giver, stored = key
        of_cyclus, receiver = Register.OVERDRACHT.parts(stored)
        if not (self._about(giver) or self._about(receiver) or self.now.current(giver) in self.giving):
            return NEEDLESS
        if self.cyclus is None or of_cyclus != self.cyclus.id:
            return _OTHER_CYCLUS
        if self.maatstaf.regel is None:
            return self._without_rule(self.cyclus)
        if (void := waarom_zonder_gevolg(giver, receiver, self.now)) is not None:
            return "telt niet mee", f"heeft geen gevolg: {void}"
        return expired(write, self.valid_at) or self._covered(giver, write)

    def _covered(self, giver: str, write: Winner) -> Uitspraak:
        """Judges a promise by how much of it is covered. Of its giver what is not covered is told too, so it counts."""
        missing, many = self.ongedekt.get(write.event_id, 0), write.value["aantal"]
        if not missing:
            return TELT
        how = f"de {number(many)}" if missing == many else f"{number(missing)} van de {number(many)}"
        why = f"ongedekt: voor {how} plaatsen heeft {self.now.current(giver)} geen eigen meetellende plaatsen"
        return "telt niet mee" if missing == many and not self._about(giver) else "telt", why

    def places_rule(self, key: Key, write: Winner, *, own: bool) -> Uitspraak:
        """Judges places that did not end. `own`: they lie in one of these gemeenten, not in one that gives them any."""
        cyclus, regel = self.maatstaf
        if cyclus is None:
            return _NO_CYCLUS
        if regel is None:
            return self._without_rule(cyclus)
        (soort,) = Register.PLAATSEN.parts(key[1])
        if soort not in regel.soorten:
            return "telt niet mee", f"{soort} telt niet volgens {genoemd(regel.naam, cyclus.id)}"
        short = regel.te_kort(end_of(write), er_sinds(write), self.valid_at)
        if short is not None:
            return "telt niet mee", short
        return TELT if own or soort != "amv" else ("telt niet mee", "plaatsen voor amv kunnen niet worden overgedragen")

    def _without_rule(self, cyclus: Cyclus) -> Uitspraak:
        return "telt niet mee", f"{genoemd(cyclus.telregel)} is niet vastgesteld"

    def _about(self, code: str) -> bool:
        return self.now.current(code) in self.subjects

    def _is_part(self, code: str) -> bool:
        """Whether a task of this code is one of those that are added up: its successor may have one for the whole."""
        whole = self.now.current(code)
        return self.cyclus is None or code in onderdelen(self.registers, whole, self.now, self.cyclus)

    def _decided(self, code: str) -> bool:
        """Whether the gemeente that a code has become is judged by verdeelbesluiten: no other status matters then."""
        if self.cyclus is None or not SubjectKind.GEMEENTE.holds(code):
            return False
        whole = self.now.current(code)
        return besluit_of(self.registers, whole, self.now, self.cyclus, self.valid_at) is not None

    def _replaced(self, code: str) -> Uitspraak:
        whole = self.now.current(code)
        return "telt niet mee", f"een verdeelbesluit van {whole}, van na de fusie, vervangt dat van de delen"
