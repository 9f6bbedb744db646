"""A paragraph about one gemeente, to paste in a letter, and all the facts that it states.

The paragraph is written from the facts, so two paragraphs about one moment differ only where their facts do. That is
how an earlier letter is checked: by the digest of its facts, beside that of the facts as they are known now.
"""

import json
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from schemas.fields import format_moment
from schemas.reference import PROVINCIES
from services.core.dutch import letter_begin, letter_day, number, plaatsen
from services.core.gemeenten import Indeling
from services.core.genoemd import telregel as genoemd
from services.core.naleving import AMV_OPGAVE_ONBEKEND, GemeenteNaleving
from services.core.opgaven import STATUSSEN, onderdelen, opgave_of
from services.core.reasons.kamerbrief import GESIMULEERD
from services.core.registers import Register, Registers
from services.core.stap import MINISTER, Stap, laatste_stap

KERN_BYTES = 16


class Regelfeit(NamedTuple):
    """The rule by which places are counted."""

    naam: str
    omschrijving: str
    eigen: bool
    """Whether it is the rule that the cyclus has of itself."""
    geldig_vanaf: datetime
    niet_bekeken: tuple[str, ...]
    """What the law asks and this rule does not look at."""


class Feiten(NamedTuple):
    """All that the paragraph states of a gemeente at V, apart from its name.

    The digest of an issued letter is over these fields in this order. Whoever changes them also raises the version of
    the codes (`services/reads/controle.py`).
    """

    gemeente: str
    cyclus: str | None
    volledig: bool
    """Whether all opgaven and places of the cyclus are known. If not, its places are lower bounds."""
    zonder_regel: str | None
    """The rule that the cyclus names and nobody set; None where places are counted by a rule."""
    regel: Regelfeit | None
    opgave: int | None
    status: str | None
    sinds: datetime | None
    """From when on the opgave holds; None where it is that of several parts together."""
    amv_opgave: int | None
    realiseren_voor: datetime | None
    stand: str | None
    """What became of the verdeelbesluit; None without one."""
    zaak: str | None
    eigen: int
    gegeven: int
    ontvangen: int
    ongedekt: int
    meetellend: int
    amv: int | None
    """Own places for amv that count; None where the rule asks for none apart, or there is no verdeelbesluit."""
    klasse: str
    reden: str | None
    tekort: int | None
    tekort_minstens: int | None
    tekort_hoogstens: int | None
    stap: Stap | None
    """The latest step of supervision; None where none is known, or whoever asks may not see it."""


def feiten(row: GemeenteNaleving, registers: Registers, now: Indeling) -> Feiten:
    """Gathers the facts. `registers`: those of the law, without what whoever asks may not see."""
    (cyclus, regel), besluit, opgave = row.maatstaf, row.besluit, row.opgave
    return Feiten(
        gemeente=row.gemeente.code,
        cyclus=None if cyclus is None else cyclus.id,
        volledig=row.volledig,
        zonder_regel=None if cyclus is None or regel is not None else cyclus.telregel,
        regel=_regel(row, registers),
        opgave=None if opgave is None else opgave.opgave,
        status=None if opgave is None else opgave.status,
        sinds=_sinds(row, registers, now),
        amv_opgave=None if opgave is None else opgave.waarvan_amv,
        realiseren_voor=None if besluit is None else besluit.realiseren_voor,
        stand=None if besluit is None else besluit.stand,
        zaak=None if besluit is None else besluit.zaak,
        eigen=row.eigen,
        gegeven=row.gegeven,
        ontvangen=row.ontvangen,
        ongedekt=row.ongedekt,
        meetellend=row.meetellend,
        amv=row.amv if row.amv_apart and besluit is not None else None,
        klasse=row.naleving,
        reden=row.reden,
        tekort=row.tekort,
        tekort_minstens=row.tekort_minstens,
        tekort_hoogstens=row.tekort_hoogstens,
        stap=laatste_stap(registers, row.gemeente.code, now),
    )


def kern(found: Feiten) -> bytes:
    """Returns the digest of the facts: KERN_BYTES bytes."""
    text = json.dumps(found, default=_as_text, ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=KERN_BYTES).digest()


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return format_moment(value)
    raise TypeError(f"a fact of a letter is text, a number or a moment, and not {value!r}")


