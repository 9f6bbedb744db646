"""Events raise and end alarms, through the whole chain. Imported history raises no alarms about the past."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.alarmregels import TE_WEINIG_GEGEVENS
from schemas.fields import format_moment
from tests.support.alarm_help import RULES_FILE
from tests.support.facts import access, capacity, event, limit, moment, reading, registered
from tests.support.kafka_node import KafkaNode
from tests.support.server import Server, opvangpeil

Answer = dict[str, Any]
COUNTRY = ("landelijke-bezetting", "NL", "kritiek")
CENTRE = ("toegang", "LOC-AC", "hoog")
OURS = {COUNTRY[0], CENTRE[0]}
"""The rules that most of these tests are about. Other rules react to the same events."""
MILLISECOND = timedelta(milliseconds=1)


def alarms(answer: Answer, *regels: str) -> list[Answer]:
    """Returns the alarms of these rules."""
    return [a for a in answer["items"] if a["regel"] in (regels or OURS)]


def active(answer: Answer) -> set[tuple[str, str, str]]:
    return {(a["regel"], a["onderwerp"], a["ernst"]) for a in alarms(answer) if a["status"] == "actief"}


def exactly(*wanted: tuple[str, str, str]) -> Callable[[Answer], bool]:
    return lambda answer: active(answer) == set(wanted)


def status_of(regel: str) -> Callable[[Answer], list[str]]:
    return lambda answer: [a["status"] for a in alarms(answer, regel)]


def has(regel: str, *statuses: str) -> Callable[[Answer], bool]:
    return lambda answer: status_of(regel)(answer) == [*statuses]


def status_is(status: str) -> Callable[[Answer], bool]:
    """Whether the newest of the alarms has this status."""
    return lambda answer: [a["status"] for a in answer["items"][:1]] == [status]


def send(server: Server, *facts: Answer) -> None:
    assert server.post([*facts]).status_code in (201, 202)


def looked(server: Server, number: int) -> None:
    """Waits until the watch has seen all that was sent before: sends an event that raises an alarm, and awaits that."""
    name = f"LOC-GEZIEN-{number}"
    send(server, registered(name), reading(name, 0), access(name, "beperkt"))  # Unread it would shut the gate.
    server.until("/v1/alarmen", lambda answer: bool(answer["items"]), onderwerp=name, regel="toegang")


def test_alarms_come_stay_over_a_restart_and_go(tmp_path: Path, outside: KafkaNode | None) -> None:
    folder = tmp_path / "data"
    with Server(folder, kafka=outside) as server:
        facts = [registered("LOC-AC", "GM1950", "aanmeldcentrum"), capacity("LOC-AC", 100), reading("LOC-AC", 100)]
        send(server, *facts)
        send(server, reading("LOC-AC", 101), access("LOC-AC", "gecontroleerd"))
        first = server.until("/v1/alarmen", exactly(COUNTRY, CENTRE))
        name = 'opvangpeil_alarmen{ernst="kritiek",status="actief"}'
        server.until("/v1/bezetting", lambda _: server.metric(name) == 1)
        server.kill()
    with Server(folder, kafka=outside) as server:
        again = server.until("/v1/alarmen", exactly(COUNTRY, CENTRE))
        assert {a["id"] for a in again["items"]} == {a["id"] for a in first["items"]}, "a restart repeats an alarm"
        send(server, reading("LOC-AC", 96), access("LOC-AC", "open", moment()))
        server.until("/v1/alarmen", exactly())
        healed = server.until("/v1/alarmen", lambda answer: {a["status"] for a in alarms(answer)} == {"hersteld"})
        assert {a["id"] for a in alarms(healed)} == {a["id"] for a in alarms(first)}


def test_an_alarm_of_the_country_stays_until_it_is_well_below_the_threshold(tmp_path: Path) -> None:
    """101 % raises it, at 99 % it stays, at 96 % it ends. So nobody is called twice about one evening."""
    with Server(tmp_path / "data") as server:
        send(server, registered("LOC-1"), capacity("LOC-1", 100), reading("LOC-1", 100))
        looked(server, 1)
        assert server.get("/v1/alarmen", regel=COUNTRY[0])["items"] == []
        send(server, reading("LOC-1", 101))
        (begun,) = server.until("/v1/alarmen", has(COUNTRY[0], "actief"), regel=COUNTRY[0])["items"]
        for number, aanwezig in enumerate((99, 101, 98), start=2):
            send(server, reading("LOC-1", aanwezig))
            looked(server, number)
            (same,) = server.get("/v1/alarmen", regel=COUNTRY[0])["items"]
            assert (same["status"], same["id"]) == ("actief", begun["id"])
            assert (same["waarde"], same["waardeNu"]) == (1.01, server.get("/v1/bezetting")["bezettingsgraad"])
            assert same["waardeNu"] == aanwezig / 100
            assert same["toelichting"] == begun["toelichting"]
            assert same["toelichtingNu"].startswith(
                f"De landelijke bezettingsgraad is {aanwezig},0 % (drempel 100 %): "
            )
        send(server, reading("LOC-1", 96))
        (ended,) = server.until("/v1/alarmen", has(COUNTRY[0], "hersteld"), regel=COUNTRY[0])["items"]
        assert (begun["waarde"], ended["waarde"], ended["drempel"]) == (1.01, 0.96, 1)
        assert (ended["waardeNu"], ended["toelichtingNu"]) == (None, None)
        assert begun["toelichting"] == (
            "De landelijke bezettingsgraad is 101,0 % (drempel 100 %): 101 aanwezigen op 100 inzetbare plaatsen. "
            "2 van 2 locaties meldden in de laatste 78 uur."
        )


def test_since_when_somebody_watches_is_known_before_anything_goes_off(tmp_path: Path) -> None:
    """It is said once. A restart and a silence leave it as it is, and it is no alarm."""
    quiet = tmp_path / "regels.toml"
    quiet.write_text(RULES_FILE.read_text(encoding="utf-8").replace('"alarm"', '"houd"'), encoding="utf-8")
    setting = {"OPVANGPEIL_ALARMREGELS": str(quiet)}
    with Server(tmp_path / "data", environment=setting) as server:
        answer = server.until("/v1/alarmen", lambda found: found["bewaaktSinds"] is not None)
        assert (answer["items"], set(answer["aantallen"].values())) == ([], {0})
        assert server.get("/v1/ontvangers")["items"] == []
        until = moment(timedelta(days=-1))
        made = server.client.post(f"{server.url}/v1/stiltes", json={"regel": "toegang", "tot": until, "reden": "proef"})
        assert made.status_code in (201, 202)
        assert "Er staat geen alarm open." in server.client.get(server.url).text
    with Server(tmp_path / "data", environment=setting) as server:
        send(server, registered("LOC-AC"), access("LOC-AC", "beperkt"))
        again = server.until("/v1/alarmen", lambda found: bool(found["items"]))
        assert again["bewaaktSinds"] == answer["bewaaktSinds"] < again["items"][0]["sinds"]


def test_what_can_no_longer_be_stated_neither_ends_an_alarm_nor_shows_a_value(tmp_path: Path) -> None:
    """Four locaties that never reported shut the gate. The past shows the value that could be stated then."""
    with Server(tmp_path / "data") as server:
        send(server, registered("LOC-1"), capacity("LOC-1", 100), reading("LOC-1", 120))
        (begun,) = server.until("/v1/alarmen", has(COUNTRY[0], "actief"), regel=COUNTRY[0])["items"]
        stated = server.get("/v1/alarmen", regel=COUNTRY[0])
        send(server, *(registered(f"LOC-STIL-{n}") for n in range(4)))
        send(server, registered("LOC-2"), access("LOC-2", "beperkt"))
        server.until("/v1/alarmen", lambda answer: bool(answer["items"]), onderwerp="LOC-2")
        lack = server.until("/v1/alarmen", status_is("actief"), regel=TE_WEINIG_GEGEVENS)["items"][0]
        assert (lack["voorRegel"], lack["onderwerp"], lack["ernst"]) == COUNTRY
        answer = server.get("/v1/alarmen", regel=COUNTRY[0])
        (item,) = answer["items"]
        assert (item["id"], item["status"], item["waarde"]) == (begun["id"], "actief", 1.2)
        assert (item["waardeNu"], server.get("/v1/bezetting")["bezettingsgraad"]) == (None, None)
        assert item["toelichtingNu"] == (
            "De landelijke bezettingsgraad is niet vast te stellen: 1 van 6 locaties meldde in de laatste 78 uur; "
            "nodig is 80 % van de locaties. Het alarm blijft zolang staan."
        )
        (then,) = server.get("/v1/alarmen", regel=COUNTRY[0], bekendOp=stated["bekendOp"])["items"]
        assert (then["waardeNu"], then["toelichtingNu"]) == (1.2, begun["toelichting"])
        everything = server.get("/v1/alarmen", bekendOp=answer["bekendOp"])["items"]
        told = [one for one in everything if one["status"] == "actief" and one["onderdruktDoor"] is None]
        assert answer["aantallen"]["actief"] == len(told) >= 3
        assert answer["bewaaktSinds"] == stated["bewaaktSinds"] <= begun["sinds"]
        assert server.get("/v1/alarmen", bekendOp="2026-01-01")["bewaaktSinds"] is None
        name = 'opvangpeil_vast_te_stellen{grootheid="bezettingsgraad"}'
        assert (server.metric(name), server.metric("opvangpeil_bezettingsgraad")) == (0, None)


def test_an_alarm_says_what_is_the_matter_with_a_locatie(tmp_path: Path) -> None:
    """There are more people than places, and more than the court allows. The alarm names the days and the costs."""
    with Server(tmp_path / "data") as server:
        earlier = moment(timedelta(days=2))
        send(
            server,
            registered("LOC-1"),
            capacity("LOC-1", 2000),
            limit("LOC-1", 2000, moment(timedelta(days=30)), dwangsomPerDag=15_000, dwangsomPlafond=1_500_000),
            reading("LOC-1", 2050, earlier, time=earlier),
            reading("LOC-1", 1999, moment(timedelta(days=4)), time=moment(timedelta(days=4))),
            reading("LOC-1", 2121),
        )
        found = server.until("/v1/alarmen", has("boven-maximum", "actief"), onderwerp="LOC-1")
        (above,) = alarms(found, "boven-maximum")
        assert (above["waarde"], above["ernst"], above["labels"]) == (121, "kritiek", {})
        assert above["toelichting"] == (
            "Proef LOC-1 (LOC-1) heeft 2.121 aanwezigen, 121 boven het maximum van 2.000; tot nu toe minstens 2 dagen "
            "erboven, van 3 dagen met een meting; dwangsom minstens € 30.000 van hoogstens € 1.500.000."
        )
        full = server.until("/v1/alarmen", has("locatie-bezetting", "actief"), onderwerp="LOC-1")
        (full,) = alarms(full, "locatie-bezetting")
        assert (full["waarde"], full["ernst"]) == (1.0605, "waarschuwing")
        assert full["toelichting"] == (
            "Proef LOC-1 (LOC-1) is voor 106,0 % bezet (drempel 100 %): 2.121 aanwezigen op 2.000 inzetbare plaatsen."
        )
        assert full["runbook"] == "deploy/runbook.md#locatie-bezetting"


RULES = """\
[[regel]]
naam = "te-vol"
omschrijving = "Meer dan 90 procent"
grootheid = "locatie-bezettingsgraad"
drempel = 0.9
wisdrempel = 0.8
voor = "1s"
blijfActief = "1s"
ernst = "hoog"
runbook = "https://handboek.example.org/te-vol"
labels = { team = "regio-noord" }
"""


def test_a_rule_of_ones_own_goes_through_all_four_states(tmp_path: Path) -> None:
    file = tmp_path / "regels.toml"
    file.write_text(RULES)
    with Server(tmp_path / "data", environment={"OPVANGPEIL_ALARMREGELS": str(file)}) as server:
        send(server, registered("LOC-1"), capacity("LOC-1", 100), reading("LOC-1", 91), access("LOC-1", "gesloten"))
        server.until("/v1/alarmen", has("te-vol", "actief"))
        send(server, reading("LOC-1", 79))
        (alarm,) = server.until("/v1/alarmen", has("te-vol", "hersteld"))["items"]
        assert (alarm["ernst"], alarm["runbook"]) == ("hoog", "https://handboek.example.org/te-vol")
        assert (alarm["labels"], alarm["waarde"]) == ({"team": "regio-noord"}, 0.79)
        begun, became, ended = (datetime.fromisoformat(alarm[name]) for name in ("sinds", "actiefSinds", "hersteldOp"))
        assert became - begun >= timedelta(seconds=1)
        at = {begun: "wachtend", became - MILLISECOND: "wachtend", became: "actief", ended: "hersteld"}
        at |= {ended - MILLISECOND: "herstellend", ended - timedelta(seconds=1): "herstellend"}
        for known_at, status in at.items():
            answer = server.get("/v1/alarmen", bekendOp=format_moment(known_at))
            assert status_of("te-vol")(answer) == [status]
        assert server.get("/v1/alarmen", bekendOp=format_moment(begun - MILLISECOND))["items"] == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (RULES.replace("0.8", "0.95"), r"regels\.toml, regel 6: \[\[regel\]\] 'te-vol', wisdrempel: ligt voorbij"),
        (RULES.replace('"hoog"', '"ramp"'), r"regels\.toml, regel 9: \[\[regel\]\] 'te-vol', ernst: moet zijn: 'info'"),
        (RULES + 'sla = "4h"\n', r"regels\.toml, regel 12: \[\[regel\]\] 'te-vol', sla: is geen bekend veld"),
        (RULES + "x", r"regels\.toml, regel 12: is geen geldige TOML"),
        (None, r"OPVANGPEIL_ALARMREGELS=.*regels\.toml. is geen bestand dat er is"),
    ],
    ids=["clears beyond", "unknown ernst", "unknown field", "no toml", "no file"],
)
def test_a_file_of_rules_that_can_not_be_right_stops_the_start(tmp_path: Path, text: str | None, why: str) -> None:
    file = tmp_path / "regels.toml"
    if text is not None:
        file.write_text(text)
    environment = {"OPVANGPEIL_ALARMREGELS": str(file)}
    ended = opvangpeil("start", "--data", str(tmp_path / "data"), "--port", "0", environment=environment)
    assert ended.returncode == 2
    said = " ".join((ended.stdout + ended.stderr).split())
    assert re.search(why, said), said
    assert "Traceback" not in said
    assert "gereed" not in said


def test_importing_history_raises_nothing_about_the_past(tmp_path: Path, outside: KafkaNode | None) -> None:
    """Imports 300 days in order. Access was restricted and the country overfull, but no longer at the end."""
    began = moment()
    with Server(tmp_path / "data", kafka=outside) as server:
        then = {"time": moment(timedelta(days=300))}
        server.post([registered("LOC-AC", "GM1950", "aanmeldcentrum", **then), capacity("LOC-AC", 100, **then)])
        for days in range(300, 0, -5):
            at = moment(timedelta(days=days))
            restricted = "gecontroleerd" if days > 100 else "open"
            send(
                server,
                reading("LOC-AC", 150 if days > 100 else 90, at, time=at),
                access("LOC-AC", restricted, at, time=at),
            )
        # The alarm that this raises shows that the watch has seen the history.
        send(server, access("LOC-AC", "gesloten", moment()))
        answer = server.until("/v1/alarmen", exactly(CENTRE))
        assert len(alarms(answer)) == 1, f"an alarm about the past: {answer['items']}"
        assert all(a["sinds"] >= began for a in answer["items"])
        silent = {"locatie-zonder-gegevens", TE_WEINIG_GEGEVENS}  # about the present: the last reading is old
        assert {a["regel"] for a in answer["items"]} <= OURS | silent


def test_a_restart_neither_ends_nor_repeats_what_takes_time_to_find_out(tmp_path: Path) -> None:
    """A gemeente is worse off than a week ago. Just after a start the state of a week ago is not known yet."""
    folder, regel = tmp_path / "data", "naleving-verslechterd"
    then, ended = moment(timedelta(days=60)), moment(timedelta(days=3))
    places = {"geldigVanaf": then, "geldigTot": ended, "plaatsen": [{"soort": "regulier", "aantal": 500}]}
    rule = {"raming": 96_000, "beschikbaarTotMinstens": then, "meetellendeSoorten": ["regulier"], "geldigVanaf": then}
    task = {"cyclus": "2024", "status": "verdeelbesluit", "opgave": 100, "geldigVanaf": then}
    with Server(folder) as server:
        send(
            server,
            registered("LOC-1", "GM1950"),
            event("opvanglocaties.capaciteit-gewijzigd", "LOC-1", places),
            event("spreidingswet.cyclus-vastgesteld", "2024", rule),
            event("spreidingswet.opgave-vastgesteld", "GM1950", task),
        )
        found = server.until("/v1/alarmen", has(regel, "actief"), seconds=60, regel=regel)
        (begun,) = found["items"]
        assert (begun["onderwerp"], begun["waarde"]) == ("GM1950", 2)
        assert begun["toelichting"] == (
            "De naleving van Westerwolde (GM1950) is 'voldoet niet' (0 van 100 plaatsen); 7 dagen geleden was dat "
            "'voldoet'."
        )
        server.kill()
    with Server(folder) as server:
        looked(server, 1)
        (still,) = server.get("/v1/alarmen", regel=regel)["items"]
        assert (still["status"], still["id"], still["toelichting"]) == ("actief", begun["id"], begun["toelichting"])
