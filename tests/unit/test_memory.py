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
    gc.disable()  # so that nothing else finds it first
    try:
        gone = weakref.ref(Held())
        assert gone() is not None

        async def run() -> None:
            task = asyncio.create_task(memory.give_back())
            while gone() is not None:
                await asyncio.sleep(0)
            task.cancel()

        asyncio.run(asyncio.wait_for(run(), 60))
    finally:
        gc.enable()
