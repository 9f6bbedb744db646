"""Makes events of the rows of a file, by a profile. A row is one or more events, or refused with every reason."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from schemas.fields import format_moment
from services.clock import system_clock
from services.importer.bladen import (
    Blad,
    Fout,
    LeesError,
    Rij,
    Waarde,
    getoond,
    is_leeg,
    kolomletter,
    lees,
    soort_van,
    zonder_schijn,
)
from services.importer.columns import Column, data_of, full_type
from services.importer.eigen import is_antwoord, zoals_het_was
from services.importer.model import ImporterError
from services.importer.profiel.kop import GeenKopError, Kop, KopError, zoek_kop
from services.importer.profiel.model import Als, Gebeurtenis, Genoemd, Overslaan, Waardebron, kolommen_van
from services.importer.profiel.namen import Namen
from services.importer.profiel.rij import Geweigerd, Kandidaat, als_regel
from services.importer.profiel.waarden import jaar_van, met_tijd, moment_van, tekst_van, waarde_van

_KENNIS = Waardebron(kennis=True)


class _RijError(LeesError):
    """Something about one row is wrong. The message is Dutch, and says in which column."""


Lezer = Callable[[Sequence[Waarde]], Any]


class _Plan(NamedTuple):
    """How a row becomes one kind of event."""

    type: str
    geldt: Callable[[Sequence[Waarde]], bool]
    onderwerp: Lezer
    velden: Sequence[tuple[Column, Lezer]]
    plaatsen: Mapping[str, str]
    """Where each field stands, for people."""


class Omzetting:
    """Reads one file. `overgeslagen` counts the rows that the profile leaves out, `opmerkingen` are about the whole."""

    def __init__(self, genoemd: Genoemd, namen: Namen, klok: Callable[[], datetime] = system_clock) -> None:
        self._klok = klok
        self.profiel, self.naam = genoemd.profiel, genoemd.naam
        self.namen = namen
        self.overgeslagen = 0
        self.opmerkingen: list[str] = []

    @property
    def lijsten(self) -> Sequence[tuple[str, str]]:
        """The (source, type) of the events of which the file is the whole list."""
        kinds = dict.fromkeys(full_type(one.type) for one in self.profiel.gebeurtenis if one.volledig)
        return [(self.profiel.source, kind) for kind in kinds]

    def rijen(self, pad: Path, bestandsnaam: str | None = None) -> Iterator[Kandidaat | Geweigerd]:
        """Yields what each row becomes, in the order of the file.

        `bestandsnaam`: what its sender calls the file. Raises ImporterError when the file isn't one of this profile.
        """
        naam = bestandsnaam or pad.name
        try:
            yield from self._van(pad, naam)
        except ImporterError as error:
            if naam == pad.name:
                raise
            raise ImporterError(str(error).replace(pad.name, naam)) from error

    def _van(self, pad: Path, naam: str) -> Iterator[Kandidaat | Geweigerd]:
        if not self.profiel.past_op(naam):
            wanted = " of ".join(self.profiel.bestand.naam)
            raise ImporterError(f"{naam} is geen bestand van profiel {self.naam}: dat heet {wanted}.")
        known = self._uit_naam(naam)
        self._leeg = {text.strip().casefold() for text in self.profiel.schrijfwijze.leeg}
        self._is_tekst = soort_van(pad, self.profiel.bestand.codering) == "tekst"
        missing: list[tuple[str, GeenKopError]] = []
        sheets = 0
        for blad in lees(pad, self.profiel.leeswijze):
            rows = iter(blad.rijen)
            try:
                kop = zoek_kop(self.profiel, rows)
                plans, time = self._plannen(kop, known)
            except GeenKopError as error:
                missing.append((blad.naam, error))
                continue
            except (KopError, _RijError) as error:
                raise ImporterError(f"{naam}, {_blad(blad)}{error}") from error
            sheets += 1
            yield from self._rijen(blad, kop, rows, plans, time)
        self._na_afloop(naam, sheets, missing)

    def _na_afloop(self, naam: str, sheets: int, missing: Sequence[tuple[str, GeenKopError]]) -> None:
        if not sheets:
            if not missing:
                raise ImporterError(f"{naam} heeft alleen verborgen bladen; noem in het profiel welk blad het is.")
            blad, error = min(missing, key=lambda one: one[1].gemist)
            raise ImporterError(f"{naam} heeft nergens de kopregel van profiel {self.naam}: {_quoted(blad)}{error}.")
        for blad, error in missing:
            if self.profiel.bestand.bladen:
                raise ImporterError(f"{naam}: {_quoted(blad)}{error}.")
            self.opmerkingen.append(f"blad '{blad}' is overgeslagen: {error}")

    def _plannen(self, kop: Kop, known: str | None) -> tuple[list[_Plan], Lezer | None]:
        """Returns how a row becomes each event, and what gives its `time`. Raises _RijError about the whole sheet."""
        known = self._uit_cel(kop) if self.profiel.kennis.uit == "cel" else known
        plans = [self._plan(one, kop, known) for one in self.profiel.gebeurtenis]
        return plans, self._lezer_van_time(kop, known)

    def _rijen(
        self, blad: Blad, kop: Kop, rows: Iterator[Rij], plans: Sequence[_Plan], time: Lezer | None
    ) -> Iterator[Kandidaat | Geweigerd]:
        skip = [_overslaan(one, kop) for one in self.profiel.overslaan]
        unused = [kop.heet(n) for n, naam in enumerate(kop.namen) if naam and n not in kop.plaats.values()]
        if unused:
            self.opmerkingen.append(f"{_blad(blad)}niet gebruikt: {', '.join(unused)}")
        lees_cel = self._eigen_cel if self._is_tekst and is_antwoord(kop.namen) else self._cel
        width = 1 + max((index for index in kop.plaats.values() if index is not None), default=0)
        for row in rows:
            cells = [lees_cel(cell) for cell in row.waarden] + [None] * (width - len(row.waarden))
            if all(map(is_leeg, cells)):
                continue
            if not blad.naam and (more := _naast_de_kop(cells, kop)):
                yield Geweigerd(blad.naam, row.nummer, more, als_regel(cells))
                continue
            if any(one(cells) for one in skip):
                self.overgeslagen += 1
                continue
            yield from self._rij(blad, row.nummer, cells, plans, time)

    def _cel(self, cell: Waarde) -> Waarde:
        """Returns a cell, as empty when the profile says that this stands for nothing."""
        if not isinstance(cell, str):
            return cell
        return None if cell.strip().casefold() in self._leeg else zonder_schijn(cell)

    def _eigen_cel(self, cell: Waarde) -> Waarde:
        """Returns a cell of a CSV that Opvangpeil wrote, as it was before that."""
        return self._cel(zoals_het_was(cell) if isinstance(cell, str) else cell)

    def _rij(
        self, blad: Blad, number: int, cells: Sequence[Waarde], plans: Sequence[_Plan], time: Lezer | None
    ) -> Iterator[Kandidaat | Geweigerd]:
        faults: list[str] = []
        made: list[Kandidaat] = []
        line = als_regel(cells)
        moment = _lees(time, cells, faults) if time is not None else None
        for plan in plans:
            try:
                if plan.geldt(cells):
                    event = self._gebeurtenis(plan, cells, moment, faults)
                    made.append(Kandidaat(blad.naam, number, event, plan.plaatsen, line))
            except _RijError as error:
                faults.append(str(error))
        if faults:
            yield Geweigerd(blad.naam, number, "; ".join(dict.fromkeys(faults)), line)
        elif not made:
            why = "is volgens het profiel geen enkele gebeurtenis; voeg de rij toe aan overslaan als dat klopt"
            yield Geweigerd(blad.naam, number, why, line)
        else:
            yield from made

    def _gebeurtenis(self, plan: _Plan, cells: Sequence[Waarde], moment: Any, faults: list[str]) -> dict[str, Any]:
        read = ((column, _lees(lezer, cells, faults)) for column, lezer in plan.velden)
        data = data_of((column, value) for column, value in read if value is not None)
        event: dict[str, Any] = {
            "type": plan.type,
            "source": self.profiel.source,
            "subject": _lees(plan.onderwerp, cells, faults),
            "data": data,
        }
        return event if moment is None else event | {"time": moment}

    # What each cell is ----------------------------------------------------------------------------------------------

    def _plan(self, one: Gebeurtenis, kop: Kop, known: str | None) -> _Plan:
        columns = kolommen_van(one)
        fields = []
        for name, column in columns.items():  # in the order of the model, whatever that of the profile
            if name in one.velden:
                needed = column.required
                fields.append((column, self._lezer(one.velden[name], column, kop, known, needed=needed)))
        subject = Column("onderwerp", "subject", None, None, True, "tekst", (), "", str)
        onderwerp = self._lezer(one.onderwerp, subject, kop, known, needed=True)
        places = {name: _waar(bron, kop) for name, bron in {**one.velden, "subject": one.onderwerp}.items()}
        return _Plan(full_type(one.type), _als(one.als, kop), onderwerp, fields, places)

    def _lezer(self, bron: Waardebron, column: Column, kop: Kop, known: str | None, *, needed: bool) -> Lezer:
        """Returns what reads one field of a row. It raises _RijError."""
        if bron.vast is not None:
            return _constant(self._waarde(bron.vast, bron.model_copy(update={"vast": None}), column, "het profiel"))
        if bron.kennis:
            if known is None and self.profiel.kennis.uit != "kolom":
                raise _RijError(f"{column.name}: neemt de kennis, en die komt niet uit de naam, een cel of een kolom")
            if known is not None:
                return _constant(known)
            return self._kolom(
                self.profiel.kennis.kolom, Waardebron(kennis=True, tijd=self.profiel.kennis.tijd), column, kop, needed
            )
        if bron.cel is not None:
            value = self._waarde(kop.ervoor.get(bron.cel), bron, column, f"cel {bron.cel}")
            if value is None and needed:
                raise _RijError(f"cel {bron.cel} is leeg, en daar hoort {column.name} te staan")
            return _constant(value)
        return self._kolom(bron.kolom, bron, column, kop, needed)

    def _kolom(self, koppen: Sequence[str], bron: Waardebron, column: Column, kop: Kop, needed: bool) -> Lezer:
        index = kop.kolom(koppen)
        if index is None:
            lacks = f"kolom {' of '.join(koppen)} ontbreekt, en daar hoort {column.name} te staan"
            return _lacking(lacks) if needed and bron.anders is None else _constant(bron.anders)
        where = kop.heet(index)
        clock = kop.kolom(bron.tijdkolom) if bron.tijdkolom else None
        seen: dict[tuple[Any, ...], Any] = {}  # days and names come back in row after row

        def read(cells: Sequence[Waarde]) -> Any:
            cell = cells[index]
            beside = cells[clock] if clock is not None else None
            key = type(cell), cell, type(beside), beside
            if key in seen:
                return seen[key]
            if clock is not None and is_leeg(beside) and bron.tijd is None and not is_leeg(cell):
                raise _RijError(f"{kop.heet(clock)}: is leeg, en daar hoort de tijd te staan")
            if clock is None or is_leeg(beside):
                value = self._waarde(cell, bron, column, where)
            else:
                value = self._met_tijd(cell, beside, f"{where} met {kop.heet(clock)}")
            if value is None and needed:
                raise _RijError(f"{where}: is leeg, en daar hoort {column.name} te staan")
            if len(seen) < 10_000:
                seen[key] = value
            return value

        return read

    def _waarde(self, cell: Waarde, bron: Waardebron, column: Column, where: str) -> Any:
        try:
            if bron.namen is not None and not bron.vertaal:
                return self.namen.id_van(bron.namen, tekst_van(cell)) if not is_leeg(cell) else bron.anders
            return waarde_van(cell, bron, column, self.profiel.schrijfwijze)
        except LeesError as error:
            raise _RijError(f"{where}: {error}") from error

    def _met_tijd(self, cell: Waarde, clock: Waarde, where: str) -> Any:
        try:
            return None if is_leeg(cell) else met_tijd(cell, clock, self.profiel.schrijfwijze)
        except LeesError as error:
            raise _RijError(f"{where}: {error}") from error

    # The moment of knowledge ----------------------------------------------------------------------------------------

    def _uit_naam(self, naam: str) -> str | None:
        kennis = self.profiel.kennis
        if kennis.uit == "nu":
            return format_moment(self._klok().replace(microsecond=0))
        if kennis.uit != "naam" or kennis.patroon is None:
            return None
        found = re.search(kennis.patroon, naam)
        if found is None:
            raise ImporterError(
                f"{naam}: in de naam staat geen datum zoals het profiel zegt ({kennis.patroon}). Geef het bestand zijn "
                "eigen naam terug."
            )
        parts = found.groupdict()
        try:
            text = f"{jaar_van(parts['jaar'])}-{parts['maand']:0>2}-{parts['dag']:0>2}"
            if parts.get("uur") is not None:
                text += f" {parts['uur']}:{parts.get('minuut') or '00'}"
            return moment_van(text, kennis.tijd, self.profiel.schrijfwijze)
        except ValueError as error:  # also LeesError, which is one
            raise ImporterError(f"{naam}: in de naam staat geen datum die bestaat ({error}).") from error

    def _uit_cel(self, kop: Kop) -> str:
        kennis = self.profiel.kennis
        value = kop.ervoor.get(kennis.cel or "")
        if is_leeg(value):
            raise _RijError(f"cel {kennis.cel} is leeg, en daar hoort te staan wanneer dit werd vastgelegd")
        try:
            return moment_van(value, kennis.tijd, self.profiel.schrijfwijze)
        except LeesError as error:
            raise _RijError(f"cel {kennis.cel}: {error}") from error

    def _lezer_van_time(self, kop: Kop, known: str | None) -> Lezer | None:
        kennis = self.profiel.kennis
        if kennis.uit == "nu":
            return None
        if known is not None:
            return _constant(known)
        column = Column("time", "time", None, None, True, "moment", (), "", str)
        return self._kolom(kennis.kolom, _KENNIS.model_copy(update={"tijd": kennis.tijd}), column, kop, needed=True)


def _waar(bron: Waardebron, kop: Kop) -> str:
    """Returns where a value stands, for people; nothing when it stands nowhere in the file."""
    index = kop.kolom(bron.kolom) if bron.kolom else None
    return kop.heet(index) if index is not None else f"cel {bron.cel}" if bron.cel else ""


def _lees(lezer: Lezer, cells: Sequence[Waarde], faults: list[str]) -> Any:
    try:
        return lezer(cells)
    except _RijError as error:
        faults.append(str(error))
        return None


def _constant(value: Any) -> Lezer:
    return lambda _cells: value


def _lacking(why: str) -> Lezer:
    def read(_cells: Sequence[Waarde]) -> Any:
        raise _RijError(why)

    return read


def _naast_de_kop(cells: Sequence[Waarde], kop: Kop) -> str:
    """Returns what is wrong with a row of text that is wider than the heading: a sign in it cut a cell in two."""
    at = next((n for n in range(len(kop.namen), len(cells)) if not is_leeg(cells[n])), None)
    if at is None:
        return ""
    return (
        f"heeft {len(cells)} cellen en de kop {len(kop.namen)}: {getoond(cells[at])} staat in kolom {kolomletter(at)}. "
        "Zet een cel waar het scheidingsteken in staat tussen aanhalingstekens"
    )


def _als(als: Als | None, kop: Kop) -> Callable[[Sequence[Waarde]], bool]:
    if als is None:
        return lambda _cells: True
    index = kop.kolom(als.kolom)
    one_of, none_of = ({text.casefold() for text in texts} for texts in (als.iss, als.niet))

    def holds(cells: Sequence[Waarde]) -> bool:
        cell = cells[index] if index is not None else None
        if isinstance(cell, Fout):
            raise _RijError(f"{kop.heet(index or 0)}: {cell.tekst}")
        if als.gevuld is not None and als.gevuld == is_leeg(cell):
            return False
        said = _gezegd(cell)
        return (not one_of or said in one_of) and said not in none_of

    return holds


def _overslaan(one: Overslaan, kop: Kop) -> Callable[[Sequence[Waarde]], bool]:
    index = kop.kolom(one.kolom)
    exact = {text.casefold() for text in one.iss}
    # Whole words: what begins with 'som' leaves out 'Som: 12', and not the gemeente Someren.
    begins = re.compile(rf"(?:{'|'.join(re.escape(text.casefold()) for text in one.begint)})(?!(?<=\w)\w)")

    def holds(cells: Sequence[Waarde]) -> bool:
        cell = cells[index] if index is not None else None
        if isinstance(cell, Fout):
            return False  # It is refused with its reason.
        if is_leeg(cell):
            return one.leeg
        said = _gezegd(cell)
        return said in exact or (bool(one.begint) and begins.match(said) is not None)

    return holds


def _gezegd(cell: Waarde) -> str:
    return {True: "ja", False: "nee"}[cell] if isinstance(cell, bool) else tekst_van(cell).casefold()


def _blad(blad: Blad) -> str:
    return _quoted(blad.naam)


def _quoted(naam: str) -> str:
    return f"blad '{naam}', " if naam else ""
