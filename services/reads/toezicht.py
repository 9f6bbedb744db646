"""The toezicht on gemeenten: what stands at `/v1/toezicht`, and what the pages and the report show of it.

Everybody is told the figures, as far as these give no single gemeente away. Rows about single gemeenten are for whoever
may see their steps: each function that makes rows is given the codes of those gemeenten.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from schemas.data import Toezichtstap
from schemas.fields import Json, format_known, format_moment
from schemas.moments import day_of
from schemas.reference import PROVINCIES, gemeente_codes
from schemas.reference.toezichtladder import toezichtladder
from services.core.gemeenten import Indeling
from services.core.grootheden import te_klein, toezichtzinnen
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.toezicht import GROOTHEDEN, NAMEN, NIET_IN_TOEZICHT
from services.core.naleving import GemeenteNaleving
from services.core.registers import Register, Winner
from services.core.stap import MINISTER, Stap, stap_van
from services.core.toezicht import ACTIEF, GRENZEN, HAALBAAR_VOLGENS, STAPPEN, Zaak, komende_termijnen
from services.core.toezichtstappen import Stappen, misstappen, op_volgorde
from services.core.voorbehoud import ALLEEN_TOEZICHT, ANDERS_GETELD, Voorbehoud, van_toezicht
from services.reads import answers, raming
from services.reads.cijfers import Totaalcijfers
from services.reads.memory import revision
from services.reads.question import Question
from services.reads.reader import Reader

GEMEENTEN_MAX = len(gemeente_codes())
"""The most gemeenten for which can be asked what it takes to take them up: every one that there is or was."""
WEKEN = 13
"""How far ahead terms are told, unless something else is asked."""


class Keuze(NamedTuple):
    """Which gemeenten are told of; without anything, all of them."""

    stap: Toezichtstap | None = None
    provincie: str | None = None
    verlopen: bool | None = None
    dagen: int | None = None
    """At least so many days in their step."""

    def houdt(self, een: Zaak, steps: Stappen) -> bool:
        """Whether a gemeente is one of these. `steps`: every step against it.

        One in no step has nothing of what is asked of a step.
        """
        if self.provincie not in (None, een.gemeente.provincie):
            return False
        if een.lopend is None:
            return self.stap is None and self.verlopen is None and self.dagen is None
        return (
            self.stap in (None, een.lopend.stap)
            and self.verlopen in (None, een.verlopen)
            and (self.dagen is None or (bool(steps) and steps[-1].dagen(een.op) >= self.dagen))
        )


class Stel(NamedTuple):
    """What if so many gemeenten were taken up in one step. `gemeenten` None: as many as do not comply."""

    gemeenten: int | None = None
    stap: Toezichtstap = ACTIEF


class Toezichtstappen(NamedTuple):
    """The steps against gemeenten, by the code of each at V."""

    tot_nu: Mapping[str, Stappen]
    """Every step until V."""
    aangekondigd: Mapping[str, Sequence[Stap]]
    """Those that begin after V, in order."""


def stappen_van_gemeenten(
    reader: Reader, question: Question, cijfers: Totaalcijfers, binnen: timedelta = timedelta(0)
) -> Toezichtstappen:
    """Returns every step until V, and what is announced to begin at most so long after it.

    It is for whoever may see these steps: this function asks nobody who he is.
    """
    at, now = cijfers.herkomst, cijfers.indeling
    codes = sorted({part for een in cijfers.zaken for part in now.parts(een.gemeente.code)})

    def written(until: datetime) -> Mapping[str, list[tuple[str, Winner]]]:
        found = reader.store.history(Register.TOEZICHT.stored(), codes, until, at.bekend_op, at.positie)
        return _per_code(now, [(code, winner) for (code, _), winner in found])

    def read() -> Mapping[str, Stappen]:
        return {code: op_volgorde(steps) for code, steps in written(at.geldig_op).items()}

    if cijfers.nu is None:
        every = written(at.geldig_op + binnen)
        past = {code: [one for one in steps if one[1].effective_at <= at.geldig_op] for code, steps in every.items()}
        until_now = {code: op_volgorde(steps) for code, steps in past.items() if steps}
        return Toezichtstappen(until_now, _na(every, at.geldig_op))
    # What was said is in force until something else is. So what stands, and what was revised, tell all of it.
    standing = tuple(winner.event_id for _, winner in Register.TOEZICHT.among(cijfers.nu.heden.wet))
    source = standing, revision(cijfers), day_of(at.geldig_op)
    known = [one for one in cijfers.nu.ahead if one.winner.recorded_at <= at.bekend_op]
    ahead = [(one.key[0], one.winner) for one in known if Register.of(one.key) is Register.TOEZICHT]
    soon = [one for one in ahead if one[1].effective_at <= at.geldig_op + binnen]
    stappen = reader.memory.given("stappen", question, source, read)
    return Toezichtstappen(stappen, _na(_per_code(now, soon), at.geldig_op))


def _per_code(now: Indeling, written: Iterable[tuple[str, Winner]]) -> dict[str, list[tuple[str, Winner]]]:
    found: dict[str, list[tuple[str, Winner]]] = {}
    for code, winner in written:
        found.setdefault(now.current(code), []).append((code, winner))
    return found


def _na(written: Mapping[str, Sequence[tuple[str, Winner]]], op: datetime) -> dict[str, list[Stap]]:
    later = {code: [winner for _, winner in steps if winner.effective_at > op] for code, steps in written.items()}
    return {code: [*map(stap_van, sorted(steps, key=lambda one: one.rank))] for code, steps in later.items() if steps}


def toezicht(
    reader: Reader,
    question: Question,
    cijfers: Totaalcijfers,
    over: Collection[str],
    *,
    eigen: Collection[str] = (),
    keuze: Keuze = Keuze(),  # noqa: B008 - a NamedTuple never changes
    stel: Stel = Stel(),  # noqa: B008
    weken: int = WEKEN,
) -> Json:
    """`/v1/toezicht`.

    Args:
        reader: answers the question.
        question: what is asked.
        cijfers: its figures.
        over: the codes of the gemeenten whose steps the caller may see.
        eigen: the toezichthouders that it is itself.
        keuze: which gemeenten are told of.
        stel: what if so many were taken up.
        weken: how far ahead terms are told.
    """
    rows = houders(cijfers, over, eigen) if over else []
    return (
        answers.head(cijfers.herkomst)
        | {"omvat": "alles"}
        | answers.judged_by(cijfers)
        | {"voorbehoud": redenen(cijfers, rows)}
        | samen(cijfers)
        | {"alsAllen": als_allen(cijfers, stel)}
        | raming.rust_op(reader, question, cijfers)
        | ({"toezichthouders": rows} if over else {})
        | (_per_gemeente(reader, question, cijfers, over, keuze, weken) if over else {})
    )


def samen(cijfers: Totaalcijfers) -> Json:
    """Returns the figures of the toezicht on all gemeenten, as this audience is told them."""
    found = cijfers.van_toezicht
    ladder = toezichtladder()
    rows = [
        {"stap": stap, "trede": ladder[stap].trede, "fase": ladder[stap].fase} | _van_stap(stap, found)
        for stap in STAPPEN
    ]
    return {"stappen": rows} | {name: value for name, value in found.items() if "." not in name}


def redenen(cijfers: Totaalcijfers, rows: Sequence[Json]) -> list[Json]:
    """Returns why figures of the toezicht can't be stated, or are not told. `rows`: the toezichthouders it is told."""
    stand = cijfers.toezicht
    found = van_toezicht(cijfers.maatstaf, stand, klein=cijfers.audience.sees_toezicht)
    if not cijfers.audience.sees_toezicht:
        told = [one for one in GROOTHEDEN if cijfers.vertelt(one.naam)]
        found += [*te_klein(FigureOf.TOEZICHT, stand, told), ALLEEN_TOEZICHT]
        found += [] if cijfers.vertelt(NIET_IN_TOEZICHT.naam) else [ANDERS_GETELD]
    for row in rows:
        who = f"de provincie {row['naam']}"
        if row["toezichthouder"] != MINISTER and row["fteBeschikbaar"] is None:
            sentence = f"hoeveel fte {who} voor het toezicht heeft, is niet bekend"
            found.append(Voorbehoud("geen capaciteit", sentence))
        unknown = None in (row[f"uren{end}"] for end in GRENZEN.values())
        if stand.bekend and unknown and not cijfers.audience.sees_toezicht:
            sentence = f"van een stap van {who} is geen raming van de uren bekend, of geen onder- of bovengrens"
            found.append(Voorbehoud("geen raming", sentence))
    return answers.reasons(found)


