"""What is measured now and then."""

import asyncio

from servicekit.measures import Measures


async def test_the_measures_end_though_one_of_them_swallows_that_it_is_cancelled():
    begun, stop = asyncio.Event(), asyncio.Event()

    async def measure_deafly() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return

    running = asyncio.create_task(Measures([measure_deafly], 3600.0).run(stop))
    await begun.wait()
    stop.set()

    async with asyncio.timeout(5):
        await running
