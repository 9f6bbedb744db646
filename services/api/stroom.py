"""`GET /v1/stroom`: what changes, as server-sent events (HTML Living Standard, 9.2).

One look at the store serves every client. Messages that can be repeated are sent again to a client that missed them
(`Last-Event-ID`): alarms. The figures are a state, so a client that comes back gets the present ones.

A page that fetches itself again needs no figures here. With `alleen=seinen` it hears `gewijzigd` when something changed
that it may see: something was stored, took effect or ended, or a reading grew too old. It hears no more of time going
by, and a heartbeat that a script can hear. For such listeners no figures are computed.

What a client may not see moves nothing that it gets: no message, no id and no heartbeat. To whoever may not see
everything, an id is a sealed place, since places would show what lies between them.
"""

import asyncio
import re
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

import orjson
import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict

from schemas.alarmregels import TE_BEWAKEN, van_toezicht
from schemas.events import AlarmGemeld, BewakingBegonnen, OntvangerGewijzigd, type_name
from services.access import caller_of
from services.api.sight import Due, Listeners, Seeing, Sight, listeners_of, seen_by
from services.metrics import Metrics
from services.reads import answers
from services.reads.question import Audience, Question, question_of_now
from services.reads.reader import Reader
from services.store.alarm_log import Heard
from services.store.model import StoreUnavailableError
from services.store.position import SEALED
from services.store.turns import Turns
from services.web import addresses
from services.web.addresses import at
from services.web.edge import HEAD_ONLY
from services.web.formats import accepts
from services.web.problems import ProblemError, Veldfout, invalid, unavailable

LOOK_SECONDS = 0.1
FIGURES_SECONDS = 0.5
"""The figures are said at most this often, however fast they move …"""
FIGURES_SECONDS_MAX = 10.0
"""… and at least this often, since they grow older by themselves."""
HEARTBEAT_SECONDS = 15.0
"""Keeps a proxy from taking a quiet stream for a dead one."""
WAITING_MAX = 64
"""Messages that a client may be behind. One that reads more slowly has to begin anew."""
MISSED_MAX = 1_000
"""Messages that a client may have missed. One that missed more begins anew."""
STUCK_SECONDS_MAX = 60.0
LISTEN_SECONDS_MAX = 900.0
"""After this a stream ends, and its client comes back by itself. So a caller who lost access stops listening."""
CLIENTS_MAX = 4_000
RETRY_MS = 2_000
MEDIA_TYPE = "text/event-stream"
_ID = re.compile(r"(\d{1,9})\.(\d{1,19})")
_SOME_ID = re.compile(rf"{_ID.pattern}|{SEALED}[\w-]{{20,100}}", re.ASCII)
_AGAIN = b"event: opnieuw\ndata: {}\n\n"
_SIGNAL = b"event: gewijzigd\ndata: {}\n\n"
_BEAT, _BEAT_TO_HEAR = b": hartslag\n\n", b"event: hartslag\ndata: {}\n\n"
_QUIET = (AlarmGemeld, OntvangerGewijzigd, BewakingBegonnen)
"""How delivery goes concerns those who manage it, not those who watch. That somebody watches is no alarm."""
_QUIET_TYPES = frozenset(type_name(kind) for kind in _QUIET)
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_log = structlog.get_logger("stroom")
AlarmPlace = tuple[int, int]


class Stroomvraag(BaseModel):
    """Wat de lezer wil horen."""

    model_config = ConfigDict(extra="forbid")

    alleen: Literal["seinen"] | None = None
    """Only that something changed, instead of the figures."""


