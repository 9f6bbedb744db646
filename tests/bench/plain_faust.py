"""Measures Faust alone: reads a topic in batches, does nothing with it, and prints the speed.

`python -m tests.bench.plain_faust ADDRESS TOPIC COUNT FOLDER`. Our processor is compared with this.
"""

import asyncio
import sys
import time
from typing import Any

import faust


def main(address: str, topic: str, count: int, folder: str) -> None:
    """Reads `count` messages."""
    app = faust.App(
        "plain",
        broker=f"kafka://{address}",
        broker_session_timeout=8,
        broker_heartbeat_interval=1,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        store="memory://",
        datadir=folder,
        table_standby_replicas=0,
        stream_wait_empty=False,
        autodiscover=False,
    )
    channel = app.topic(topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
    done = asyncio.Event()

    async def consume(stream: Any) -> None:
        began, seen, already = 0.0, 0, 0
        async for events in stream.noack_take(1000, within=0.01):
            for event in events:
                event.ack()
            seen += len(events)
            if not began:
                began, already = time.perf_counter(), seen
            if seen >= count:
                print((count - already) / (time.perf_counter() - began), flush=True)
                done.set()

    app.agent(channel)(consume)

    async def run() -> None:
        app.finalize()
        await app.start()
        await done.wait()
        await app.stop()

    asyncio.run(run())


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
