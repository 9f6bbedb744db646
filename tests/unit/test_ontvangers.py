"""The file of receivers: errors name the line, and never show the secret."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from schemas.ontvangers import read_ontvangers
from schemas.toml_lines import BestandError
from services.alarms.deliver.webhook import SecretError, message, read_secrets, signed
from services.clock import system_clock
from services.config import DEPLOY, read_config
from services.core.alarms.bezorging import Bezorging
from services.core.alarms.bundels import Zending
from services.wiring.parts import read_alarmering
from tests.support.bezorg_help import NOW, an_alarm

REGELS = dict.fromkeys(("toegang", "landelijke-bezetting"))
SECRET, OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_b3B2YW5ncGVpbC10d2VlZGUtZ2VoZWlt"
GOOD = """
[[ontvanger]]
naam = "meldkamer"
soort = "webhook"
url = "https://meldkamer.example.org/haak"
geheimBestand = "meldkamer.geheim"

[[ontvanger]]
naam = "alertmanager"
soort = "alertmanager"
url = "http://alertmanager:9093"
privaat = true
ernst = ["hoog", "kritiek"]
vertrouwelijk = true
"""


def test_a_file_without_faults_reads() -> None:
    meldkamer, alertmanager = read_ontvangers(GOOD, "ontvangers.toml", REGELS)
    assert (meldkamer.soort, meldkamer.vertrouwelijk, meldkamer.adres) == (
        "webhook",
        False,
        "https://meldkamer.example.org",
    )
    assert (alertmanager.ernst, alertmanager.privaat) == (["hoog", "kritiek"], True)
    assert read_ontvangers("", "leeg.toml", REGELS) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ('naam = "meldkamer"', 'naam = "alertmanager"', 9, "komt vaker voor"),
        ('geheimBestand = "meldkamer.geheim"', "", 2, "geheimBestand: ontbreekt; een webhook krijgt ondertekende"),
        ("https://meldkamer.example.org/haak", "http://meldkamer.example.org/haak", 5, "is niet versleuteld"),
        ("https://meldkamer.example.org/haak", "https://naam:woord@meldkamer.example.org", 5, "hoort in geheimBestand"),
        ("https://meldkamer.example.org/haak", "ftp://meldkamer.example.org", 5, "is geen adres"),
        ("https://meldkamer.example.org/haak", "https://meldkamer.example.org:99999", 5, "is geen adres"),
        ("https://meldkamer.example.org/haak", "meldkamer", 5, "is geen adres"),
        ('soort = "webhook"', 'soort = "fax"', 4, "moet zijn: 'alertmanager' of 'webhook'"),
        ("vertrouwelijk = true", "zietalles = true", 14, "is geen bekend veld"),
        ('ernst = ["hoog", "kritiek"]', 'regels = ["toegan"]', 13, "noemt 'toegan', en zo'n regel is er niet"),
    ],
)
def test_what_is_wrong_is_told_by_file_line_and_why(right: str, wrong: str, line: int, said: str) -> None:
    assert GOOD.count(right) == 1
    with pytest.raises(BestandError) as caught:
        read_ontvangers(GOOD.replace(right, wrong), "ontvangers.toml", REGELS)
    assert f"ontvangers.toml, regel {line}: [[ontvanger]]" in str(caught.value)
    assert said in str(caught.value)


def test_what_was_wrong_never_shows_the_password() -> None:
    with pytest.raises(BestandError) as caught:
        read_ontvangers(GOOD.replace("https://meldkamer", "https://naam:woord@meldkamer"), "o.toml", REGELS)
    assert "woord@" not in str(caught.value)


# The secret


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "bevat 0 geheimen"),
        ("# alleen een opmerking\n", "bevat 0 geheimen"),
        ("geheim", "geheim 1 is geen whsec_"),
        ("whsec_", "geheim 1 is geen whsec_"),
        (f"{SECRET}\nwhsec_", "geheim 2 is geen whsec_"),
        ("\n".join([SECRET] * 6), "bevat 6 geheimen"),
    ],
)
def test_a_secret_that_can_not_be_used_is_told_and_not_shown(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "geheim"
    file.write_text(text)
    with pytest.raises(SecretError, match=said) as caught:
        read_secrets(file)
    assert SECRET not in str(caught.value)


def test_a_secret_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "ontvangers.toml"
    file.write_text(GOOD)
    with pytest.raises(BestandError, match=r"ontvangers\.toml: .*meldkamer\.geheim is niet te lezen"):
        read_alarmering(read_config({"OPVANGPEIL_ONTVANGERS": str(file)}))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://169.254.169.254/", "dat adres wordt niet gevraagd"),
        ("http://[fe80::1]/", "dat adres wordt niet gevraagd"),
        ("http://[::ffff:169.254.169.254]/", "dat adres wordt niet gevraagd"),
        ("http://xn--a/", "is geen adres"),
    ],
)
def test_an_address_that_may_never_be_asked_is_refused_at_the_start(tmp_path: Path, url: str, why: str) -> None:
    file = tmp_path / "ontvangers.toml"
    file.write_text(f'[[ontvanger]]\nnaam = "am"\nsoort = "alertmanager"\nurl = "{url}"\nprivaat = true\n')
    with pytest.raises(BestandError, match=why):
        read_alarmering(read_config({"OPVANGPEIL_ONTVANGERS": str(file)}))


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "ontvangers.toml"
    file.write_bytes((DEPLOY / "ontvangers" / "voorbeeld.toml").read_bytes())
    (tmp_path / "meldkamer.geheim").write_text(SECRET)
    found = read_alarmering(read_config({"OPVANGPEIL_ONTVANGERS": str(file)}))
    assert [one.soort for one in found.ontvangers.ontvangers] == ["alertmanager", "webhook"]


def test_without_a_file_nobody_receives_anything() -> None:
    found = read_alarmering(read_config({}))
    assert found.ontvangers.receivers == ()
    assert len(found.regels) >= 11


# The signature


def a_message() -> tuple[Bezorging, bytes]:
    alarm = an_alarm()
    (ontvanger, _) = read_ontvangers(GOOD, "ontvangers.toml", REGELS)
    bezorging = Bezorging(ontvanger, alarm, alarm.overgangen[0], 0, 0, NOW)
    return bezorging, body_of(bezorging)


def body_of(*leden: Bezorging) -> bytes:
    return message(Zending(leden[0].ontvanger, leden, NOW), "https://opvangpeil.example.org")


def test_a_receiver_can_check_that_it_comes_from_us() -> None:
    bezorging, body = a_message()
    headers = signed(bezorging.overgang.id, body, [SECRET], system_clock())
    said = Webhook(SECRET).verify(body, headers)
    assert said["type"] == "nl.opvangalarmen.alarm-geactiveerd.v1"
    assert said["data"]["id"] == bezorging.alarm.id
    assert headers["webhook-id"] == bezorging.overgang.id
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(body, headers)


def test_while_a_secret_is_replaced_both_hold() -> None:
    bezorging, body = a_message()
    headers = signed(bezorging.overgang.id, body, [OTHER, SECRET], system_clock())
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (SECRET, OTHER):
        Webhook(secret).verify(body, headers)


def test_a_message_is_small_and_the_same_at_every_attempt() -> None:
    bezorging, body = a_message()
    assert len(body) < 20_000
    later = bezorging._replace(alarm=an_alarm(ended=True), pogingen=3)
    assert body_of(later) == body


def test_a_bundle_lists_each_message_as_it_would_be_by_itself() -> None:
    bezorging, _ = a_message()
    other = bezorging._replace(alarm=an_alarm(ended=True), overgang=an_alarm(ended=True).overgangen[-1])
    said = json.loads(body_of(bezorging, other))
    assert (said["type"], said["timestamp"]) == ("nl.opvangalarmen.bundel.v1", "2026-11-25T12:01:00Z")
    assert (said["data"]["ernst"], said["data"]["aantal"]) == ("hoog", 2)
    assert said["data"]["meldingen"] == [
        {"id": one.overgang.id} | json.loads(body_of(one)) for one in (bezorging, other)
    ]


@pytest.mark.parametrize(
    ("written", "waits"),
    [
        ('"15m"', {"info": 15, "waarschuwing": 15, "hoog": 15, "kritiek": 0}),
        ('{ waarschuwing = "15m", info = "1h" }', {"info": 60, "waarschuwing": 15, "hoog": 0, "kritiek": 0}),
        ("{}", {"info": 0, "waarschuwing": 0, "hoog": 0, "kritiek": 0}),
    ],
)
def test_a_receiver_can_ask_for_bundles(written: str, waits: dict[str, int]) -> None:
    (meldkamer, _) = read_ontvangers(with_bundle(written), "ontvangers.toml", REGELS)
    assert {ernst: meldkamer.wacht_op(ernst) / timedelta(minutes=1) for ernst in waits} == waits


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"een kwartier"', "is geen duur"),
        ("15", "is geen bundel; verwacht een duur"),
        ('{ ernstig = "15m" }', "is geen bundel; verwacht een duur"),
        ('{ kritiek = "15m" }', "kan niet voor kritiek: wat kritiek is wordt meteen gemeld"),
        ('"25h"', "is te lang; verwacht hoogstens 24h"),
    ],
)
def test_a_bundle_that_can_not_be_is_told_with_its_line(written: str, said: str) -> None:
    with pytest.raises(BestandError, match=r"ontvangers\.toml, regel 7: ") as caught:
        read_ontvangers(with_bundle(written), "ontvangers.toml", REGELS)
    assert said in str(caught.value)


def test_an_alertmanager_makes_its_own_bundles() -> None:
    with pytest.raises(BestandError, match="een Alertmanager bundelt zelf"):
        read_ontvangers(f'{GOOD}bundel = "15m"\n', "ontvangers.toml", REGELS)


def with_bundle(written: str) -> str:
    return GOOD.replace('geheimBestand = "meldkamer.geheim"', f'geheimBestand = "meldkamer.geheim"\nbundel = {written}')


def test_the_earlier_name_of_who_hears_of_what_is_afgeschermd_is_still_read():
    earlier = GOOD.replace("vertrouwelijk = true", "zietAfgeschermd = true")
    assert read_ontvangers(earlier, "ontvangers.toml", REGELS) == read_ontvangers(GOOD, "ontvangers.toml", REGELS)


def test_what_is_only_for_toezicht_is_asked_for_by_a_receiver_that_is_marked() -> None:
    """Else it would never hear of what it asks for, and nobody would know."""
    regels = REGELS | {"te-laat": "dagen-over-termijn"}
    asking = GOOD.replace("privaat = true", 'privaat = true\nregels = ["toegang", "te-laat"]')
    with pytest.raises(BestandError) as error:
        read_ontvangers(asking, "ontvangers.toml", regels)
    assert str(error.value) == (
        "ontvangers.toml, regel 13: [[ontvanger]] 'alertmanager', regels: noemt 'te-laat', en die alarmen zijn alleen "
        "voor toezicht; zet er toezicht = true bij"
    )
    plain, marked = read_ontvangers(f"{asking}toezicht = true\n", "ontvangers.toml", regels)
    assert (plain.toezicht, marked.toezicht) == (False, True)
    assert marked.krijgt != read_ontvangers(GOOD, "o.toml", regels)[1].krijgt
