"""`meld` and `trek-in`: a person reports an event, by options or asked step by step.

The form is that of the pages: the server says what it asks, with what it begins, what is wrong, what would change, and
which event follows. Here it is only shown and asked. The event has its id before it is sent, so sending it again, when
an answer stays away, is harmless.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any, ClassVar
from urllib.parse import quote

import httpx
import orjson
import typer
from typer.main import get_command

from schemas.fields import Json
from schemas.parsing import STRUCTURED
from services.cli.asking import ServerRefusedError, answered, asking
from services.cli.meldopties import OVER, SOURCE, als_functie, opties
from services.cli.meldscherm import stel, toon_begin, toon_melding
from services.cli.nederlands import Groep, Later, Opdrachten
from services.cli.plain import DEFAULT_URL, CommandError, UrlOption, complain, complain_of, plainly, say
from services.cli.vragen import door_te_vragen
from services.dashboard.melden.formulieren import FORMULIEREN, Meldsoort
from services.dashboard.melden.ontvangen import KOP, ontvangen

WAITS: tuple[float, ...] = (1, 3)
"""Seconds to wait before the same event is sent again."""
_INTREKKING: Meldsoort = "intrekking"
_DOEL, _REDEN = "data.gebeurtenisId", "data.reden"


class _Soorten(Groep):
    """A command for each form."""

    later: ClassVar[Mapping[str, Later]] = {
        soort: Later("melden:commands", f"{one.titel}. {one.zin}") for soort, one in FORMULIEREN.items()
    }

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - typer passes it
        """Returns the command of a form, or None when there is none of that name."""
        soort = next((one for one in FORMULIEREN if one == cmd_name), None)
        if soort is None:
            return None
        if soort not in self.commands:
            one = Opdrachten()
            one.command(soort)(als_functie(FORMULIEREN[soort], partial(_meld, soort), UrlOption, DEFAULT_URL))
            self.commands[soort] = get_command(one)
            self.commands[soort].help = self.later[soort].help
        return self.commands[soort]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer passes it
        """Returns the names of the forms, in their order."""
        return list(FORMULIEREN)


commands = Opdrachten(cls=_Soorten)


@commands.callback(invoke_without_command=True)
def _kies(
    context: typer.Context, url: Annotated[str | None, typer.Option("--url", help="adres van de server")] = None
) -> None:
    """Asks which form, where none is named."""
    if context.invoked_subcommand is not None:
        if url is not None:
            raise typer.BadParameter(f"zet opties achter de opdracht: meld {context.invoked_subcommand} --url …")
        return
    if not _at_terminal():
        complain.print(context.get_help(), markup=False)
        raise typer.Exit(2)
    with _refused_is_one(), asking(url or DEFAULT_URL) as server:
        soort = _gekozen(answered(server.get("/v1/meldformulieren"))["items"])
    _meld(soort, {}, False, url or DEFAULT_URL)


def _gekozen(items: list[Json]) -> Meldsoort:
    """Asks a person which of these forms. Raises ServerRefusedError when there is none."""
    if not items:
        raise ServerRefusedError("met uw rechten kunt u hier niets melden")
    offered = [{"waarde": one["soort"], "naam": one["titel"]} for one in items]
    veld: dict[str, Any] = {"blok": "", "label": "Wat wilt u melden", "hulp": "", "nu": None, "keuzes": offered}
    veld |= {"invoer": "keuze", "verplicht": True}
    wrong = ""
    while True:
        typed = stel(veld, "", wrong)
        found = next((one for one in FORMULIEREN if one == typed), None)
        if found is not None:
            return found
        wrong = f"er is geen '{typed}'; kies een nummer of een naam uit de lijst"


def trek_in(
    gebeurtenis: Annotated[
        str | None, typer.Argument(metavar="ID", help="het id van de melding, zoals in het logboek")
    ] = None,
    over: Annotated[str | None, typer.Option(help="waar de melding over gaat; anders opgezocht bij het ID")] = None,
    reden: Annotated[str | None, typer.Option(help="wat er niet klopte; geen namen van mensen")] = None,
    bron: Annotated[str | None, typer.Option(help="waar dit staat: een verwijzing of adres")] = None,
    namens: Annotated[str | None, typer.Option(help="namens welk systeem, als de melding hier niet te zien is")] = None,
    ja: Annotated[bool, typer.Option("--ja", help="verzend zonder te vragen of het klopt")] = False,
    url: UrlOption = DEFAULT_URL,
) -> None:
    """Retracts an event."""
    said = {OVER: over, _DOEL: gebeurtenis, _REDEN: reden, "data.bron": bron, SOURCE: namens}
    given = {name: text for name, text in said.items() if text is not None}
    _meld(_INTREKKING, given, ja, url, trek_in=True)


def _meld(soort: Meldsoort, gegeven: dict[str, str], ja: bool, url: str, *, trek_in: bool = False) -> None:
    """Reports by one form."""
    names = {one.veld: one.naam for one in opties(FORMULIEREN[soort])} | ({_DOEL: "ID"} if trek_in else {})
    with _refused_is_one(), asking(url) as server:
        if trek_in and OVER not in gegeven and _DOEL in gegeven:
            gegeven = {OVER: _onderwerp(server, gegeven[_DOEL])} | gegeven
        stand = _ingevuld(partial(_vul, server, soort), gegeven)
        melding = stand["melding"]
        if melding is None:
            _wijs_af(stand, names)
        toon_melding(melding)
        _bevestig(ja)
        _verzend(server, soort, melding["gebeurtenis"])


@contextmanager
def _refused_is_one() -> Iterator[None]:
    """Ends with 1 when the server refuses or is away, and with 2 when what was typed is wrong."""
    with plainly():
        try:
            yield
        except ServerRefusedError as error:
            complain_of(str(error))
            raise typer.Exit(1) from error


def _at_terminal() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _vul(server: httpx.Client, soort: Meldsoort, texts: Mapping[str, str]) -> Json:
    stand: Json = answered(server.get(f"/v1/meldformulieren/{soort}", params=dict(texts)))
    return stand


def _onderwerp(server: httpx.Client, own_id: str) -> str:
    """Returns what an event is about. Raises ServerRefusedError when it can't be seen."""
    return str(answered(server.get(f"/v1/gebeurtenissen/{quote(own_id, safe='')}"))["subject"])


