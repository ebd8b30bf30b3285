"""The services that own timers: they sweep when the legal clock of a root moves."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Self

from anzhi.ops.v1 import ops_pb2
from anzhi.ops.v1.ops_pb2_grpc import OpsServiceStub
from servicekit.grpc import channel
from servicekit.settings import ServiceSettings

SWEEP_SECONDS = 120.0


class Owners:
    def __init__(self, stubs: Sequence[OpsServiceStub]) -> None:
        self._stubs = stubs

    @classmethod
    @asynccontextmanager
    async def at(cls, settings: ServiceSettings, targets: Sequence[str]) -> AsyncIterator[Self]:
        async with AsyncExitStack() as stack:
            yield cls([OpsServiceStub(await stack.enter_async_context(channel(settings, target))) for target in targets])

    async def sweep(self, root: str, offset_seconds: int, at: datetime) -> None:
        """Answers when each of them has swept up to `at`; an owner that is away raises UNAVAILABLE, and may be asked again."""
        request = ops_pb2.SweepToRequest(root=root, offset_seconds=offset_seconds)
        request.at.FromDatetime(at)
        await asyncio.gather(*(stub.SweepTo(request, timeout=SWEEP_SECONDS) for stub in self._stubs))
