"""What each service asks of identity: the keys of tokens and the legal clock of a root."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import grpc
from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub

from servicekit.faults import Unavailable
from servicekit.grpc import channel
from servicekit.settings import ServiceSettings

TIMEOUT = 2.0


class Identity:
    def __init__(self, opened: grpc.aio.Channel | None) -> None:
        self._stub = None if opened is None else IdentityServiceStub(opened)

    @classmethod
    @asynccontextmanager
    async def at(cls, settings: ServiceSettings, service: str) -> AsyncIterator[Self]:
        if settings.identity is None:
            yield cls(None)
            return
        async with channel(settings, settings.identity, service) as opened:
            yield cls(opened)

    async def jwks(self) -> str:
        return (await self._asked.GetJwks(identity_pb2.GetJwksRequest(), timeout=TIMEOUT)).jwks

    async def offset(self, root: str) -> int:
        return (await self._asked.GetLegalNow(identity_pb2.GetLegalNowRequest(root=root), timeout=TIMEOUT)).offset_seconds

    @property
    def _asked(self) -> IdentityServiceStub:
        if self._stub is None:
            raise Unavailable("IDENTITY is not set", dependency="identity")
        return self._stub
