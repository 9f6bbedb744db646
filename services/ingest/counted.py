"""Taking events in, and counting what became of them: the same for every way in."""

from collections.abc import Awaitable, Callable

from services.access import Caller
from services.ingest.accept import Ingest, Receipt, RefusedError
from services.ingest.permit import ForbiddenError
from services.metrics import Metrics

Neem = Callable[[bytes, Caller], Awaitable[Receipt]]
"""As `Ingest.accept`."""


async def counted(ingest: Ingest, metrics: Metrics, body: bytes, caller: Caller) -> Receipt:
    """As `Ingest.accept`, counted."""
    try:
        receipt = await ingest.accept(body, caller)
    except (RefusedError, ForbiddenError) as error:
        metrics.ingest.labels("geweigerd").inc(len({fout.index for fout in error.fouten}))
        raise
    metrics.ingest.labels("nieuw").inc(receipt.nieuw)
    metrics.ingest.labels("herhaald").inc(receipt.herhaald)
    return receipt
