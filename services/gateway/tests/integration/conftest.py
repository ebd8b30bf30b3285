"""The gateway as people reach it: HTTP on a port, Redis, and a small gRPC service behind it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceServicer, add_DocumentsServiceServicer_to_server
from anzhi.enterprises.v1 import enterprises_pb2 as pb
from anzhi.enterprises.v1.enterprises_pb2_grpc import EnterprisesServiceServicer, add_EnterprisesServiceServicer_to_server
from anzhi.identity.v1 import identity_pb2, partners_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceServicer, add_IdentityServiceServicer_to_server
from anzhi.identity.v1.partners_pb2_grpc import PartnersServiceServicer, add_PartnersServiceServicer_to_server
from gateway.app import Settings, build, server
from gateway.doors import doors
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Precondition
from servicekit import auth
from servicekit import grpc as rpc
from servicekit.faults import Unavailable
from testkit import World, a_user
from testkit.users import User

AWAY = "127.0.0.1:1"


class EnterpriseNotFound(NotFound):
    """There is no such enterprise."""


class ScopeNotGranted(Invalid):
    """As identity refuses it."""


class RowChanged(Conflict):
    """Someone else changed it."""


KINDS = {"invalid": Invalid, "forbidden": Forbidden, "precondition": Precondition, "conflict": RowChanged}


class SmallRegister(EnterprisesServiceServicer):
    """Answers what it was asked, fails as it is told, and remembers what came."""

    def __init__(self) -> None:
        self.came: list[Any] = []
        self.metadata: dict[str, str] = {}
        self.patience = asyncio.Event()

    def _note(self, request: Any, context: Any) -> None:
        self.came.append(request)
        self.metadata = dict(context.invocation_metadata() or ())

    async def GetEnterprise(self, request, context):
        self._note(request, context)
        if request.id in KINDS:
            raise KINDS[request.id]("told to fail", wanted=request.id)
        if request.id == "fault":
            raise RuntimeError("a secret of the inside")
        if request.id == "slow":
            await self.patience.wait()
        if request.id != "e1":
            raise EnterpriseNotFound("no such enterprise", id=request.id)
        return pb.Enterprise(id="e1", name="东莞某机械厂" * 100, state=pb.Enterprise.STATE_ACTIVE, version=7)

    async def SearchEnterprises(self, request, context):
        self._note(request, context)
        return pb.SearchEnterprisesResponse(enterprises=[pb.Enterprise(id="e1")], next_page_token="next")

    async def RegisterEnterprise(self, request, context):
        self._note(request, context)
        return pb.Enterprise(id="e1", name=request.name, version=1)

    async def AmendEnterprise(self, request, context):
        self._note(request, context)
        return pb.Enterprise(id=request.id, name=request.name, version=request.version + 1)


class Keyring(IdentityServiceServicer):
    def __init__(self, world: World) -> None:
        self.world = world

    async def GetJwks(self, request, context):
        return identity_pb2.GetJwksResponse(jwks=await self.world.signer.jwks())

    async def Login(self, request, context):
        return identity_pb2.LoginResponse()


class Desk(PartnersServiceServicer):
    """Gives tokens, and refuses with the words of identity where it is told to."""

    def __init__(self) -> None:
        self.came: list[partners_pb2.IssuePartnerTokenRequest] = []

    async def IssuePartnerToken(self, request, context):
        self.came.append(request)
        if request.client_assertion == "refused":
            raise auth.Unauthenticated("CLIENT_REFUSED", 'the assertion was "used" before')
        if request.client_assertion == "scope":
            raise ScopeNotGranted("the client was not given this scope", scope=request.scope)
        if request.client_assertion == "away":
            raise Unavailable("assertions cannot be counted", dependency="redis")
        if request.client_assertion == "fault":
            raise RuntimeError("a secret of the inside")
        return partners_pb2.PartnerToken(access_token="t", token_type="Bearer", expires_in=600, scope="transfers.read")


class Archive(DocumentsServiceServicer):
    def __init__(self) -> None:
        self.documents: dict[str, documents_pb2.VerifyDocumentResponse] = {}

    async def VerifyDocument(self, request, context):
        if request.id not in self.documents:
            raise EnterpriseNotFound("no such document", id=request.id)
        return self.documents[request.id]


@dataclass
class House:
    """The running gateway and what stands behind it."""

    world: World
    http: httpx.AsyncClient
    register: SmallRegister
    archive: Archive
    desk: Desk
    targets: dict[str, str]
    url: str
    reader: User = field(default_factory=lambda: a_user("li", permissions=("enterprises.read", "enterprises.register")))

    def badge(self, user: User | None = None, **headers: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.world.signer.token(user or self.reader)}", **headers}

    def writing(self, version: int | None = None, **headers: str) -> dict[str, str]:
        tag = {"if-match": f'"{version}"'} if version is not None else {}
        return {**self.badge(), "idempotency-key": str(uuid4()), **tag, **headers}


@asynccontextmanager
async def a_service(world: World, name: str, *parts: tuple[Any, Any]) -> AsyncIterator[str]:
    """With servicekit's own door: tokens, policy and rich errors are those of a real service."""
    door = rpc.Door(name, auth.Keys(world.signer.jwks), rpc.policies_of(rpc.services_of(parts)))
    behind = rpc.server(door, parts)
    port = behind.add_insecure_port("127.0.0.1:0")
    await behind.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await behind.stop(None)


@asynccontextmanager
async def a_gateway(**given: Any) -> AsyncIterator[str]:
    async with AsyncExitStack() as stack:
        targets = {**{door.service: AWAY for door in doors()}, **given.pop("targets", {})}
        settings = Settings(**{"targets": targets, "drain_seconds": 1, **given})
        app = await build(settings, stack)
        listening = socket.create_server(("127.0.0.1", 0))
        running = server(app, settings)
        task = asyncio.create_task(running.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            running.should_exit = True
            await task
            listening.close()


@asynccontextmanager
async def running_house(world: World, **given: Any) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        register, archive, desk = SmallRegister(), Archive(), Desk()
        world.signer.key("testkit")
        targets = {
            "enterprises": await stack.enter_async_context(
                a_service(world, "enterprises", (add_EnterprisesServiceServicer_to_server, register))
            ),
            "identity": await stack.enter_async_context(
                a_service(
                    world,
                    "identity",
                    (add_IdentityServiceServicer_to_server, Keyring(world)),
                    (add_PartnersServiceServicer_to_server, desk),
                )
            ),
            "documents": await stack.enter_async_context(a_service(world, "documents", (add_DocumentsServiceServicer_to_server, archive))),
        }
        given = {
            "redis_url": world.addresses.redis_url,
            "user_rate": 0,
            "address_rate": 0,
            "deadline_seconds": 2.0,
            **given,
            "targets": targets | given.pop("targets", {}),
        }
        url = await stack.enter_async_context(a_gateway(**given))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=10))
        yield House(world, http, register, archive, desk, targets, url)
        register.patience.set()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(world: World) -> AsyncIterator[House]:
    async with running_house(world) as made:
        yield made


@pytest.fixture(scope="session")
def a_house(world: World) -> Callable[..., AbstractAsyncContextManager[House]]:
    """A house of one's own, with settings of its own."""
    return partial(running_house, world)
