"""Delivery of alarms to real receivers, while the receivers fail on purpose and the process is killed."""

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.support.alarm_help import RULES_FILE
from tests.support.facts import access, capacity, moment, reading, registered
from tests.support.kafka_node import KafkaNode
from tests.support.server import Server
from tests.support.webhook_receiver import Answer, Request, WebhookReceiver

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KILLS = 2


@pytest.fixture
def hook() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as one:
        yield one


def receivers(folder: Path, *tables: str) -> dict[str, str]:
    """Writes a file with these receivers, and returns the settings that name it and the rules.

    An empty beginning is no alarm by these rules, so that what is told is what a test sends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rules = folder / "alarmregels.toml"
    rules.write_text(RULES_FILE.read_text(encoding="utf-8").replace('"alarm"', '"houd"'), encoding="utf-8")
    (folder / "geheim").write_text(SECRET)
    file = folder / "ontvangers.toml"
    file.write_text("\n".join(tables))
    return {"OPVANGPEIL_ONTVANGERS": str(file), "OPVANGPEIL_ALARMREGELS": str(rules)}


def webhook(hook: WebhookReceiver, naam: str = "meldkamer", more: str = 'regels = ["toegang"]') -> str:
    return (
        f'[[ontvanger]]\nnaam = "{naam}"\nsoort = "webhook"\nurl = "{hook.url}/{naam}"\nprivaat = true\n'
        f'geheimBestand = "geheim"\n{more}\n'
    )


def sent(requests: Any, naam: str = "meldkamer") -> list[tuple[str, str, str]]:
    """Returns (kind, onderwerp, webhook-id) of each attempt."""
    found = []
    for one in requests:
        if one.path == f"/{naam}":
            body = one.json()
            found.append((body["type"].split(".")[2], body["data"]["onderwerp"], one.headers["webhook-id"]))
    return found


def of_kind(requests: Any, kind: str, onderwerp: str) -> list[tuple[str, str, str]]:
    return [one for one in sent(requests) if one[:2] == (f"alarm-{kind}", onderwerp)]


def test_an_alarm_is_told_signed_and_so_is_its_end(
    tmp_path: Path, hook: WebhookReceiver, outside: KafkaNode | None
) -> None:
    environment = receivers(tmp_path / "bij", webhook(hook))
    with Server(tmp_path / "data", kafka=outside, environment=environment) as server:
        server.post([registered("LOC-AC", soort="aanmeldcentrum"), access("LOC-AC", "beperkt")])
        (begun,) = hook.wait_for(lambda seen: of_kind(seen, "geactiveerd", "LOC-AC"))
        request: Request = hook.requests[-1]
        said = Webhook(SECRET).verify(request.body, dict(request.headers))
        assert said["data"]["toelichting"].startswith("De toegang tot Proef LOC-AC (LOC-AC) is beperkt")
        assert (said["data"]["ernst"], said["data"]["waarde"], said["data"]["status"]) == ("hoog", "beperkt", "actief")
        server.post([access("LOC-AC", "open", moment())])
        (ended,) = hook.wait_for(lambda seen: of_kind(seen, "hersteld", "LOC-AC"))
        told = server.until("/v1/alarmen", lambda a: len(a["items"][0]["gemeld"]) == 2, regel="toegang")["items"][0]
        assert [(one["overgang"], one["uitkomst"]) for one in told["gemeld"]] == [
            ("actief", "bezorgd"),
            ("hersteld", "bezorgd"),
        ]
        assert told["id"] == begun[2], "the id of the message is the id of the transition"
        assert ended[2] != begun[2]
        assert len(sent(hook.requests)) == 2


def test_who_fails_is_tried_again_under_the_same_id_and_seen_to_wait(tmp_path: Path, hook: WebhookReceiver) -> None:
    hook.answer(500)
    with Server(tmp_path / "data", environment=receivers(tmp_path / "bij", webhook(hook))) as server:
        server.post([registered("LOC-1"), access("LOC-1", "gesloten")])
        hook.wait_for(lambda seen: of_kind(seen, "geactiveerd", "LOC-1"))
        waits = server.until("/v1/ontvangers", lambda a: a["items"][0]["laatsteFout"] is not None)["items"][0]
        assert (waits["wachtend"], waits["mislukt"], waits["laatsteFout"]) == (1, 0, "antwoordde 500")
        (waiting,) = server.get("/v1/ontvangers/meldkamer")["meldingen"]
        assert (waiting["status"], waiting["pogingen"], waiting["onderwerp"]) == ("wacht", 1, "LOC-1")
        first, second = hook.wait_for(
            lambda seen: found if len(found := of_kind(seen, "geactiveerd", "LOC-1")) == 2 else None
        )
        assert first == second
        early, late = (float(one.headers["webhook-timestamp"]) for one in hook.requests)
        assert late - early >= 4, "the timestamp is of the attempt"
        assert hook.requests[0].body == hook.requests[1].body
        done = server.until("/v1/ontvangers", lambda a: a["items"][0]["wachtend"] == 0)["items"][0]
        assert done["laatsteSucces"] is not None


def test_who_is_gone_is_switched_off_and_gets_all_of_it_when_switched_on(tmp_path: Path, hook: WebhookReceiver) -> None:
    hook.otherwise(410)
    with Server(tmp_path / "data", environment=receivers(tmp_path / "bij", webhook(hook))) as server:
        server.post([registered("LOC-1"), access("LOC-1", "gesloten"), registered("LOC-2")])
        off = server.until("/v1/ontvangers", lambda a: not a["items"][0]["ingeschakeld"])["items"][0]
        assert off["reden"] == "antwoordde 410 Gone: wil niets meer ontvangen"
        server.post([access("LOC-2", "beperkt")])
        server.until("/v1/ontvangers", lambda a: (a["items"][0]["wachtend"], a["items"][0]["mislukt"]) == (1, 1))
        assert len(hook.requests) == 1
        hook.otherwise(204)
        answer = server.client.post(f"{server.url}/v1/ontvangers/meldkamer/herzendingen")
        assert (answer.status_code, answer.json()["opnieuw"]) == (201, 1)
        hook.wait_for(lambda seen: len(of_kind(seen, "geactiveerd", "LOC-1")) == 2 and sent(seen)[2:])
        assert {one[1] for one in sent(hook.requests)[1:]} == {"LOC-1", "LOC-2"}
        server.until("/v1/ontvangers", lambda a: (a["items"][0]["wachtend"], a["items"][0]["mislukt"]) == (0, 0))
        missing = server.client.post(f"{server.url}/v1/ontvangers/onbekend/herzendingen")
        assert missing.status_code == 404


def test_who_hangs_or_talks_too_much_holds_up_nobody_else(tmp_path: Path, hook: WebhookReceiver) -> None:
    with WebhookReceiver() as slow, WebhookReceiver() as loud:
        slow.otherwise(Answer(hang=True))
        loud.otherwise(Answer(200, body=b"x" * 10_000_000))
        tables = [webhook(slow, "traag"), webhook(loud, "luid"), webhook(hook)]
        with Server(tmp_path / "data", environment=receivers(tmp_path / "bij", *tables)) as server:
            for n in range(12):  # more than the service sends to one receiver at once
                server.post([registered(f"LOC-{n}"), access(f"LOC-{n}", "beperkt")])
            hook.wait_for(lambda seen: len({one[1] for one in sent(seen)}) == 12)
            loud.wait_for(lambda seen: len(seen) == 12)
            by_name = {one["naam"]: one for one in server.get("/v1/ontvangers")["items"]}
            assert by_name["traag"]["wachtend"] == 12
            assert len(slow.requests) <= 8
            server.until("/v1/ontvangers", lambda a: a["items"][1]["wachtend"] == 0)
            slow.release()
            slow.otherwise(204)
            server.until("/v1/ontvangers", lambda a: a["items"][0]["wachtend"] == 0, seconds=40)


def test_an_address_that_may_not_be_asked_is_seen_to_fail_and_told_why(tmp_path: Path) -> None:
    # This name leads to this machine. Only a receiver with `privaat = true` may have such an address.
    table = '[[ontvanger]]\nnaam = "am"\nsoort = "webhook"\nurl = "https://localhost:9/"\ngeheimBestand = "geheim"\n'
    with Server(tmp_path / "data", environment=receivers(tmp_path / "bij", table)) as server:
        server.post([registered("LOC-1"), access("LOC-1", "beperkt")])
        failed = server.until("/v1/ontvangers", lambda a: a["items"][0]["laatsteFout"] is not None)["items"][0]
        assert "dat adres wordt niet gevraagd; voor een eigen netwerk: privaat = true" in failed["laatsteFout"]


def test_the_country_inhibits_its_own_norm_and_every_site_is_heard(tmp_path: Path, hook: WebhookReceiver) -> None:
    full = [
        one for n in range(3) for one in (registered(f"LOC-{n}"), capacity(f"LOC-{n}", 100), reading(f"LOC-{n}", 120))
    ]
    more = 'regels = ["landelijke-bezetting", "landelijke-bezetting-norm", "locatie-bezetting"]'
    with Server(tmp_path / "data", environment=receivers(tmp_path / "bij", webhook(hook, more=more))) as server:
        server.post(full)
        hook.wait_for(lambda seen: all(of_kind(seen, "geactiveerd", one) for one in ("NL", "LOC-0", "LOC-1", "LOC-2")))
        answer = server.until("/v1/alarmen", lambda a: len(a["items"]) >= 5)
        (country,) = [one for one in answer["items"] if one["regel"] == "landelijke-bezetting"]
        held_back = {one["regel"]: one["onderdruktDoor"] for one in answer["items"]}
        assert held_back == {
            "landelijke-bezetting": None,
            "landelijke-bezetting-norm": country["id"],
            "locatie-bezetting": None,
        }
        counts = answer["aantallen"]
        assert counts == {"actief": 4, "wachtend": 0, "onderdrukt": 1, "stil": 0, "opgepakt": 0}
        for toestand, many in (("actief", 3), ("onderdrukt", 1)):
            name = f'opvangpeil_alarmen_toestand{{ernst="waarschuwing",toestand="{toestand}"}}'
            assert server.metric(name) == many
        server.post([reading("LOC-1", 10), reading("LOC-2", 10)])  # 140 people on 300 places; LOC-0 is still too full
        hook.wait_for(lambda seen: of_kind(seen, "hersteld", "NL"))
        assert len(of_kind(hook.requests, "geactiveerd", "NL")) == 1, "the norm was told of by nobody"


def test_warnings_come_together_and_what_is_critical_at_once(tmp_path: Path, hook: WebhookReceiver) -> None:
    """The process is killed while the bundle is being saved up, and nothing of it is lost."""
    full = [
        one for n in range(4) for one in (registered(f"LOC-{n}"), capacity(f"LOC-{n}", 100), reading(f"LOC-{n}", 120))
    ]

    def bundled(wait: str, more: str = "") -> dict[str, str]:
        more = f'regels = ["landelijke-bezetting", "locatie-bezetting"]\nbundel = "{wait}"\n{more}'
        return receivers(tmp_path / "bij", webhook(hook, more=more))

    with Server(tmp_path / "data", environment=bundled("1h")) as server:
        server.post(full)
        (critical,) = hook.wait_for(lambda seen: of_kind(seen, "geactiveerd", "NL"))
        server.until("/v1/alarmen", lambda a: len(a["items"]) == 4, regel="locatie-bezetting")
        assert sent(hook.requests) == [critical]
        waits = server.get("/v1/ontvangers/meldkamer")
        assert (waits["bundel"]["waarschuwing"], "kritiek" in waits["bundel"]) == (3600, False)
        # A kill before the outcome is known would have the critical one delivered again.
        server.until("/v1/alarmen", lambda a: a["items"][0]["gemeld"], regel="landelijke-bezetting")
        server.post([reading("LOC-0", 50)])
        server.until("/v1/alarmen", lambda a: a["items"], regel="locatie-bezetting", status="hersteld")
        bundled("1h", "bevestigingen = true")  # What is over by now was asked for before, and still is.
        server.until("/v1/ontvangers/meldkamer", lambda a: len(a["wijzigingen"]) == 2)
        told = server.until("/v1/ontvangers/meldkamer/geschiedenis", lambda a: len(a["items"]) == 2)["items"]
        assert (told[0]["onderwerp"], told[0]["uitkomst"], told[0]["pogingen"]) == ("LOC-0", "uitgesteld", 0)
        assert server.get("/v1/ontvangers/meldkamer")["laatsteFoutOp"] is None, "nothing was tried, so nothing failed"
        server.kill()
    with Server(tmp_path / "data", environment=bundled("15s", "bevestigingen = true")) as server:
        hook.wait_for(lambda seen: len(seen) > 1, seconds=60)
        (bundle,) = hook.requests[1:2]
        said = Webhook(SECRET).verify(bundle.body, dict(bundle.headers))
        assert said["type"] == "nl.opvangalarmen.bundel.v1"
        assert (said["data"]["ernst"], said["data"]["aantal"]) == ("waarschuwing", 4)
        told = {one["data"]["onderwerp"]: one["id"] for one in said["data"]["meldingen"]}
        items = server.until(
            "/v1/alarmen",
            lambda a: all(one["gemeld"] for one in a["items"]),
            regel="locatie-bezetting",
        )["items"]
        assert told == {one["onderwerp"]: one["id"] for one in items}, "the id of each is that of its transition"
        assert {said["uitkomst"] for one in items for said in one["gemeld"]} == {"bezorgd"}


def test_killed_at_random_no_alarm_is_lost_and_none_has_two_ids(tmp_path: Path, hook: WebhookReceiver) -> None:
    """Each kill comes while an alarm is on its way from the event to its receiver."""
    chance = random.Random(6)
    environment = receivers(tmp_path / "bij", webhook(hook))
    for n in range(KILLS):
        with Server(tmp_path / "data", environment=environment) as server:
            server.post([registered(f"LOC-{n}"), access(f"LOC-{n}", "beperkt")])
            if n:
                server.post([access(f"LOC-{n - 1}", "open", moment())])
            time.sleep(chance.uniform(0, 0.4))
            server.kill()
    with Server(tmp_path / "data", environment=environment) as server:
        everything = {("alarm-geactiveerd", f"LOC-{n}") for n in range(KILLS)}
        everything |= {("alarm-hersteld", f"LOC-{n}") for n in range(KILLS - 1)}
        told = hook.wait_for(lambda seen: {one[:2] for one in sent(seen)} >= everything and sent(seen), seconds=60)
        server.until("/v1/ontvangers", lambda a: a["items"][0]["wachtend"] == 0)
        alarms = {
            one["onderwerp"]: one["id"] for one in server.get("/v1/alarmen")["items"] if one["regel"] == "toegang"
        }
    ids = defaultdict(set)
    for kind, onderwerp, own_id in told:
        ids[kind, onderwerp].add(own_id)
    assert all(len(found) == 1 for found in ids.values()), ids
    assert {onderwerp: own_id for (kind, onderwerp), (own_id,) in ids.items() if kind == "alarm-geactiveerd"} == alarms


def test_who_receives_what_changes_without_a_restart_and_a_kill_repeats_nothing(
    tmp_path: Path, hook: WebhookReceiver
) -> None:
    """A wrong file is kept out, an open alarm is told to who comes to ask for it, and who was told hears the end."""
    folder = tmp_path / "bij"
    environment = receivers(folder, webhook(hook, more='locatiesoorten = ["hotel"]'))
    file = folder / "ontvangers.toml"
    with Server(tmp_path / "data", environment=environment) as server:
        server.post([registered("LOC-1"), access("LOC-1", "beperkt"), registered("LOC-2", soort="hotel")])
        server.until("/v1/alarmen", lambda a: a["items"], regel="toegang")
        file.write_text(webhook(hook, more="locatiesoorten = []"))
        kept_out = server.until("/v1/ontvangers", lambda a: not a["bestand"]["geldig"])
        assert "locatiesoorten: is leeg, en dan zou er niets worden gemeld" in kept_out["bestand"]["fout"]
        assert kept_out["items"][0]["locatiesoorten"] == ["hotel"]
        assert server.metric("opvangpeil_ontvangers_geldig") == 0
        (warning,) = server.get("/gereed")["waarschuwingen"]
        assert warning.startswith("ontvangers.toml klopt niet: de ontvangers van daarvoor blijven gelden")
        assert sent(hook.requests) == []
        file.write_text(webhook(hook, more='locatiesoorten = ["azc"]'))
        (begun,) = hook.wait_for(lambda seen: of_kind(seen, "geactiveerd", "LOC-1"))
        server.until("/v1/ontvangers/meldkamer/geschiedenis", lambda a: a["items"])
        assert server.get("/v1/ontvangers")["bestand"] == {"geldig": True, "fout": None}
        file.write_text(webhook(hook, more='locatiesoorten = ["hotel"]'))
        server.until("/v1/ontvangers/meldkamer", lambda a: len(a["wijzigingen"]) == 3)
        server.kill()
    with Server(tmp_path / "data", environment=environment) as server:
        server.post([access("LOC-1", "open", moment()), access("LOC-2", "beperkt")])
        hook.wait_for(lambda seen: of_kind(seen, "hersteld", "LOC-1") and of_kind(seen, "geactiveerd", "LOC-2"))
        told = server.until("/v1/ontvangers/meldkamer/geschiedenis", lambda a: len(a["items"]) == 3)["items"]
        assert {(one["soort"], one["onderwerp"], one["uitkomst"]) for one in told} == {
            ("actief", "LOC-1", "bezorgd"),
            ("hersteld", "LOC-1", "bezorgd"),
            ("actief", "LOC-2", "bezorgd"),
        }
        assert of_kind(hook.requests, "geactiveerd", "LOC-1") == [begun]
        first = server.get("/v1/ontvangers/meldkamer/geschiedenis", aantal=2)
        rest = server.get("/v1/ontvangers/meldkamer/geschiedenis", aantal=2, na=first["volgende"])
        assert ([*first["items"], *rest["items"]], rest["volgende"]) == (told, None)
        for asked, status in (({"na": "nergens"}, 400), ({"aantal": 0}, 400), ({"van": "gisteren"}, 400)):
            answer = server.client.get(f"{server.url}/v1/ontvangers/meldkamer/geschiedenis", params=asked)
            assert answer.status_code == status, answer.text
        assert len(server.get("/v1/ontvangers/meldkamer")["wijzigingen"]) == 3, "a restart is no change"
        file.write_text("")
        kept_out = server.until("/v1/ontvangers", lambda a: not a["bestand"]["geldig"])
        assert ("noemt geen enkele" in kept_out["bestand"]["fout"], len(kept_out["items"])) == (True, 1)
        file.write_text(webhook(hook, "piket"))
        server.until("/v1/ontvangers", lambda a: [one["naam"] for one in a["items"]] == ["piket"])
        missing = server.client.get(f"{server.url}/v1/ontvangers/meldkamer/geschiedenis")
        assert missing.status_code == 404
        assert 'ontvanger="meldkamer"' not in server.client.get(f"{server.url}/metrics").text
