"""The course of an alarm: its own steps, who took it up, and the silences that held it back."""

import re
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest

from schemas.events import Event, StilteBeeindigd, StilteIngesteld
from schemas.fields import format_moment
from services.access.roles import Caller, Role
from services.alarms.app import stiltes_of
from services.core.alarms.alarmen import envelope
from services.core.alarms.boek import Alarmboek
from services.core.alarms.stiltes import Stilte
from services.reads.question import Question
from services.reads.reader import Reader
from services.web.problems import ProblemError
from tests.support import wire
from tests.support.alarm_help import confirmed, keep, look, rule, view
from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.web_events import NOW, registered, sent

FULL = rule(naam="vol", drempel=0.5)
TOO_FULL = [
    registered("LOC-EEN", "Azc Eén", "GM0014"),
    sent("LOC-EEN", wire.capacity("regulier", 100, None, "2024-01-01")),
    sent("LOC-EEN", wire.reading(90, "2026-05-26T06:00:00Z")),
]


def silenced(own_id: str, begin: int, end: int, ended: int | None = None, **about: str) -> list[Event]:
    """Makes the events of a silence. The others are how many minutes after NOW it begins, would end, and was ended."""
    stilte = str(uuid5(NAMESPACE_URL, own_id))

    def said(model: type[StilteIngesteld | StilteBeeindigd], op: int, tot: int, door: str) -> Event:
        data = {"stilteId": stilte, "reden": f"vanwege {own_id}", "doorWie": door, **about}
        data |= {"vanaf": format_moment(after(begin)), "tot": format_moment(after(tot))}
        raw = envelope(model, str(uuid5(NAMESPACE_URL, f"{own_id} {op}")), "NL", after(op))
        return model.model_validate(raw | {"data": data})

    made = [said(StilteIngesteld, begin, end, "dienst")]
    return made if ended is None else [*made, said(StilteBeeindigd, ended, ended, "wacht")]


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_the_course_of_an_alarm_tells_every_time_it_was_taken_up_and_each_silence_that_held_it_back(store, fill):
    events = read(TOO_FULL)
    fill(store, events, ontvangen_op=NOW)
    log: list = []
    (een,) = look([FULL], view(events, NOW), log)
    log += [
        confirmed(een, format_moment(after(1)), "dienst", "gebeld"),
        confirmed(een, format_moment(after(5)), "wacht"),
    ]
    log += silenced("verbouwing", 2, 60, 4, regel="vol", onderwerp="LOC-EEN")
    log += silenced("oefening", 6, 8, regel="vol")
    log += silenced("storing", 9, 90, onderwerp="LOC-EEN")
    log += silenced("elders", 1, 90, onderwerp="LOC-TWEE")
    log += silenced("andere regel", 1, 90, regel="toegang")
    log += silenced("eerder", -90, -30, regel="vol")
    log += silenced("al lang", -90, 3, regel="vol")
    log += silenced("straks", 20, 90, regel="vol")
    keep(store, log)
    with serving_pages(store, after(10)) as client:
        page = client.get(f"/alarmen/{een.id}").text
        assert re.findall(r'<th scope="row">(.*?)</th><td class="getal">([^<]*)</td></tr>', page) == [
            ("gaat af", "90,0\u00a0%"),
            ("was al stilgelegd met de hele regel door <bdi>dienst</bdi>: <bdi>vanwege al lang</bdi>", ""),
            ("opgepakt door <bdi>dienst</bdi>: <bdi>gebeld</bdi>", ""),
            ("stilgelegd door <bdi>dienst</bdi>: <bdi>vanwege verbouwing</bdi>", ""),
            ("stilte voorbij", ""),
            ("stilte beëindigd door <bdi>wacht</bdi>", ""),
            ("opgepakt door <bdi>wacht</bdi>", ""),
            ("stilgelegd met de hele regel door <bdi>dienst</bdi>: <bdi>vanwege oefening</bdi>", ""),
            ("stilte voorbij", ""),
            (
                "stilgelegd met alles over dit onderwerp tot 26 mei 2026 11:30 door <bdi>dienst</bdi>: "
                "<bdi>vanwege storing</bdi>",
                "",
            ),
        ]
        then = client.get(f"/alarmen/{een.id}?bekendOp={format_moment(after(3))}").text
        assert "stilgelegd tot 26 mei 2026 11:00 door" in then
        assert "wacht</bdi>" not in then


def again(event: Event) -> Event:
    """Gives an event the id that every repeat has."""
    return event.model_copy(update={"id": str(NAMESPACE_URL)})


def test_who_took_it_up_twice_did_so_the_first_time_in_any_order():
    (een,) = look([FULL], view(read(TOO_FULL), NOW), log := [])
    taken = [again(confirmed(een, format_moment(after(n)), "dienst")) for n in (1, 5)]
    stil = [again(one) for n in (0, 2) for one in silenced("stil", n, 60, regel="vol")]
    for order in (1, -1):
        boek = Alarmboek([*log, *taken[::order], *stil[::order]])
        assert [one.op for one in boek.bevestigingen(een.id)] == [after(1)]
        assert [one.vanaf for one in boek.stiltes] == [after(0)]


class Counting(Reader):
    """Counts how often all silences are read."""

    times = 0

    def stiltes(self, question: Question) -> list[Stilte]:
        self.times += 1
        return super().stiltes(question)


def test_many_silences_are_found_by_one_look_or_none_of_them(store):
    log = [one for n in range(50) for one in silenced(f"nummer {n}", 0, 90, regel="vol")]
    log += silenced("voorbij", -90, -30, regel="vol")
    keep(store, log)
    reader, caller = Counting(store, lambda: after(1)), Caller("token", "dienst", frozenset({Role.OPERATOR}), None)
    ids = [event.data.stilteId for event in log]
    assert [one.id for one in stiltes_of(reader, caller, ids[:-1])] == ids[:-1]
    assert reader.times == 1
    for wrong, status in ((ids[-1], 409), ("nergens", 404)):
        with pytest.raises(ProblemError) as refused:
            stiltes_of(reader, caller, [ids[0], wrong])
        assert refused.value.status == status