def als_allen(cijfers: Totaalcijfers, stel: Stel) -> Json:
    """Returns what it would take of the minister to have so many gemeenten in one step, and how that was counted."""
    stand = cijfers.toezicht
    many = stand.niet_nagekomen if stel.gemeenten is None else stel.gemeenten
    hours = {end: stand.uren_voor(many, stel.stap, grens) for grens, end in GRENZEN.items()}
    return (
        {"stap": stel.stap, "gemeenten": many}
        | {f"uren{end}": uren for end, uren in hours.items()}
        | {f"fte{end}": stand.fte(uren) for end, uren in hours.items()}
        | {f"haalbaar{end}": stand.haalbaar(stel.stap, grens) for end, grens in HAALBAAR_VOLGENS.items()}
        | {"formule": toezichtzinnen.keer(stand, many, stel.stap, "urenPerGemeente")}
    )


def _per_gemeente(
    reader: Reader, question: Question, cijfers: Totaalcijfers, over: Collection[str], keuze: Keuze, weken: int
) -> Json:
    binnen, bekend = timedelta(weeks=weken), cijfers.toezicht.bekend
    every, ahead = stappen_van_gemeenten(reader, question, cijfers, binnen)
    seen = [
        (een, row)
        for een, row in zip(cijfers.zaken, cijfers.naleving, strict=True)
        if een.gemeente.code in over and keuze.houdt(een, every.get(een.gemeente.code, ()))
    ]
    names = {een.gemeente.code: een.gemeente.naam for een, _ in seen}
    wrong = [(code, one) for code in names for one in misstappen(every.get(code, ()))]
    due = komende_termijnen((een for een, _ in seen), ahead, binnen)
    in_steps = [(een, row, every.get(een.gemeente.code, ())) for een, row in seen if een.lopend is not None]
    return {
        "gemeenten": [zaak_row(een, row, steps) for een, row, steps in in_steps],
        "zonderStap": [_stand(row) for een, row in seen if bekend and een.niet_nagekomen and een.lopend is None],
        "termijnen": [
            _stap(one.zaak.lopend)
            | {"code": one.zaak.gemeente.code, "naam": one.zaak.gemeente.naam, "naleving": one.zaak.naleving}
            | {"verlooptOp": format_moment(one.verloopt_op)}
            for one in due
        ],
        "buitenVolgorde": [
            _stap(one.stap) | {"code": code, "naam": names[code], "reden": one.buiten}
            for code, one in sorted(wrong, key=lambda pair: (pair[1].stap.gezet_op, pair[0]), reverse=True)
        ],
    }


