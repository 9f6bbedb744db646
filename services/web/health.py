"""Whether this process is alive, whether it is ready, and what it measures."""

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple

import orjson
import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from prometheus_client.exposition import choose_encoder

from services.metrics import Figuren, Metrics, gathered
from services.reads.question import Audience
from services.web.addresses import GEREED, GEZOND, METRICS, at
from services.web.problems import Veldfout, refuse_parameters, unavailable

Check = Callable[[], str | None]
"""Blocks. Returns None when a part is well, or a warning. Raises when the part is away."""

CHECK_SECONDS_MAX = 5.0


class NotReadyError(Exception):
    """A part is not ready. Its Dutch text goes to the caller; the text of other exceptions only to the log."""


_log = structlog.get_logger(__name__)


class Scraper(NamedTuple):
    """Who reads `/metrics`."""

    audience: Audience
    meten: bool
    """Whether it may see how Opvangpeil itself runs."""


class Scraped(NamedTuple):
    """What `/metrics` shows besides what the process counts, and to whom."""

    figures: Callable[[Audience], Figuren] = lambda _: {}
    """The figures of the reception, as an audience may see them."""
    who: Callable[[Request], Scraper] = lambda _: Scraper(Audience.EVERYTHING, meten=True)


def health_router(
    metrics: Metrics, checks: Mapping[str, Check], versions: Mapping[str, str], scraped: Scraped
) -> APIRouter:
    """Returns the addresses by which others watch this process. `checks`: part → its check."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_parameters)])

    @at(router, GEZOND)
    async def gezond() -> Response:
        return _json({"status": "gezond"})

    @at(router, GEREED)
    async def gereed() -> Response:
        outcomes = await asyncio.gather(*(_run(naam, check) for naam, check in checks.items()))
        away = [outcome for outcome in outcomes if isinstance(outcome, Veldfout)]
        if away:
            problem = unavailable(f"Nog niet gereed: {', '.join(fout.veld for fout in away)}.")
            problem.fouten = tuple(away)
            return problem.response()
        waarschuwingen = [outcome for outcome in outcomes if isinstance(outcome, str)]
        return _json(
            {
                "status": "gereed",
                "onderdelen": list(checks),
                "waarschuwingen": waarschuwingen,
                "versies": dict(versions),
            }
        )

    @at(router, METRICS)
    def metingen(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        scraper = scraped.who(request)
        shown = gathered(metrics.registry, scraped.figures(scraper.audience), all_of_it=scraper.meten)
        return Response(encode(shown), headers={"Content-Type": content_type})

    return router


async def _run(naam: str, check: Check) -> Veldfout | str | None:
    try:
        return await asyncio.wait_for(asyncio.to_thread(check), CHECK_SECONDS_MAX)
    except TimeoutError:
        return Veldfout(veld=naam, melding=f"antwoordt niet binnen {CHECK_SECONDS_MAX:.0f} seconden")
    except NotReadyError as error:
        return Veldfout(veld=naam, melding=str(error))
    except Exception as error:  # noqa: BLE001  whatever is wrong with a part, it is not ready; the log says more
        _log.warning("onderdeel niet gereed", onderdeel=naam, fout=str(error), soort=type(error).__name__)
        return Veldfout(veld=naam, melding="is niet bereikbaar of nog niet klaar")


def _json(answer: dict[str, object]) -> Response:
    return Response(orjson.dumps(answer), media_type="application/json")