class StreamMessage(NamedTuple):
    """A message, ready to be sent."""

    text: bytes
    at: AlarmPlace | None = None
    """Where it stood on the alarms topic. None: it holds the figures of now, and only the latest matter."""
    onderwerp: str | None = None
    """What it is about, where only some may hear of that."""
    sealed: str = ""
    """Where it stood, sealed."""
    listeners: Listeners | None = None
    """For whom it is, where it is not for all."""
    toezicht: bool = False
    """Whether only the desk of toezicht may know of it."""

    def to(self, audience: Audience) -> bytes:
        """Returns what is sent to this audience: the message, with the place as its id."""
        return self.text if self.at is None else b"id: %s\n%s" % (_id(self.at, self.sealed, audience), self.text)

    def is_for(self, audience: Audience, hidden: frozenset[str]) -> bool:
        """Whether this audience may hear it. `hidden`: the locaties that only some may hear of."""
        return (audience.sees_shielded or self.onderwerp not in hidden) and (
            audience.sees_toezicht or not self.toezicht
        )


def _id(at: AlarmPlace, sealed: str, audience: Audience) -> bytes:
    return b"%d.%d" % at if audience == Audience.EVERYTHING else sealed.encode()


@dataclass(eq=False, slots=True)
class Client:
    """One client that listens, and what it has yet to hear."""

    listeners: Listeners
    """With whom it hears the same."""
    news: deque[StreamMessage] = field(default_factory=deque)
    figures: StreamMessage | None = None
    behind_since: float | None = None
    """Since when, on the monotonic clock. None: it keeps up."""
    ended: bool = False
    sending: "asyncio.Task[Any] | None" = None
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, said: StreamMessage, hidden: frozenset[str]) -> None:
        """Keeps a message for sending."""
        if self.behind_since is not None:
            return
        if said.at is None:
            if said.listeners != self.listeners:
                return
            self.figures = said
        elif not said.is_for(self.listeners.audience, hidden):
            return  # Not even a heartbeat: it comes when it would have come.
        else:
            self.news.append(said)
            if len(self.news) > WAITING_MAX:
                self.news.clear()
                self.behind_since = time.monotonic()
        self.woken.set()

    def stuck(self) -> bool:
        """Whether it takes nothing any more, not even the news that it is behind."""
        return self.behind_since is not None and time.monotonic() - self.behind_since > STUCK_SECONDS_MAX

    def end(self) -> None:
        """Ends its stream."""
        self.ended = True
        self.woken.set()

    async def next(self) -> list[StreamMessage]:
        """What there is to send. Empty when it stayed quiet for HEARTBEAT_SECONDS."""
        try:
            await asyncio.wait_for(self.woken.wait(), HEARTBEAT_SECONDS)
        except TimeoutError:
            return []
        self.woken.clear()
        found, self.news = [*self.news, *([self.figures] if self.figures else [])], deque()
        self.figures = None
        return found


class First(NamedTuple):
    """What a client hears when it begins to listen."""

    said: Sequence[StreamMessage]
    place: AlarmPlace
    """It hears everything that comes after this on the alarms topic."""
    sealed: str
    """The same place, sealed."""
    hidden: frozenset[str]
    """The locaties that only some may hear of."""