def houders(cijfers: Totaalcijfers, over: Collection[str], eigen: Collection[str]) -> list[Json]:
    """Returns for each toezichthouder what its steps take, and what it has.

    Who may not see all steps is told of `eigen` only, the toezichthouders that it is itself. And of these only where it
    may see each gemeente that such a one is in a step against (`over`), since the numbers tell how many those are.
    """
    stand = cijfers.toezicht
    elsewhere = {
        een.lopend.toezichthouder for een in cijfers.zaken if een.lopend is not None and een.gemeente.code not in over
    }
    return [
        {"toezichthouder": houder, "naam": PROVINCIES.get(houder, houder), "gemeenten": stand.in_stap(houder=houder)}
        | {f"uren{end}": stand.uren(grens, houder=houder) for grens, end in GRENZEN.items()}
        | {f"fteNodig{end}": stand.fte_nodig(grens, houder) for grens, end in GRENZEN.items()}
        | {"fteBeschikbaar": stand.fte_beschikbaar(houder)}
        for houder in stand.houders
        if cijfers.audience.sees_toezicht or (houder in eigen and houder not in elsewhere)
    ]


def zaak_row(een: Zaak, row: GemeenteNaleving, steps: Stappen) -> Json:
    """Returns a gemeente under toezicht. `steps`: every step against it."""
    last = steps[-1] if steps else None
    return (
        _stand(row)
        | _stap(een.lopend)
        | {"verlopen": een.verlopen}
        | {"sinds": None if last is None else format_moment(last.sinds)}
        | {"dagenInStap": None if last is None else last.dagen(een.op)}
    )


def _stand(row: GemeenteNaleving) -> Json:
    gemeente = row.gemeente
    return {
        "code": gemeente.code,
        "naam": gemeente.naam,
        "provincie": gemeente.provincie,
        "provincieNaam": PROVINCIES[gemeente.provincie],
        "naleving": row.naleving,
        "opgave": row.opgave.opgave if row.opgave else None,
        "meetellend": row.meetellend if row.geteld else None,
        "tekort": row.tekort,
    }


def _stap(stap: Stap | None) -> Json:
    if stap is None:
        return {"stap": None, "gezetOp": None, "toezichthouder": None, "termijn": None}
    return {
        "stap": stap.stap,
        "gezetOp": format_moment(stap.gezet_op),
        "toezichthouder": stap.toezichthouder,
        "termijn": format_known(stap.termijn),
    }


def _van_stap(stap: Toezichtstap, found: Mapping[str, Any]) -> Json:
    """The figures of one step, by their names without that of the step."""
    prefix = f"{NAMEN[stap]}."
    return {name.removeprefix(prefix): value for name, value in found.items() if name.startswith(prefix)}