def alinea(
    found: Feiten,
    naam: str,
    valid_at: datetime,
    known_at: datetime,
    *,
    over_toezicht: bool = False,
    simulatie: bool = False,
) -> str:
    """Writes the paragraph. Each sentence states a fact, bounds it, or says what is missing.

    Args:
        found: the facts.
        naam: what the gemeente is called.
        valid_at: V.
        known_at: K.
        over_toezicht: whether its reader may know of the toezicht on one gemeente. If not, there is nothing about it.
        simulatie: whether simulated events count in it.
    """
    of_when = "" if valid_at == known_at else f" {letter_begin(valid_at)}"
    when = f"{of_when}, zoals bekend {letter_begin(known_at)},"
    said = [GESIMULEERD] if simulatie else []
    if found.cyclus is None:
        said.append(
            f"Over de opgave van de gemeente {naam} was{when} niets te zeggen, want een geldende cyclus van de "
            "Spreidingswet was niet bekend."
        )
    else:
        said += [*_of_opgave(found, naam, when), *_of_places(found), *_of_class(found)]
    if over_toezicht:
        said.append(_of_toezicht(found.stap, valid_at))
    return " ".join(said)


def _regel(row: GemeenteNaleving, registers: Registers) -> Regelfeit | None:
    cyclus, regel = row.maatstaf
    if cyclus is None or regel is None:
        return None
    written = None if regel.own else Register.TELREGEL.get(registers, cyclus.id, regel.naam)
    since = cyclus.geldig_vanaf if written is None else written.effective_at
    return Regelfeit(regel.naam, regel.omschrijving, regel.own, since, tuple(regel.niet_bekeken))


def _sinds(row: GemeenteNaleving, registers: Registers, now: Indeling) -> datetime | None:
    cyclus = row.maatstaf.cyclus
    if cyclus is None or row.opgave is None:
        return None
    parts = [
        part
        for part in onderdelen(registers, row.gemeente.code, now, cyclus)
        if opgave_of(registers, part, cyclus.id) is not None
    ]
    if len(parts) != 1:
        return None
    written = Register.OPGAVE.get(registers, parts[0], cyclus.id, row.opgave.status)
    return None if written is None else written.effective_at


def _of_opgave(found: Feiten, naam: str, when: str) -> list[str]:
    """The opgave, how firm it is, from when on and until when; and by which rule places are counted."""
    in_cyclus = f"in cyclus {found.cyclus} van de Spreidingswet"
    if found.opgave is None:
        if found.volledig:
            return [f"De gemeente {naam} had{when} {in_cyclus} geen opgave.", *_of_rule(found)]
        return [f"Van de gemeente {naam} was{when} {in_cyclus} geen opgave bekend.", *_of_rule(found)]
    amv = "" if found.amv_opgave is None else f", waarvan {number(found.amv_opgave)} voor amv"
    said = [f"De gemeente {naam} had{when} {in_cyclus} een opgave van {plaatsen(found.opgave)}{amv}."]
    since = "" if found.sinds is None else f", dat geldt vanaf {letter_day(found.sinds)}"
    if found.status != STATUSSEN[0]:
        since = "" if found.sinds is None else f" en geldt vanaf {letter_day(found.sinds)}"
        said.append(f"Die opgave is {found.status}{since}; zij bindt niet, want dat doet alleen een verdeelbesluit.")
    elif found.sinds is None:
        said.append("De opgave volgt uit de verdeelbesluiten van de gemeenten die zijn samengegaan.")
    else:
        said.append(f"De opgave volgt uit het verdeelbesluit{since}.")
    return said + _of_decision(found) + _of_rule(found)


def _of_decision(found: Feiten) -> list[str]:
    """The term of the verdeelbesluit, and what became of it."""
    if found.stand is None:
        return []
    term = "Een termijn was daarvoor niet bekend."
    if found.realiseren_voor is not None:
        term = f"De opgave moet gerealiseerd zijn vóór {letter_day(found.realiseren_voor)}."
    zaak = "" if found.zaak is None else f" ({found.zaak})"
    of_stand = {
        "geldend": "Het besluit gold.",
        "bezwaar": f"Tegen het besluit liep bezwaar{zaak}; het bleef intussen gelden.",
        "beroep": f"Tegen het besluit liep beroep{zaak}; het bleef intussen gelden.",
    }
    return [term, of_stand.get(found.stand, f"Het besluit was {found.stand}{zaak}, en bond daarom niet.")]


def _of_rule(found: Feiten) -> list[str]:
    regel = found.regel
    if regel is None:
        why = f"{genoemd(found.zonder_regel)} was niet vastgesteld"
        return [f"Hoeveel plaatsen meetelden was niet te zeggen, want {why}."]
    how = f"volgens {regel.omschrijving}, die geldt vanaf {letter_day(regel.geldig_vanaf)}"
    if not regel.eigen:
        name = f"volgens {genoemd(regel.naam)}, die geldt vanaf {letter_day(regel.geldig_vanaf)}"
        how = f"{name}: {regel.omschrijving.rstrip('.')}"
    left_out = " en ".join(regel.niet_bekeken)
    return [f"Plaatsen zijn geteld {how}.", *([f"Daarbij is niet bekeken {left_out}."] if left_out else [])]


