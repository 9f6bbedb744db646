"""Brings one file of a watched folder to its end, from wherever a kill, a full disk or a server that is away left it.

Its journal says how far it is: the head, each piece of what it asks, and where the file and its report go.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import orjson

from schemas.fields import format_moment
from services.importer.inlezen import Verslag, Zender, alsnog
from services.importer.model import ImporterError, ImportStoppedError
from services.importer.plan import Rijuitkomst, maak_plannen
from services.importer.profiel import Genoemd, Namen, Omzetting, lees_namen
from services.importer.profiel.model import Naamsoort
from services.importer.profiel.namen import noteer
from services.importer.schijf import Blik, Journaal, kijk, schrijf_heel, sha256, verplaats, verslag_bij, vrije_naam
from services.importer.vergelijk import VanServer
from services.importer.volgstand import BEZIG, GEWEIGERD, VERWERKT, GehinderdError, Oorzaak, Opzet
from services.importer.volgverslag import Bestandsverslag, stuk_van

_SOORTEN: tuple[Naamsoort, ...] = get_args(Naamsoort)


class Afwerker:
    """Works on the files of one folder, one at a time. Every method raises OSError when the disk can't be used.

    `genomen` hears the profile and the moment of each file that was taken, before its journal goes; `hinder` hears what
    could not be done and does not stop the rest.
    """

    def __init__(
        self, opzet: Opzet, *, genomen: Callable[[str, str], None], hinder: Callable[[Oorzaak, str, str], None]
    ) -> None:
        self._map, self._namen, self._server = opzet.map, opzet.namen, opzet.server
        self._profielen = {one.naam: one for one in opzet.profielen}
        self._hoort, self._klok, self._stap = opzet.hoort, opzet.klok, opzet.stap
        self._genomen, self._hinder = genomen, hinder

    def begin(self, bron: Path, genoemd: Genoemd, blik: Blik, inhoud: str) -> None:
        """Takes a file from the folder. `inhoud` is its SHA-256, `blik` what the last look told."""
        journaal = self._journaal(bron.name)
        begun = format_moment(self._klok())
        report = Bestandsverslag(bron.name, genoemd.naam, genoemd.profiel.versie, inhoud, begun)
        journaal.schrijf({"kop": {**asdict(report), "blik": [*blik]}})
        self._stap("kop")
        verplaats(bron, self._map / BEZIG / bron.name)
        self._stap("genomen")
        self._hoort.begonnen(bron.name, genoemd.naam)

    def begonnen(self) -> Sequence[str]:
        """Returns the files that were begun and are not done."""
        found = (self._map / BEZIG).glob(".*.journaal")
        return sorted(journal.name.removeprefix(".").removesuffix(".journaal") for journal in found)

    def maak_af(self, naam: str) -> None:
        """Brings a file to its end. Raises GehinderdError or ImportStoppedError when it must be tried again."""
        werk, journaal = self._map / BEZIG / naam, self._journaal(naam)
        begun, outcome = False, None
        for line in journaal.regels():
            begun, outcome = True, line.get("uitslag", outcome)
        if outcome is None and not (begun and werk.exists()):
            journaal.weg()
            if begun and not (self._map / naam).exists():  # Otherwise it was not taken yet.
                raise GehinderdError(
                    "bestand", f"{naam} is uit {BEZIG}/ gehaald voor het klaar was; lever het nog eens", naam
                )
            return
        if outcome is None:
            outcome = self._uitslag(self._stuur(werk, journaal), journaal)
        self._berg(werk, outcome, journaal)

    def _journaal(self, naam: str) -> Journaal:
        return Journaal(self._map / BEZIG / f".{naam}.journaal")

    def _stuur(self, werk: Path, journaal: Journaal) -> Bestandsverslag:
        """Sends what a file asks, and first again what was written down of it before."""
        lines = journaal.regels()
        head = next(lines)["kop"]
        blik = Blik(*head.pop("blik"))
        report = Bestandsverslag(**head)
        with Zender(self._server, self._hoort) as zender:
            pieces, whole, again, later = 0, False, False, 0
            for line in lines:
                if "stuk" in line:
                    pieces, whole = pieces + 1, line["stuk"]["laatste"]
                    report.neem(line["stuk"])
                    self._zend(line["stuk"], report, zender, geteld=True)
                else:
                    again = whole and line["nog"]["laatste"]
                    later += self._zend(line["nog"], report, zender, geteld=False)
            one = _Werk(werk, blik, report, journaal, zender)
            if not whole:
                pieces, sent = self._plan(one, done=pieces)
                later += sent
            if pieces > 1 and report.reden is None and not again and (report.nieuw or report.anders):
                # A piece may have changed what an earlier one was compared with, by what held at an earlier moment.
                later += self._plan(one, done=pieces)[1]
            report.opmerkingen += alsnog(later)
        self._stap("verzonden")
        self._bewaar_namen(report)
        return report

    def _plan(self, one: "_Werk", *, done: int) -> tuple[int, int]:
        """Plans a file and sends it, piece by piece, each one written down first.

        Of the first `done` pieces the report already tells. Returns how many pieces there are, and how many events of
        those first ones were sent now.
        """
        pad, report = one.pad, one.report
        genoemd = self._profielen.get(report.profiel)
        if genoemd is None:
            raise GehinderdError(
                "profiel", f"{pad.name} is begonnen met profiel {report.profiel}; volg dat ook", pad.name
            )
        number, later = 0, 0
        with closing(self._server.verbinding(self._hoort)) as verbinding:
            vergelijk = VanServer(verbinding)
            namen = self._lees_namen(vergelijk.locaties())
            plans = maak_plannen(pad, Omzetting(genoemd, namen), vergelijk)
            try:
                for number, plan in enumerate(plans, 1):
                    if kijk(pad) != one.blik:
                        self._geef_terug(one)
                        break
                    piece, kind = stuk_van(plan, namen.nieuw), "stuk" if number > done else "nog"
                    one.journaal.schrijf({kind: piece})
                    self._stap("plan")
                    if kind == "stuk":
                        report.neem(piece)
                    sent = self._zend(piece, report, one.zender, geteld=kind == "stuk")
                    later += sent if kind == "nog" else 0
            except (ImportStoppedError, GehinderdError, OSError):
                raise
            except ImporterError as error:
                if sha256(pad) != report.sha256:  # Raises OSError when it is the disk that can't be read.
                    self._geef_terug(one)
                report.reden = report.reden or str(error)
            except Exception as error:  # noqa: BLE001  a fault of ours about one file must not stop all others
                self._hoort.onvoorzien(pad.name)
                report.reden = f"een fout van Opvangpeil zelf ({type(error).__name__}); het logboek zegt meer."
        return number, later

    def _zend(self, stuk: Mapping[str, Any], report: Bestandsverslag, zender: Zender, *, geteld: bool) -> int:
        """Returns how many events were sent."""
        rows = [Rijuitkomst(*row) for row in stuk["zenden"]]
        zender.neem(rows)
        refused = zender.klaar(Verslag(report.bestand))
        report.weiger(refused, geteld=geteld)
        return len(rows) - len(refused)

    def _geef_terug(self, one: "_Werk") -> None:
        """Lets a file begin anew that its sender still wrote. What was sent of it is recognised then.

        When a later file of that name lies in the folder already, this one is refused: that one comes in its place.
        """
        back = self._map / one.pad.name
        if back.exists():
            one.report.reden = (
                f"het veranderde nog, en er is al een nieuw bestand {back.name}; dat komt in zijn plaats."
            )
            return
        verplaats(one.pad, back)
        one.journaal.weg()
        raise GehinderdError("bestand", f"{back.name} veranderde nog; het begint opnieuw als het heel is", back.name)

    def _lees_namen(self, locaties: Mapping[str, str] | None = None) -> Namen:
        try:
            return lees_namen(self._namen, locaties)
        except ImporterError as error:
            raise GehinderdError("namen", str(error)) from error

    def _bewaar_namen(self, report: Bestandsverslag) -> None:
        """Adds the names that nobody confirmed to the table, for people to find."""
        met = [(soort, one["naam"]) for one in report.namen for soort in _SOORTEN if soort == one["soort"]]
        try:
            noteer(self._namen, met)
        except ImporterError as error:
            self._hinder("namen", str(error), report.bestand)

    def _uitslag(self, report: Bestandsverslag, journaal: Journaal) -> dict[str, Any]:
        """Decides where a file goes and what its report says, and writes that down."""
        now = self._klok()
        report.klaar = format_moment(now)
        folder = VERWERKT if report.iets_genomen else GEWEIGERD
        name = vrije_naam(self._map / folder, report.bestand, now)
        outcome = {"map": folder, "naam": name, "verslag": report.json()}
        journaal.schrijf({"uitslag": outcome})
        self._stap("uitslag")
        return outcome

    def _berg(self, werk: Path, uitslag: Mapping[str, Any], journaal: Journaal) -> None:
        """Puts a file away with its report. Doing it again does nothing new."""
        goal, report = self._map / uitslag["map"] / uitslag["naam"], uitslag["verslag"]
        if werk.exists() and goal.exists():  # Somebody put another file there meanwhile.
            again = {**uitslag, "naam": vrije_naam(goal.parent, werk.name, self._klok())}
            journaal.schrijf({"uitslag": again})
            self._berg(werk, again, journaal)
            return
        schrijf_heel(verslag_bij(goal), orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        self._stap("verslag")
        if werk.exists():
            verplaats(werk, goal)
        self._stap("verplaatst")
        if uitslag["map"] == VERWERKT:
            self._genomen(report["profiel"], report["klaar"])
        self._stap("stand")
        journaal.weg()
        self._stap("klaar")
        self._hoort.klaar(report, uitslag["map"])


@dataclass(frozen=True, slots=True)
class _Werk:
    """What belongs to one file that is being worked on."""

    pad: Path
    blik: Blik
    report: Bestandsverslag
    journaal: Journaal
    zender: Zender
