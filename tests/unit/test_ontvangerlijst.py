"""The file of receivers while it is in use: a change counts without a restart, and what is wrong is kept out."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from schemas.ontvangers import KINDS, Ontvanger, read_ontvangers
from schemas.toml_lines import BestandError
from services.alarms.deliver.lijst import Lijst
from services.alarms.deliver.outward import RefusedAddressError, check_literal
from services.alarms.deliver.stand import Proef
from services.reads.reader import Reader
from services.store.connect import Connection
from services.store.store import Store
from services.web.problems import ProblemError
from tests.support.bezorg_help import NOW, hears_all, lijst_of, receiver
from tests.support.reads import ontvangers_of

REGELS = dict.fromkeys(("toegang", "achterstand"))
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ONE = """
[[ontvanger]]
naam = "meldkamer"
soort = "alertmanager"
url = "http://127.0.0.1:9/geheim-pad"
privaat = true
"""
TWO = ONE + ONE.replace("meldkamer", "piket")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "ontvangers.toml"
    made.write_text(ONE)
    return made


def made(file: Path, *, required: bool = True) -> Lijst:
    return Lijst(file, REGELS, None, required=required)


def names(lijst: Lijst) -> list[str]:
    return [one.naam for one in lijst.ontvangers]


def test_a_change_counts_once_it_is_seen_twice_and_who_stays_keeps_its_connections(file: Path) -> None:
    lijst = made(file)
    before = lijst.receivers
    assert not lijst.look()
    file.write_text(TWO)
    assert (lijst.look(), names(lijst)) == (False, ["meldkamer"]), "it may be half written"
    assert (lijst.look(), names(lijst)) == (True, ["meldkamer", "piket"])
    assert lijst.receivers[0] is before[0]
    file.write_text(ONE.replace("127.0.0.1:9/", "127.0.0.1:10/"))
    assert (lijst.look(), lijst.look()) == (False, True)
    assert [one.ontvanger.url for one in lijst.receivers] == ["http://127.0.0.1:10/geheim-pad"]
    asyncio.run(lijst.close_left())


def test_what_is_seen_half_written_is_never_in_force(file: Path) -> None:
    lijst = made(file)
    for part in (TWO[:20], TWO[: len(ONE)], TWO):
        file.write_text(part)
        lijst.look()
    assert (names(lijst), lijst.fout) == (["meldkamer"], None)
    assert lijst.look()
    assert names(lijst) == ["meldkamer", "piket"]


def test_content_counts_and_not_when_it_was_written(file: Path) -> None:
    lijst = made(file)
    file.touch()
    assert not any(lijst.look() for _ in range(3))


WRONG = {
    "nobody at all": ("# niemand\n", "noemt geen enkele [[ontvanger]], en dan krijgt niemand meer bericht"),
    "nothing, as on a full disk": ("", "noemt geen enkele [[ontvanger]]"),
    "no TOML": ("[[ontvanger", "is geen geldige TOML"),
    "a rule that is not there": (f'{ONE}regels = ["toegan"]\n', "en zo'n regel is er niet; wel: achterstand, toegang"),
    "no provincie": (f'{ONE}provincies = ["PV99"]\n', "is geen bekende provincie; de codes staan in"),
    "no code": (f'{ONE}provincies = ["Groningen"]\n', "verwacht: een provinciecode van CBS: PV en twee cijfers"),
    "no gemeente": (f'{ONE}gemeenten = ["GM9999"]\n', "is geen bekende gemeente; de codes staan in"),
    "no soort": (f'{ONE}locatiesoorten = ["tent"]\n', "moet zijn: 'azc', 'aanmeldcentrum', 'pol'"),
    "no onderwerp": (f'{ONE}onderwerpen = ["Ter Apel"]\n', "verwacht: NL, een cyclus (2024), provincie (PV27)"),
    "no ernst": (f'{ONE}ernst = ["erg"]\n', "moet zijn: 'info', 'waarschuwing'"),
    "another kind": (f'{ONE}provincie = ["PV20"]\n', "is geen bekend veld"),
    "a gemeente elsewhere": (
        f'{ONE}provincies = ["PV20"]\ngemeenten = ["GM0363"]\n',
        "noemt GM0363, en dat ligt in PV27: die staat niet bij provincies",
    ),
    "the country in a provincie": (
        f'{ONE}provincies = ["PV20"]\nonderwerpen = ["NL"]\n',
        "noemt NL, en dat laat provincies nooit door; zet dat bij een andere ontvanger",
    ),
    "an area as a soort": (
        f'{ONE}locatiesoorten = ["azc"]\nonderwerpen = ["PV20"]\n',
        "noemt PV20, en locatiesoorten laat alleen locaties door",
    ),
    "no secret": (f'{ONE}tokenBestand = "weg"\n', "'meldkamer': weg is niet te lezen"),
    "an address that is never asked": (ONE.replace("127.0.0.1", "169.254.169.254"), "dat adres wordt niet gevraagd"),
} | {
    f"nothing of {kind}": (f"{ONE}{kind} = []\n", "is leeg, en dan zou er niets worden gemeld; laat het weg")
    for kind in ("onderwerpen", "provincies", "gemeenten", "locatiesoorten")
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_kept_out_and_said_once_until_it_is_mended(file: Path, text: str, said: str) -> None:
    lijst = made(file)
    before = lijst.receivers
    file.write_text(text)
    with capture_logs() as logged:
        assert not any(lijst.look() for _ in range(5))
    assert lijst.receivers is before
    assert lijst.fout is not None
    assert said in lijst.fout
    assert [one["event"] for one in logged] == ["het bestand van de ontvangers klopt niet; het vorige blijft gelden"]
    assert "geheim-pad" not in lijst.fout + str(logged), "what follows the host may be secret"
    warning = lijst.warning()
    assert warning is not None
    assert "meldkamer" not in warning, "anybody may read that"
    file.write_text(ONE)
    lijst.look()
    lijst.look()
    assert (lijst.fout, lijst.warning(), lijst.receivers) == (None, None, before)


def test_a_secret_that_comes_later_mends_the_file_too(file: Path) -> None:
    lijst = made(file)
    file.write_text(ONE + 'tokenBestand = "token"\n')
    lijst.look()
    assert not lijst.look()
    (file.parent / "token").write_text("abc")
    assert lijst.look()
    assert lijst.fout is None


def test_a_file_that_is_gone_silences_nobody(file: Path) -> None:
    for required in (True, False):
        file.write_text(ONE)
        lijst = made(file, required=required)
        file.unlink()
        assert not any(lijst.look() for _ in range(3))
        assert (names(lijst), "is niet te lezen" in str(lijst.fout)) == (["meldkamer"], True)
    file.write_text("")
    assert (names(made(file)), names(made(file, required=False))) == ([], []), "whoever wants nobody restarts"


@pytest.mark.parametrize("required", [True, False])
def test_a_file_that_can_not_be_reached_is_said_and_stops_nothing(file: Path, required: bool) -> None:
    """As in a folder that may not be entered. Whoever runs the tests may enter all, but not find a name so long."""
    lijst = made(file, required=required)
    file.unlink()
    file.symlink_to("x" * 300)
    assert not any(lijst.look() for _ in range(3))
    assert (names(lijst), "is niet te lezen" in str(lijst.fout)) == (["meldkamer"], True)
    with pytest.raises(BestandError, match="is niet te lezen"):
        made(file, required=required)


def test_a_file_that_may_be_left_out_counts_when_it_comes(file: Path) -> None:
    file.unlink()
    lijst = made(file, required=False)
    assert (lijst.look(), lijst.look(), lijst.fout) == (False, False, None)
    file.write_text(ONE)
    assert (lijst.look(), lijst.look(), names(lijst)) == (False, True, ["meldkamer"])
    with pytest.raises(BestandError, match="is niet te lezen"):
        made(file.parent / "weg.toml")


def test_who_left_is_disconnected_once_nothing_is_sent_to_it(file: Path) -> None:
    lijst = made(file)
    (old,) = lijst.receivers
    file.write_text(ONE.replace("meldkamer", "piket"))
    lijst.look()
    lijst.look()
    closed: list[str] = []

    async def close() -> None:
        closed.append(old.ontvanger.naam)

    old.close = close  # type: ignore[method-assign]
    old._under_way = 1
    asyncio.run(lijst.close_left())
    assert closed == []
    old._under_way = 0
    asyncio.run(lijst.close_left())
    asyncio.run(lijst.close_left())
    assert closed == ["meldkamer"]


def test_a_test_message_is_for_who_is_a_receiver_when_its_turn_comes() -> None:
    """It waits for an earlier one, and meanwhile the receiver may have gone and have been disconnected."""
    lijst = lijst_of(hears_all())
    ontvangers = ontvangers_of(Reader(Store(Connection("clickhouse://127.0.0.1:9/opvang")), lambda: NOW), lijst)

    async def ask() -> Proef:
        async with ontvangers._tests["meldkamer"]:
            asked = asyncio.ensure_future(ontvangers.proef("meldkamer"))
            await asyncio.sleep(0)
            gone, lijst.receivers = lijst.receivers, ()
            await gone[0].close()
        return await asked

    with pytest.raises(ProblemError, match="Er is geen ontvanger 'meldkamer'"):
        asyncio.run(ask())


# Files of before


def test_a_file_of_before_reads_the_same() -> None:
    """It names no kind of filter that came later, and asks for no less than it did."""
    folder = Path(__file__).parents[1] / "fixtures" / "0630fa6"
    regels = dict.fromkeys(("boven-maximum", "toegang", "landelijke-bezetting"))
    found = read_ontvangers((folder / "ontvangers.toml").read_text(), "ontvangers.toml", regels)
    assert [(one.naam, one.regels, one.ernst, one.vertrouwelijk, one.bevestigingen) for one in found] == [
        ("meldkamer", ["boven-maximum", "toegang", "landelijke-bezetting"], ["kritiek", "hoog"], False, True),
        ("opgeheven", [], [], True, False),
        ("hapert", ["boven-maximum"], [], False, False),
    ]
    for one in found:
        assert not any(getattr(one, kind) for kind in set(KINDS) - {"regels", "ernst"})


def test_an_empty_list_of_rules_or_ernst_stands_for_all_as_it_always_did() -> None:
    (one,) = read_ontvangers(f"{ONE}regels = []\nernst = []\n", "ontvangers.toml", REGELS)
    assert one.krijgt == read_ontvangers(ONE, "ontvangers.toml", REGELS)[0].krijgt


def test_the_fingerprint_of_a_filter_is_of_what_it_asks_and_not_of_how_it_is_written() -> None:
    assert receiver(ernst=["hoog", "kritiek"]).krijgt == receiver(ernst=["kritiek", "hoog", "hoog"]).krijgt
    assert receiver().krijgt == receiver(url="https://elders.example.org/", bundel="15m").krijgt
    asked = [{"vertrouwelijk": True}, {"bevestigingen": True}, {"provincies": ["PV20"]}, {"regels": ["toegang"]}, {}]
    assert len({receiver(**fields).krijgt for fields in asked}) == len(asked)


def test_every_kind_of_filter_is_described() -> None:
    assert all(Ontvanger.model_fields[kind].description for kind in KINDS)


def test_what_an_address_may_hide_is_not_told_when_it_is_refused() -> None:
    with pytest.raises(RefusedAddressError) as caught:
        check_literal("http://xn--a/geheim-pad?token=geheim", private=False)
    assert "geheim" not in str(caught.value)