def _ingevuld(vul: Callable[[Mapping[str, str]], Json], gegeven: Mapping[str, str]) -> Json:
    """Returns the form, filled in as far as it can be."""
    stand = vul(gegeven)
    if stand["melding"] is not None or not _at_terminal():
        return stand
    toon_begin(stand)
    return door_te_vragen(gegeven, vul, stel)


def _wijs_af(stand: Json, names: Mapping[str, str]) -> None:
    """Tells what is wrong with a form. Raises CommandError, or ServerRefusedError where the caller may not send it."""
    labels = {veld["naam"]: _label(veld) for veld in stand["velden"]}
    lines = [
        f"{names[fout['veld']]} ({labels[fout['veld']]}): {fout['melding']}"
        if fout["veld"] in labels
        else fout["melding"]
        for fout in stand["fouten"]
    ]
    told = "\n  ".join(lines)
    if not stand["toegestaan"]:
        raise ServerRefusedError(f"dit mag u niet melden:\n  {told}")
    raise CommandError(f"er is niets verzonden, want dit klopt nog niet:\n  {told}")


def _label(veld: Mapping[str, Any]) -> str:
    return f"{veld['blok']}, {veld['label'][:1].lower()}{veld['label'][1:]}" if veld["blok"] else str(veld["label"])


def _bevestig(ja: bool) -> None:
    """Asks whether it may be sent. Raises typer.Exit, with 1 for no, or CommandError where nobody can say so."""
    if ja:
        return
    if not _at_terminal():
        raise CommandError("er is niets verzonden: hier is niemand om te vragen of het klopt; geef --ja")
    try:
        typed = complain.input("\nDit verzenden? Typ ja of nee: ").strip().casefold()
    except EOFError as error:
        raise typer.Abort from error
    if typed not in ("ja", "j"):
        complain.print("Er is niets verzonden.")
        raise typer.Exit(1)


def _verzend(server: httpx.Client, soort: Meldsoort, gebeurtenis: Json) -> None:
    """Sends the event, and says what became of it. Raises ServerRefusedError."""
    body = orjson.dumps(gebeurtenis)
    answer = _post(server, body)
    if answer is None or _is_away(answer):
        raise ServerRefusedError(
            "de server antwoordt nu niet, dus of de melding is aangekomen is niet bekend. Nog eens sturen is "
            "onschadelijk: bewaar deze regel en stuur haar met `opvangpeil importeer BESTAND`.\n" + body.decode()
        )
    answered(answer)
    status = str(answer.status_code)
    if status not in KOP:
        raise ServerRefusedError(f"{answer.url} antwoordt {status}; is dit een Opvangpeil?")
    say.print()
    say.print(ontvangen(status, FORMULIEREN[soort]), markup=False)  # type: ignore[arg-type]
    say.print(f"id {gebeurtenis['id']}", markup=False)


def _is_away(answer: httpx.Response) -> bool:
    """Returns whether an answer leaves it open if the event arrived: one of the server, or of a proxy before it."""
    return answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS


def _post(server: httpx.Client, body: bytes) -> httpx.Response | None:
    """Sends the same event until there is an answer about it. None: none came."""
    answer = None
    for wait in (*WAITS, None):
        try:
            answer = server.post("/v1/gebeurtenissen", content=body, headers={"content-type": STRUCTURED})
        except httpx.TransportError:
            answer = None
        if wait is None or (answer is not None and not _is_away(answer)):
            break
        time.sleep(wait)
    return answer
