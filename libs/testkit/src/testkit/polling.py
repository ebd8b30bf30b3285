"""Waiting for an event that has no signal: look again until a deadline."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

LOOK_AGAIN_SECONDS = 0.02


async def poll(until: Callable[[], Any], deadline: float = 10.0) -> Any:
    """The first truthy answer of `until` (plain or async). An AssertionError inside counts as «not yet»."""
    ends = time.monotonic() + deadline
    last: object = None
    while True:
        try:
            found = until()
            found = await found if inspect.isawaitable(found) else found
            if found:
                return found
            last = found
        except AssertionError as error:
            last = error
        if time.monotonic() > ends:
            raise AssertionError(f"not within {deadline} s; last seen: {last!r}")
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
