"""`status`: shows on one screen how a server is doing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx
import typer
from prometheus_client.parser import text_string_to_metric_families

from services.cli import cijfers
from services.cli.asking import ServerRefusedError, answered, asking
from services.cli.explain import figure_text
from services.cli.momenten import KLOK, op_de_klok
from services.cli.plain import DEFAULT_URL, UrlOption, plainly, say
from services.cli.tabel import Kolom, Rij, toon_tabel
from services.clock import system_clock
from services.core.dutch import length, number

ALARMS_SHOWN = 10
ELSEWHERE = "hier niet bekend"
NOT_STATED = "niet vast te stellen"
_LAG, _LAST = "opvangpeil_verwerker_achterstand", "opvangpeil_laatste_gebeurtenis_timestamp_seconds"
_REFUSED, _STORED = "opvangpeil_onverwerkbaar", "opvangpeil_gebeurtenissen_opgeslagen"
_NOT_READY, _AWAY, _WARNING = "niet gereed", "  ontbreekt", "waarschuwing"
_STYLES = {_NOT_READY: "red", _AWAY: "red", _WARNING: "yellow"}
_GOES_OFF = ("actief", "herstellend")
_COUNTS = {
    "actief": "niet opgepakt",
    "opgepakt": "opgepakt",
    "wachtend": "wachtend",
    "onderdrukt": "onderdrukt",
    "stil": "stilgelegd",
}
"""How alarms stand → the words for how many do, in this order."""


class ServerState(NamedTuple):
    """What a server says about itself. None: it does not answer that, or not now."""

    ready: httpx.Response
    figures: dict[str, Any] | None
    alarms: dict[str, Any] | None
    """The answer of `/v1/alarmen`, with as items those that go off."""
    metrics: Mapping[str, Mapping[str, float]]
    """The value by name and label."""


def status(url: UrlOption = DEFAULT_URL) -> None:
    """Shows how a server is doing."""
    with plainly(), asking(url) as server:
        seen = _look(server)
        ready = seen.ready.status_code == httpx.codes.OK
        say.print(f"Opvangpeil op {url}", style="bold")
        toon_tabel([Kolom(""), Kolom("")], [Rij(row, _STYLES.get(row[0], "")) for row in _rows(seen, system_clock())])
        raise typer.Exit(0 if ready else 1)


def _look(server: httpx.Client) -> ServerState:
    ready = server.get("/gereed")
    if not ready.headers.get("content-type", "").endswith("json"):
        raise ServerRefusedError(f"{ready.url} antwoordt iets anders dan JSON; is dit een Opvangpeil?")
    return ServerState(
        ready=ready,
        figures=_answer(server, "/v1/bezetting"),
        alarms=_alarms_of(server),
        metrics=_metrics(server.get("/metrics")),
    )


def _alarms_of(server: httpx.Client) -> dict[str, Any] | None:
    answers = [_answer(server, "/v1/alarmen", status=status, sorteer="ernst", aantal=1000) for status in _GOES_OFF]
    found = [answer for answer in answers if answer is not None]
    if len(found) < len(answers):
        return None
    return found[0] | {"items": [item for answer in found for item in answer["items"]]}


def _answer(server: httpx.Client, path: str, **parameters: Any) -> dict[str, Any] | None:
    answer = server.get(path, params=parameters)
    if answer.is_success or answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        found: dict[str, Any] = answered(answer)
        return found
    return None


def _metrics(answer: httpx.Response) -> dict[str, dict[str, float]]:
    """Returns the value by name and label. It is empty while the server can't tell."""
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(answer.text) if answer.is_success else ():
        for sample in family.samples:
            found.setdefault(sample.name, {})[",".join(sample.labels.values())] = sample.value
    return found


