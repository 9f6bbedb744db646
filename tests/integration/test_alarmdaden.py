"""What people do about alarms by the forms of the pages: on a running server, as the browser sends them."""

import re
from collections.abc import Iterator

import pytest

from tests.support.alarm_world import World, alarm_world
from tests.support.facts import access
from tests.support.html_page import Page
from tests.support.server import opvangpeil, with_token
from tests.support.webhook_receiver import Answer

_SEALED = re.compile(r"\d\d:\d\d[^<]*|\d{4}-[\d:T.%A-]+Z?|positie=[^\"&]+")
"""Moments and places in the log, which differ from answer to answer."""
NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with alarm_world(tmp_path_factory.mktemp("daden")) as world:
        yield world


def form_of(page: str, action: str, **also: str) -> dict[str, str]:
    """Returns the hidden fields of the first form of a page with this action that has these fields."""
    for one in re.findall(r"<form[^>]*action=\"([^\"]+)\"[^>]*>(.*?)</form>", page, re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', one[1]))
        if one[0] == action and also.items() <= fields.items():
            return {name: value.replace("&amp;", "&") for name, value in fields.items()}
    raise AssertionError(f"geen formulier {action} met {also}")


@pytest.mark.parametrize(
    ("role", "naam", "answer", "code", "said"),
    [
        ("operator", "meldkamer", Answer(), 0, "meldkamer nam het proefbericht aan."),
        ("operator", "meldkamer", Answer(500), 1, "meldkamer nam het proefbericht niet aan: "),
        ("operator", "nergens", Answer(), 2, "nergens"),
        ("lezer", "meldkamer", Answer(), 2, "403"),
    ],
)
def test_a_command_tries_whether_a_receiver_takes_a_message(
    world: World, role: str, naam: str, answer: Answer, code: int, said: str
) -> None:
    world.hook.otherwise(answer)
    done = opvangpeil("alarm", "proef", naam, "--url", world.server.url, **with_token(world.tokens[role]))
    world.hook.otherwise(200)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr


def test_taking_one_up_leads_back_and_says_so(world: World) -> None:
    alarm = world.alarm("LOC-0")
    answer = world.send("/alarmen/oppakken", alarm=alarm["id"], notitie="gebeld", terug="/alarmen?regel=toegang")
    assert answer.status_code == 303
    back = answer.headers["location"]
    assert back == f"/alarmen?regel=toegang&gedaan=opgepakt.{alarm['id']}#gedaan"
    shown = Page(world.of["operator"].get(back).text)
    assert "Opgepakt: Toegang, " in shown.text
    assert not [link for link in shown.links() if "gedaan=" in link], "what was done goes into no other link"
    assert (world.alarm("LOC-0")["bevestigdDoor"], world.alarm("LOC-0")["notitie"]) == ("dienst-operator", "gebeld")


def test_sending_a_form_twice_is_one_act(world: World) -> None:
    alarm = world.alarm("LOC-1")
    for _ in range(3):
        assert world.send("/alarmen/oppakken", alarm=alarm["id"], notitie="twee keer").status_code == 303
        fields = {"alarm": alarm["id"], "duur": "24u", "reden": "twee keer"}
        assert world.send("/alarmen/stilleggen", **fields).status_code == 303
    stiltes = world.server.get("/v1/stiltes")["items"]
    assert [one["onderwerp"] for one in stiltes if one["reden"] == "twee keer"] == ["LOC-1"]
    first = world.alarm("LOC-1")["bevestigdOp"]
    world.send("/alarmen/oppakken", alarm=alarm["id"], notitie="twee keer")
    assert world.alarm("LOC-1")["bevestigdOp"] == first


def test_of_a_group_all_that_were_seen_are_taken_up_or_none(world: World) -> None:
    page = world.of["operator"].get("/alarmen?regel=toegang&zoek=loc-2").text
    assert "Alle" not in Page(page).text.split("Toelichting")[0].split("Toon")[1], "one alarm has its own button"
    page = world.of["operator"].get("/alarmen?regel=toegang&groep=provincie&status=actief").text
    fields = form_of(page, "/alarmen/oppakken", keus=re.search(r'name="keus" value="([^"]+)"', page)[1])
    many = int(re.search(r"Pak (\d+) alarmen op", page)[1])
    wrong = world.send("/alarmen/oppakken", **fields | {"gezien": "0" * 12})
    assert wrong.status_code == 409
    assert f"Er is intussen iets veranderd: nu zijn het {many} alarmen." in Page(wrong.text).text
    for _ in range(2):  # a double click
        done = world.send("/alarmen/oppakken", **fields)
        assert (done.status_code, done.headers["location"].partition("gedaan=")[2]) == (303, f"opgepakt.{many}#gedaan")
    taken = world.of["operator"].get("/v1/alarmen?regel=toegang&aantal=1000").json()["items"]
    assert all(one["bevestigdDoor"] for one in taken)
    assert world.alarm("LOC-GEHEIM")["bevestigdDoor"] is None, "who may not meet it does nothing about it"
    assert f"Opgepakt: {many} alarmen." in Page(world.of["operator"].get(done.headers["location"]).text).text


def test_a_group_is_silenced_for_a_while_and_the_silences_end_together(world: World) -> None:
    page = world.of["operator"].get("/alarmen?regel=toegang&status=alle&groep=ernst").text
    fields = form_of(page, "/alarmen/stilleggen", keus="status=alle&amp;ernst=waarschuwing&amp;regel=toegang")
    many = int(re.search(r"Leg (\d+) alarmen stil", page)[1])
    done = world.send("/alarmen/stilleggen", **fields | {"duur": "4u", "reden": "verhuizing", "tot": ""})
    assert done.status_code == 303
    assert f"Stilgelegd: {many} alarmen tot " in Page(world.of["operator"].get(done.headers["location"]).text).text
    listed = world.of["operator"].get("/stiltes").text
    assert f"{many} stiltes" in Page(listed).text
    labels = re.findall(r'aria-label="(Beëindig[^"]+)"', listed)
    assert any(re.fullmatch(f"Beëindig {many} stiltes: Toegang: .+ en nog {many - 1}", one) for one in labels), labels
    ids = next(one for one in re.findall(r'name="stiltes" value="([^"]+)"', listed) if len(one.split()) == many)
    ended = world.send("/stiltes/beeindigen", stiltes=ids, terug="/stiltes")
    assert f"Beëindigd: {many} stiltes." in Page(world.of["operator"].get(ended.headers["location"]).text).text
    after = world.of["operator"].get("/v1/stiltes?status=voorbij").json()["items"]
    assert sum(one["reden"] == "verhuizing" for one in after) == many
    assert world.send("/stiltes/beeindigen", stiltes=ids, terug="/stiltes").status_code == 409


WRONG = {
    "no reason": ({"duur": "4u", "reden": " "}, 400, "Reden ontbreekt; dit veld is verplicht"),
    "no duration": ({"reden": "x"}, 400, "Tot ontbreekt; kies hoe lang"),
    "no end": ({"duur": "tot", "reden": "x"}, 400, "Tot ontbreekt; vul in tot wanneer"),
    "an end in the past": ({"duur": "tot", "tot": "2020-01-01T00:00", "reden": "x"}, 400, "Tot moet later zijn dan nu"),
    "an end too far": ({"duur": "tot", "tot": "2049-01-01T00:00", "reden": "x"}, 400, "Tot ligt meer dan een jaar na"),
    "no moment": ({"duur": "tot", "tot": "ooit", "reden": "x"}, 400, "Tot is geen"),
    "both": ({"duur": "ooit"}, 400, "Reden ontbreekt; dit veld is verplicht Tot ontbreekt; kies hoe lang"),
    "a field that there is not": ({"duur": "4u", "reden": "x", "wie": "Jan"}, 400, "Wie "),
    "an unknown alarm": ({"alarm": NEVER, "duur": "4u", "reden": "x"}, 404, "Er is geen alarm met dit id"),
    "no alarm": ({"alarm": "", "duur": "4u", "reden": "x"}, 409, "Er is intussen iets veranderd"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_can_not_be_is_said_on_the_page_with_what_was_filled_in(world: World, name: str) -> None:
    fields, status, said = WRONG[name]
    own_id = world.alarm("LOC-3")["id"]
    sent = {"alarm": own_id, "terug": f"/alarmen/{own_id}", "doel": f"a-{own_id}"} | fields
    answer = world.send("/alarmen/stilleggen", **sent)
    assert answer.status_code == status
    shown = Page(answer.text)
    assert said in shown.text
    assert "Er is niets gedaan" in shown.text
    if fields.get("reden") == "x":
        assert [one["value"] for one in shown.all("input") if one.get("name") == "reden"] == ["x"]
    assert "data-levend" not in answer.text, "what was sent can't be asked again"


def test_of_an_alarm_that_is_over_nothing_can_be_taken_up(world: World) -> None:
    own_id = world.alarm("LOC-4")["id"]
    world.server.post([access("LOC-4", "open", "2024-03-01")])
    world.server.until("/v1/alarmen", lambda found: found["items"][0]["status"] == "hersteld", onderwerp="LOC-4")
    answer = world.send("/alarmen/oppakken", alarm=own_id)
    assert answer.status_code == 409
    assert "Dit alarm is al voorbij" in Page(answer.text).text
    assert "Pak op" not in Page(world.of["operator"].get(f"/alarmen/{own_id}").text).text


ACTS = ("/alarmen/oppakken", "/alarmen/stilleggen", "/stiltes/beeindigen", "/ontvangers/proef", "/ontvangers/opnieuw")


@pytest.mark.parametrize("path", ACTS)
def test_who_may_only_read_sees_no_form_and_is_told_which_role_it_takes(world: World, path: str) -> None:
    refused = world.of["lezer"].post(path, data={"alarm": NEVER}, headers={"accept": "text/html"})
    assert refused.status_code == 403
    assert "alarmen bevestigen en stilleggen vraagt de rol operator" in Page(refused.text).text.lower()
    own_id = world.alarm("LOC-5")["id"]
    for page in ("/", "/alarmen", f"/alarmen/{own_id}", "/locaties/LOC-5", "/stiltes", "/ontvangers"):
        text = world.of["lezer"].get(page).text
        assert 'method="post"' not in text, page
        assert "#stilleggen" not in text, page


@pytest.mark.parametrize("path", ACTS)
def test_a_form_of_another_kind_or_size_is_refused(world: World, path: str) -> None:
    assert world.of["operator"].post(path, json={}).status_code == 415
    large = {"notitie": "x" * 70_000}
    assert world.of["operator"].post(path, data=large).status_code == 413
    raw = {"content-type": "application/x-www-form-urlencoded"}
    assert world.of["operator"].post(path, content=b"naam=\xff", headers=raw).status_code == 400
    assert world.of["operator"].post(path, content="a=1&" * 50, headers=raw).status_code == 400


@pytest.mark.parametrize("back", ["/", "/locaties/LOC-6", "/provincies/PV20?periode=jaar"])
def test_it_leads_back_to_the_page_on_which_somebody_looked(world: World, back: str) -> None:
    own_id = world.alarm("LOC-6")["id"]
    answer = world.send("/alarmen/oppakken", alarm=own_id, notitie=f"vanaf {back}", terug=back)
    assert answer.headers["location"] == f"{back}{'&' if '?' in back else '?'}gedaan=opgepakt.{own_id}#gedaan"
    assert "Opgepakt: Toegang, " in Page(world.of["operator"].get(answer.headers["location"]).text).text
    wrong = world.send("/alarmen/oppakken", alarm=own_id, notitie="x" * 400, terug=back, doel=f"a-{own_id}")
    assert wrong.status_code == 400
    assert "Er is niets gedaan" in Page(wrong.text).text


@pytest.mark.parametrize("back", ["//elders.example/", "https://elders.example/", "/melden", "alarmen", "/v1/alarmen"])
def test_it_leads_to_a_page_with_forms_and_never_elsewhere(world: World, back: str) -> None:
    own_id = world.alarm("LOC-6")["id"]
    answer = world.send("/alarmen/oppakken", alarm=own_id, terug=back)
    assert answer.headers["location"] == f"/alarmen?gedaan=opgepakt.{own_id}#gedaan"


def test_of_what_is_afgeschermd_a_form_says_and_does_nothing(world: World) -> None:
    """An alarm that the caller may not meet is answered as one that never was, and counts in no group."""
    own_id = world.alarm("LOC-GEHEIM")["id"]
    for path, fields in (
        ("/alarmen/oppakken", {}),
        ("/alarmen/stilleggen", {"duur": "4u", "reden": "x"}),
    ):
        answers = [(one, world.send(path, alarm=one, **fields)) for one in (own_id, NEVER)]
        told = [(answer.status_code, _SEALED.sub("*", answer.text.replace(one, "*"))) for one, answer in answers]
        assert told[0] == told[1]
        assert told[0][0] == 404
    asked = {"onderwerp": "LOC-GEHEIM", "tot": _tomorrow(world), "reden": "geheim"}
    stilte = world.of["beheerder"].post("/v1/stiltes", json=asked).json()["id"]
    assert world.send("/stiltes/beeindigen", stiltes=stilte).status_code == 404
    for page in ("/stiltes", "/ontvangers", "/alarmen?onderwerp=LOC-GEHEIM&status=alle", "/alarmen?status=alle"):
        text = world.of["operator"].get(page).text
        assert own_id not in text
        assert "geheim" not in text.replace("LOC-GEHEIM", "").lower(), page
    mine, theirs = (world.of[role].get("/alarmen?groep=provincie").text for role in ("operator", "beheerder"))
    assert "LOC-GEHEIM" not in mine
    assert own_id in theirs


def test_a_test_message_is_signed_says_that_it_is_a_test_and_is_no_alarm(world: World) -> None:
    before = world.server.get("/v1/alarmen", aantal=1000)["aantallen"]
    world.hook.forget()
    done = world.send("/ontvangers/proef", naam="meldkamer", terug="/ontvangers")
    assert done.headers["location"] == "/ontvangers?gedaan=proef.meldkamer#gedaan"
    assert (
        "Proefbericht aangenomen door meldkamer."
        in Page(world.of["operator"].get("/ontvangers?gedaan=proef.meldkamer").text).text
    )
    (sent,) = [one for one in world.hook.requests if one.path == "/alarm"]
    assert sent.json()["type"] == "nl.opvangalarmen.proef.v1"
    assert sent.json()["data"]["toelichting"] == "Dit is een proefbericht van Opvangpeil: er is niets aan de hand."
    assert {"webhook-id", "webhook-timestamp", "webhook-signature"} <= sent.headers.keys()
    assert world.server.get("/v1/alarmen", aantal=1000)["aantallen"] == before
    world.hook.answer(Answer(500))
    failed = world.send("/ontvangers/proef", naam="meldkamer", terug="/ontvangers")
    assert failed.status_code == 502
    assert "meldkamer nam het proefbericht niet aan: antwoordde 500." in Page(failed.text).text
    assert world.send("/ontvangers/proef", naam="niemand", terug="/ontvangers").status_code == 404


def test_a_test_alert_for_an_alertmanager_is_labelled_and_short(world: World) -> None:
    answer = world.of["operator"].post("/v1/ontvangers/prometheus/proefberichten").json()
    said = {"ontvanger": "prometheus", "uitkomst": "bezorgd", "httpStatus": 200, "fout": None}
    assert answer.items() >= said.items()
    told = [alert for one in world.hook.requests if one.path == "/am/api/v2/alerts" for alert in one.json()]
    (test,) = [one for one in told if one["annotations"].get("alarmId") == answer["id"]]
    assert test["labels"].items() >= {"alertname": "proefbericht", "proef": "ja", "ernst": "info"}.items()
    assert test["startsAt"] < test["endsAt"]
    listed = world.server.get("/v1/ontvangers/prometheus")
    assert (listed["wachtend"], listed["mislukt"]) == (0, 0)


def test_each_act_is_a_line_in_the_audit_log(world: World) -> None:
    own_id = world.alarm("LOC-7")["id"]
    world.send("/alarmen/oppakken", alarm=own_id, notitie="onderweg")
    world.send("/ontvangers/proef", naam="meldkamer")
    lines = world.server.output.read_text().splitlines()
    line = [one for one in lines if '"alarm bevestigd"' in one and own_id in one][-1]
    assert "dienst-operator" in line
    assert "onderweg" not in line, "what it says is in the event"
    assert [one for one in lines if '"proefbericht"' in one and "meldkamer" in one]


def _tomorrow(world: World) -> str:
    now = world.server.get("/v1/bezetting")["geldigOp"]
    return f"{now[:4]}-12-31" if not now[5:10] >= "12-30" else f"{int(now[:4]) + 1}-01-31"
