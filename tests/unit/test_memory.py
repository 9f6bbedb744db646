"""What a burst of requests took is given back."""

import asyncio
import gc
import weakref

from services.wiring import memory


class Held:
    """Something in a cycle, which only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


def test_what_only_holds_itself_is_given_back(monkeypatch) -> None:
    monkeypatch.setattr(memory, "EVERY_SECONDS", 0.0)

    async def run() -> None:
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        weakref.finalize(Held(), loop.call_soon_threadsafe, gone.set)
        task = asyncio.create_task(memory.give_back(lambda: None))
        await asyncio.wait_for(gone.wait(), 60)
        task.cancel()

    gc.disable()  # so that nothing else finds it first
    try:
        asyncio.run(run())
    finally:
        gc.enable()