def _rows(seen: ServerState, now: datetime) -> list[tuple[str, str]]:
    said = seen.ready.json()
    versions = said.get("versies", {})
    figures = seen.figures or {}
    return [
        *_readiness(seen.ready.status_code == httpx.codes.OK, said),
        ("versies", ", ".join([*(f"{name} {value}" for name, value in versions.items()), _api(seen.ready)])),
        ("positie", str(figures.get("positie", ELSEWHERE))),
        ("laatste gebeurtenis", _last(seen.metrics, now)),
        ("gebeurtenissen", _number(seen.metrics, _STORED)),
        ("achterstand", _lag(seen.metrics)),
        ("onverwerkbaar", _number(seen.metrics, _REFUSED)),
        *_alarms(seen.alarms),
        *_told(figures),
    ]


def _told(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures of the country, and why any can't be stated."""
    if not figures:
        return []
    said = [
        (cijfers.naam(name), NOT_STATED if figures[name] is None else figure_text(name, figures[name]))
        for name in cijfers.STATUS
    ]
    return [*said, *(("voorbehoud", reason["tekst"]) for reason in figures["voorbehoud"])]


def _readiness(ready: bool, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not ready:
        away = [(_AWAY, f"{fout['veld']}: {fout['melding']}") for fout in said.get("fouten", [])]
        return [(_NOT_READY, f"nee: {said.get('detail', '')}"), *away]
    warnings = [(_WARNING, warning) for warning in said.get("waarschuwingen", [])]
    return [("gereed", f"ja: {', '.join(said.get('onderdelen', []))}"), *warnings]


def _api(ready: httpx.Response) -> str:
    return f"API {ready.headers.get('api-version', 'onbekend')}"


def _last(metrics: Mapping[str, Mapping[str, float]], now: datetime) -> str:
    if (moment := metrics.get(_LAST, {}).get("")) is None:
        return ELSEWHERE if _STORED not in metrics else "nog geen"
    at = datetime.fromtimestamp(moment, UTC)
    return f"{op_de_klok(at)} {KLOK} ({length(max(0.0, (now - at).total_seconds()))} geleden)"


def _number(metrics: Mapping[str, Mapping[str, float]], name: str) -> str:
    value = metrics.get(name, {}).get("")
    return ELSEWHERE if value is None else number(int(value))


def _lag(metrics: Mapping[str, Mapping[str, float]]) -> str:
    behind = metrics.get(_LAG)
    if not behind:
        return ELSEWHERE
    each = ", ".join(
        f"partitie {p}: {number(int(n))}" for p, n in sorted(behind.items(), key=lambda item: int(item[0]))
    )
    return f"{number(int(sum(behind.values())))} ({each})"


def _alarms(answer: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """The alarms, counted by how they stand, and the first of those that receivers are told of."""
    if answer is None:
        return [("alarmen", ELSEWHERE)]
    counts = answer["aantallen"]
    told = [one for one in answer["items"] if one["stilte"] is None and one["onderdruktDoor"] is None]
    shown = [("", _alarm(one)) for one in told[:ALARMS_SHOWN]]
    left = counts["actief"] + counts["opgepakt"] - len(shown)
    more = [("", f"en nog {number(left)}; zie /v1/alarmen")] if left > 0 else []
    return [("alarmen", _counted(counts, watched=answer["bewaaktSinds"] is not None)), *shown, *more]


def _alarm(one: Mapping[str, Any]) -> str:
    said = one.get("toelichtingNu") or one["toelichting"] or f"{one['regel'].replace('-', ' ')} {one['onderwerp']}"
    ends = ", herstelt" if one["status"] == "herstellend" else ""
    return f"{one['ernst']}: {said} (sinds {op_de_klok(one['sinds'])}{ends})"


def _counted(counts: Mapping[str, int], *, watched: bool) -> str:
    said = [f"{number(counts[name])} {word}" for name, word in _COUNTS.items() if counts[name]]
    if said:
        return ", ".join(said)
    return "geen open" if watched else "worden niet bewaakt: dat er geen alarm staat, zegt niets"