def _of_places(found: Feiten) -> list[str]:
    """The places that count, and of what they are the sum. Without a rule they mean nothing."""
    if found.regel is None:
        return []
    parts = (
        f"{number(found.eigen)} eigen, {number(found.gegeven)} door overdracht gegeven aan en "
        f"{number(found.ontvangen)} zo ontvangen van andere gemeenten"
    )
    verb = "telde" if found.meetellend == 1 else "telden"
    if not (found.eigen or found.gegeven or found.ontvangen):
        none = "Er telde geen enkele plaats voor haar mee."
        said = [none if found.volledig else "Plaatsen die voor haar meetellen waren niet bekend."]
    elif found.volledig:
        said = [f"Er {verb} {plaatsen(found.meetellend)} voor haar mee: {parts}."]
    else:
        said = [f"Voor zover bekend {verb} er {plaatsen(found.meetellend)} voor haar mee: {parts}."]
    if not found.volledig:
        said.append(f"Van cyclus {found.cyclus} is niet alles vastgelegd: er kunnen meer plaatsen meetellen.")
    if found.ongedekt:
        said.append(
            f"Voor {plaatsen(found.ongedekt)} die zij toezegde had zij geen eigen plaatsen; die tellen nergens mee."
        )
    if found.amv is not None:
        wanted = "hoeveel er daarvoor nodig zijn was niet bekend"
        if found.amv_opgave is not None:
            wanted = f"nodig waren er {number(found.amv_opgave)}"
        many = f"{'was er' if found.amv == 1 else 'waren er'} {number(found.amv)} voor amv"
        known = f"Van haar eigen plaatsen die meetellen {many}" if found.volledig else f"Voor zover bekend {many}"
        said.append(f"{known}; {wanted}.")
    return said


def _of_class(found: Feiten) -> list[str]:
    """Whether it met its opgave, and how many places it was short; or why that can't be said."""
    if found.klasse == "geen opgave":
        return ["Zij had dus niets waaraan zij moest voldoen, en kwam geen plaatsen tekort."]
    if found.klasse == "voldoet":
        return ["Daarmee voldeed zij aan haar opgave, en kwam zij geen plaatsen tekort."]
    if found.klasse == "opgeschort":
        return [f"Omdat het besluit {found.stand} was, hoefde zij niet aan haar opgave te voldoen.", *_of_short(found)]
    if found.klasse == "onbekend":
        return [f"Of zij aan haar opgave voldeed was niet vast te stellen: {found.reden}.", *_of_short(found)]
    if found.klasse == "termijn loopt":
        return ["Zij voldeed daarmee nog niet aan haar opgave, en de termijn liep nog.", *_of_short(found)]
    how = "gedeeltelijk" if found.klasse == "gedeeltelijk" else "niet"
    return [f"Daarmee voldeed zij {how} aan haar opgave.", *_of_short(found)]


def _of_short(found: Feiten) -> list[str]:
    if found.tekort is not None:
        return [f"Zij kwam {plaatsen(found.tekort)} tekort."]
    settled = found.klasse not in ("onbekend", "opgeschort")
    why = f": {AMV_OPGAVE_ONBEKEND}" if settled else ""
    least = f"minstens {number(found.tekort_minstens)}" if found.tekort_minstens else ""
    most = "" if found.tekort_hoogstens is None else f"hoogstens {number(found.tekort_hoogstens)}"
    bounds = " en ".join(filter(None, (least, most)))
    said = f"Hoeveel plaatsen zij tekortkwam was niet vast te stellen{why}"
    return [f"{said}; het waren er {bounds}." if bounds else f"{said}."]


def _of_toezicht(stap: Stap | None, op: datetime) -> str:
    if stap is None:
        return "Een stap van interbestuurlijk toezicht op haar was niet bekend."
    by = "de minister"
    if stap.toezichthouder != MINISTER:
        by = f"de provincie {PROVINCIES.get(stap.toezichthouder, stap.toezichthouder)}"
    if not stap.loopt:
        return f"Het interbestuurlijk toezicht op haar is op {letter_day(stap.gezet_op)} beëindigd door {by}."
    term = "zonder termijn"
    if stap.termijn is not None:
        over = stap.verloopt_op is not None and op >= stap.verloopt_op
        term = f"met een termijn tot en met {letter_day(stap.termijn)}{', die voorbij was' if over else ''}"
    return (
        f"In het interbestuurlijk toezicht was de stap ‘{stap.stap}’ van kracht, gezet op {letter_day(stap.gezet_op)} "
        f"door {by}, {term}."
    )