class Stroom:
    """The clients of one process, and what they are told."""

    def __init__(self, reader: Reader, metrics: Metrics) -> None:
        self._reader, self._store, self._metrics, self.clock = reader, reader.store, metrics, reader.clock
        self._clients: set[Client] = set()
        self._somebody = asyncio.Event()
        self._place: AlarmPlace | None = None
        """How far the alarms topic was passed on. None while nobody listens."""
        self._placing = threading.Lock()
        self._first = Turns[Question, First](
            self._figures_now, latest=Question.latest, alike=lambda question: question.audience
        )
        """After a break very many clients come back at once: one look serves all of an audience."""
        self._first_signals = Turns[None, First](lambda _: self._without_figures(), latest=lambda one, _: one)
        self._sights: dict[Seeing, Sight] = {}

    async def run(self) -> None:
        """Looks and tells as long as any client listens, until cancelled. Then it ends every stream."""
        try:
            while True:
                await self._somebody.wait()
                began = time.monotonic()
                try:
                    listeners = {client.listeners for client in self._clients}
                    for said, hidden in await asyncio.to_thread(self._look, listeners):
                        for client in self._clients:
                            client.hear(said, hidden)
                    for client in [one for one in self._clients if one.stuck()]:
                        if client.sending is not None:
                            client.sending.cancel()
                except StoreUnavailableError as error:
                    _log.warning("wacht", reden=str(error))
                await asyncio.sleep(max(LOOK_SECONDS, time.monotonic() - began))
        finally:
            for client in self._clients:
                client.end()

    def join(self, listeners: Listeners) -> Client:
        """Adds a client. Raises ProblemError 503 when there are too many."""
        if len(self._clients) >= CLIENTS_MAX:
            raise unavailable(f"Er luisteren al {CLIENTS_MAX} lezers naar deze dienst; probeer het zo weer.", 30)
        client = Client(listeners)
        self._clients.add(client)
        self._somebody.set()
        self._metrics.stroom_lezers.set(len(self._clients))
        return client

    def leave(self, client: Client) -> None:
        """Removes a client."""
        self._clients.discard(client)
        self._metrics.stroom_lezers.set(len(self._clients))
        if not self._clients:
            self._somebody.clear()
            self._place = None  # The next client hears what is said from then on.

    async def begin(self, client: Client, last_id: str | None) -> First:
        """What a new client hears first: what it missed, and the figures of now. `last_id`: of what it heard last."""
        audience = client.listeners.audience
        if client.listeners.signals:
            first = await self._first_signals.awaited(None)
        else:
            first = await self._first.awaited(question_of_now(self._reader.clock(), audience))
        if not last_id:
            return first
        missed = await asyncio.to_thread(self._missed, audience, last_id)
        if missed is None:
            return first._replace(said=[StreamMessage(_AGAIN), *first.said])
        news = [self._alarm(one) for one in missed]
        place = max([first.place, *(one.at for one in missed)])
        return first._replace(said=[*news, *first.said], place=place, sealed=self._store.sealed.place(place))

    def _missed(self, audience: Audience, last_id: str) -> list[Heard] | None:
        """Returns what came after an id; None when it is not of this store or not of this audience, or too long ago."""
        found = _ID.fullmatch(last_id)
        since = self._store.sealed.opened_place(last_id)
        if found is not None and audience == Audience.EVERYTHING:
            since = int(found[1]), int(found[2])
        if since is None:
            return None

        unseen = [] if audience.sees_toezicht else [*filter(van_toezicht, TE_BEWAKEN)]

        def read(hidden: frozenset[str]) -> list[Heard]:
            return self._store.alarms.missed(since, MISSED_MAX + 1, hidden, _QUIET_TYPES, unseen)

        missed = self._reader.unhidden(audience, read)
        return None if len(missed) > MISSED_MAX else missed

    def _figures_now(self, question: Question) -> First:
        return self._without_figures()._replace(said=[_figures(self._reader, question)])

    def _without_figures(self) -> First:
        place = self._passed_on()
        return First([], place, self._store.sealed.place(place), self._reader.shielded())

    def _passed_on(self) -> AlarmPlace:
        """How far the alarms topic was passed on.

        Whoever asks first sets it. If each set its own, the one before would miss what came between.
        """
        with self._placing:
            if self._place is None:
                self._place = self._store.alarms.last_place()
            return self._place

    def _look(self, listeners: Collection[Listeners]) -> list[tuple[StreamMessage, frozenset[str]]]:
        """Returns what these hear. Only then it counts as told: a store that fails halfway is looked at again."""
        now, place = self._reader.clock(), self._passed_on()
        heard = self._store.alarms.since(place)
        until = heard[-1].at if heard else place
        said = [self._alarm(one) for one in heard if not isinstance(one.event, _QUIET)]
        due = {seeing: self._due(seeing, now, until) for seeing in {one.seeing for one in listeners}}
        for one in listeners:
            why = due[one.seeing].why
            if not one.signals and why is not None:
                said.append(_figures(self._reader, question_of_now(now, one.audience)))
            elif why == "nieuws":
                said.append(StreamMessage(_SIGNAL, listeners=one))
        hidden = self._store.shielded(now) if said else frozenset[str]()
        self._sights |= {seeing: one.sight for seeing, one in due.items()}
        with self._placing:
            self._place = until if self._clients else None  # Without any, the next begins from where the topic is then.
        return [(one, hidden) for one in said]

    def _due(self, seeing: Seeing, now: datetime, place: AlarmPlace) -> Due:
        """Whether it is time to tell these: something that they may see changed, or it is a while."""
        sight = self._sights.get(seeing, Sight())
        quiet, state = time.monotonic() - sight.said_at, self._store.heden(now)
        looked = sight.looked if state is None else f"{state.position} {state.as_of} {place}"
        passed = sight.until is not None and now >= sight.until
        due, news = quiet > FIGURES_SECONDS_MAX, False
        if state is not None and (passed or looked != sight.looked) and (due or quiet > FIGURES_SECONDS):
            saw, until = seen_by(self._reader, *seeing, state, now)
            news = passed or saw != sight.saw
            sight = sight._replace(looked=looked, saw=saw, until=until)
        if not (due or news):
            return Due(None, sight)
        return Due("nieuws" if news else "tijd", sight._replace(said_at=time.monotonic()))

    def _alarm(self, heard: Heard) -> StreamMessage:
        text = _message("alarm", heard.event.model_dump_json(exclude_none=True).encode())
        toezicht = van_toezicht(getattr(heard.event.data, "grootheid", None))
        place = self._store.sealed.place(heard.at)
        return StreamMessage(text, heard.at, heard.event.subject, place, toezicht=toezicht)


