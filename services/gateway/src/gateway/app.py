"""Wires the gateway together. Read this file first."""

import argparse
import asyncio
import logging
import socket
from contextlib import AsyncExitStack
from importlib import resources
from types import FrameType
from typing import Any

import uvicorn
import uvloop
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceStub
from anzhi.identity.v1 import identity_pb2, partners_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from anzhi.identity.v1.partners_pb2_grpc import PartnersServiceStub
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from pydantic import Field
from redis.asyncio import Redis
from servicekit import telemetry
from servicekit.auth import Keys
from servicekit.grpc import channel
from servicekit.install import run_check
from servicekit.measures import Measures
from servicekit.settings import Place, RedisUrl, ServiceSettings, Target, WebAddress, read
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gateway.doors import doors
from gateway.edge import Edge
from gateway.limits import Allowance, Limits
from gateway.routes.api import Allowances, Api, openapi_text, rpc_of
from gateway.routes.oauth import OAuth, described
from gateway.routes.pages import Pages
from gateway.security import Guard

log = logging.getLogger(__name__)
# FastAPI's own signals repeat paths, queries and the words of exceptions; ours are in routes/.
UNSAID: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
EXPOSED = ["ETag", "X-Request-Id", "Retry-After", "Content-Language"]
ACCEPTED = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "Accept-Language",
    "X-Request-Id",
    "X-Read-Reason",
    "traceparent",
]


class Settings(ServiceSettings):
    """The gateway has no database, no topics and no key of its own."""

    service_name: str = "gateway"
    listen: Place = Field("0.0.0.0:8080", description="host:port of the HTTP server")
    targets: dict[str, Target] = Field(description="address of each service by the name of its package, as a JSON object")
    redis_url: RedisUrl = Field(description="counters of the rate limits")
    public_url: WebAddress = Field("http://localhost:8080", description="under which people reach the platform; part of every QR code")
    error_docs: str = Field("https://docs.anzhi.example/errors", description="page that `type` of a problem points to")
    cors_origins: list[str] = Field([], description="web clients on other hosts, as a JSON list")
    trusted_proxies: str = Field("127.0.0.1", description="whose X-Forwarded-For counts")
    body_bytes: int = Field(1_048_576, description="largest body; files go to the object store")
    deadline_seconds: float = Field(10.0, description="of one call to a service")
    user_rate: float = Field(50.0, description="requests a second of one user in the long run; 0: no limit")
    user_burst: int = 200
    address_rate: float = Field(5.0, description="requests a second without token (login) of one address; 0: no limit")
    address_burst: int = 50


async def build(settings: Settings, stack: AsyncExitStack) -> FastAPI:
    """The application; everything that it opens ends with the stack."""
    found = doors()
    # It speaks for its users only; a token of its own would open nothing.
    settings = settings.model_copy(update={"service_key_file": None})
    channels: dict[str, Any] = {}
    for name in sorted({door.service for door in found} | {"identity", "documents"}):
        channels[name] = await stack.enter_async_context(channel(settings, settings.targets[name]))
    identity, documents = IdentityServiceStub(channels["identity"]), DocumentsServiceStub(channels["documents"])

    async def keys() -> identity_pb2.GetJwksResponse:
        return await identity.GetJwks(identity_pb2.GetJwksRequest(), timeout=settings.deadline_seconds)

    async def jwks() -> str:
        return (await keys()).jwks

    async def verify(document_id: str) -> Any:
        return await documents.VerifyDocument(documents_pb2.VerifyDocumentRequest(id=document_id), timeout=settings.deadline_seconds)

    redis: Any = Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=0.2, socket_connect_timeout=0.2)
    stack.push_async_callback(redis.aclose)
    guard, limits = Guard(Keys(jwks)), Limits(redis)
    allowances = Allowances(
        user=Allowance("user", settings.user_rate, settings.user_burst),
        address=Allowance("address", settings.address_rate, settings.address_burst),
    )

    async def ready() -> dict[str, bool]:
        return {"identity": await guard.ready(), "redis": await limits.ping()}

    leaving = asyncio.Event()
    openapi = openapi_text((resources.files("anzhi") / "openapi.json").read_bytes(), settings.public_url)
    pages = Pages(
        ready=ready,
        keys=keys,
        verify=verify,
        limits=limits,
        allowance=allowances.address,
        openapi=openapi,
        docs=settings.error_docs,
        deadline_seconds=settings.deadline_seconds,
        leaving=leaving,
    )
    api = Api(
        {door: rpc_of(door, channels[door.service]) for door in found},
        guard,
        limits,
        allowances,
        docs=settings.error_docs,
        deadline_seconds=settings.deadline_seconds,
        body_bytes=settings.body_bytes,
    )
    partners = PartnersServiceStub(channels["identity"])

    async def issue(request: partners_pb2.IssuePartnerTokenRequest) -> partners_pb2.PartnerToken:
        return await partners.IssuePartnerToken(request, timeout=settings.deadline_seconds)

    return assemble(settings, api, pages, OAuth(issue, limits, allowances.address))


def assemble(settings: Settings, api: Api, pages: Pages, oauth: OAuth) -> FastAPI:
    app = FastAPI(title="Anzhi", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=UNSAID)
    app.add_exception_handler(HTTPException, pages.wrong_method)
    app.router.routes.append(Route("/v1/{rest:path}", api))
    app.router.routes.append(Route("/oauth/token", oauth))
    metadata = described(settings.public_url)

    async def authorization_server(request: Request) -> JSONResponse:
        return JSONResponse(metadata, headers={"cache-control": "public, max-age=3600"})

    app.router.routes.append(Route("/.well-known/oauth-authorization-server", authorization_server, methods=["GET"]))
    app.include_router(pages.router())
    app.router.default = api
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=4)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=ACCEPTED,
            expose_headers=EXPOSED,
            max_age=600,
        )
    app.state.leaving = pages.leaving
    app.add_middleware(Edge, docs=settings.error_docs, https=settings.public_url.startswith("https://"), leaving=pages.leaving)
    return app


class Server(uvicorn.Server):
    """On SIGTERM not ready at once; for a while it answers on, each time closing the connection; then it ends."""

    def __init__(self, config: uvicorn.Config, leaving: asyncio.Event, delay_seconds: float) -> None:
        super().__init__(config)
        self.leaving, self.delay_seconds = leaving, delay_seconds

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.leaving.is_set():
            self.should_exit = True
        else:
            self.loop.call_soon_threadsafe(self.leave)

    def leave(self) -> None:
        self.leaving.set()
        self.loop.call_later(self.delay_seconds, setattr, self, "should_exit", True)


def server(app: FastAPI, settings: Settings) -> Server:
    host, _, port = settings.listen.rpartition(":")
    config = uvicorn.Config(
        app,
        host=host.strip("[]"),
        port=int(port),
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=int(settings.drain_seconds),
        timeout_keep_alive=75,
    )
    return Server(config, app.state.leaving, settings.drain_delay_seconds)


async def serve(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        app = await build(settings, stack)
        measured = asyncio.create_task(Measures((), settings.measure_seconds).run(app.state.leaving), name="measures")
        await server(app, settings).serve()
        await measured


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m gateway", description="The HTTP door of the platform.")
    parser.add_argument("role", choices=["serve", "all", "check"], help="it serves (all is the same), or says what it would miss")
    role, settings = parser.parse_args().role, read(Settings, "gateway")
    if role == "check":
        run_check("gateway", settings, database=False)
        return
    with telemetry.process(settings.service_name, settings, role):
        uvloop.run(serve(settings))