def stroom_router(stroom: Stroom) -> APIRouter:
    """`GET /v1/stroom`. It is described in AsyncAPI, where streams belong."""
    router = APIRouter(include_in_schema=False)

    @at(router, addresses.STROOM)
    async def luister(request: Request, vraag: Annotated[Stroomvraag, Query()]) -> Response:
        """Wat verandert, zolang u luistert."""
        if not accepts(request.headers.get("accept", ""), MEDIA_TYPE):
            raise ProblemError(406, f"Dit adres antwoordt alleen als {MEDIA_TYPE}; vraag dat in Accept.")
        if request.scope.get(HEAD_ONLY):
            return Response(headers=_HEADERS, media_type=MEDIA_TYPE)
        last_id = request.headers.get("last-event-id")
        if last_id and _SOME_ID.fullmatch(last_id) is None:
            raise invalid([Veldfout(veld="Last-Event-ID", melding="is geen id uit deze stroom; laat het weg")])
        client = stroom.join(listeners_of(caller_of(request), stroom.clock(), signals=vraag.alleen is not None))
        try:
            first = await stroom.begin(client, last_id)
        except BaseException:
            stroom.leave(client)
            raise
        return StreamingResponse(_told(stroom, client, first), headers=_HEADERS, media_type=MEDIA_TYPE)

    return router


async def _told(stroom: Stroom, client: Client, first: First) -> AsyncIterator[bytes]:
    client.sending, begun = asyncio.current_task(), time.monotonic()
    audience = client.listeners.audience
    known = [said.to(audience) for said in first.said if said.is_for(audience, first.hidden)]
    try:
        begin = b"retry: %d\nid: %s\n\n" % (RETRY_MS, _id(first.place, first.sealed, audience))
        yield begin + b"".join(known)
        while not client.ended and time.monotonic() - begun < LISTEN_SECONDS_MAX:
            found = await client.next()
            if client.behind_since is not None:
                yield _AGAIN
                return
            new = [
                said.to(audience) for said in found if said.at is None or said.at > first.place
            ]  # What was among the first is not said again.
            yield b"".join(new) or (_BEAT_TO_HEAR if client.listeners.signals else _BEAT)
    finally:
        stroom.leave(client)


def _figures(reader: Reader, question: Question) -> StreamMessage:
    """The figures of now. They have no id: a client that comes back needs none of the earlier ones."""
    said = answers.stroom(reader.totalen(question))
    if not question.audience.sees_shielded:
        said |= {"positie": reader.store.sealed.positie(said["positie"])}
    return StreamMessage(_message("cijfers", orjson.dumps(said)), listeners=Listeners(question.audience))


def _message(event: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (event.encode(), data)
