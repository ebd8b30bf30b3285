"""A service as data, and the command line that runs its roles.

serve: gRPC. consume: events in. relay: events out. ticks: timers and SweepTo. all: every role in one process.
"""

import argparse
import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

import uvloop
from anzhi.ops.v1.ops_pb2_grpc import add_OpsServiceServicer_to_server
from grpc.aio import Server
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from sqlalchemy import MetaData, text

from servicekit import grpc as rpc
from servicekit import install, law, measures, telemetry
from servicekit.auth import Keys
from servicekit.consumer import Consumer, Handlers
from servicekit.db import Sessions, Uow, transaction
from servicekit.faults import away, collided
from servicekit.identity import Identity
from servicekit.privacy import words_of
from servicekit.relay import Relay
from servicekit.settings import ServiceSettings, read
from servicekit.ticks import Ops, Sweep, TickHandler, Ticks

log = logging.getLogger(__name__)
S = TypeVar("S", bound=ServiceSettings)
Reference = Callable[[Any], Awaitable[Any]]
ROLES = ("serve", "consume", "relay", "ticks")
# SERVING as long as the process answers at all; "" says whether calls should come here.
LIVE = "live"
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0)


@dataclass
class Service:
    """What a service is made of. `keys` and `offsets` replace the calls to identity (identity itself, tests)."""

    name: str
    metadata: MetaData | None = None
    sessions: Sessions | None = None
    store: type[Uow] = Uow
    grpc: Sequence[tuple[rpc.Adder, Any]] = ()
    consumes: Mapping[str, Handlers] = field(default_factory=dict)
    projects: Mapping[str, Handlers] = field(default_factory=dict)
    readers: Sequence[Consumer] = ()
    ticks: Mapping[str, TickHandler] = field(default_factory=dict)
    sweeps: Sequence[Sweep] = ()
    reference: Reference | None = None
    keys: Callable[[], Awaitable[str]] | None = None
    offsets: Callable[[str], Awaitable[int]] | None = None
    loops: Sequence[Callable[[asyncio.Event], Awaitable[None]]] = ()
    # What else goes out beside the events: loops of the role relay.
    out: Sequence[Callable[[asyncio.Event], Awaitable[None]]] = ()
    # What it shows of itself beside what all show: run every MEASURE_SECONDS in the role relay.
    gauges: Sequence[measures.Measure] = ()
    follows: bool = True
    ready: Callable[[], Awaitable[None]] | None = None


Build = Callable[[S, AsyncExitStack], Awaitable[Service]]


class Running:
    """The roles of one service in this process, from start to drain."""

    def __init__(self, service: Service, settings: ServiceSettings, roles: Sequence[str] = ROLES) -> None:
        self.service, self.settings, self.roles = service, settings, roles
        # leaving: no new calls, please; stop: finish what is at hand.
        self.leaving, self.stop = asyncio.Event(), asyncio.Event()
        self.port = 0
        self.ticks: Ticks | None = None
        self._health = health.aio.HealthServicer()  # type: ignore[attr-defined]
        self._tasks: list[asyncio.Task[None]] = []
        self._consumers: list[Consumer] = []
        self._server: Server | None = None
        self._serves = False
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Answers when everything that the roles need is there and health says SERVING."""
        service, settings = self.service, self.settings
        identity = await self._stack.enter_async_context(Identity.at(settings, service.name))
        keys = Keys(service.keys or identity.jwks)
        if service.sessions is not None:
            service.sessions.clock.ask = service.offsets or identity.offset
        if service.keys is None and settings.identity is None and {"serve", "ticks"} & set(self.roles):
            raise RuntimeError("IDENTITY is not set")
        served = [*service.grpc] if "serve" in self.roles else []
        if "ticks" in self.roles and service.sessions is not None:
            self.ticks = Ticks(service.sessions, service.store, service.ticks, settings, service.sweeps)
            served.append((add_OpsServiceServicer_to_server, Ops(self.ticks)))
        names = rpc.services_of(served)
        door = rpc.Door(service.name, keys, rpc.policies_of(names))
        probed = (health_pb2_grpc.add_HealthServicer_to_server, self._health)
        self._server = rpc.server(door, [*served, probed], connection_seconds=settings.connection_seconds)
        reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)
        self.port = self._server.add_insecure_port(settings.listen)
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        await self._health.set(LIVE, health_pb2.HealthCheckResponse.SERVING)
        await self._server.start()
        await self._until(self._database_answers)
        if served:
            await self._until(keys.load)
        if service.ready is not None:
            await self._until(service.ready)
        if self.leaving.is_set():
            return
        self._start_roles()
        # Who answers calls does not wait for the broker; who only consumes is ready when it has its partitions.
        for consumer in self._consumers if "serve" not in self.roles else ():
            await self._unless_failed(consumer.ready.wait())
        if not self.leaving.is_set():
            self._serves = bool(served)
            await self._set_health(health_pb2.HealthCheckResponse.SERVING)
        log.info("%s serves on port %d: %s", service.name, self.port, ", ".join(self.roles))

    def _start_roles(self) -> None:
        service, settings, sessions = self.service, self.settings, self.service.sessions
        measured: list[measures.Measure] = []
        self._keep("measures", measures.Measures(measured, settings.measure_seconds, sessions).run)
        if sessions is None:
            return
        if "consume" in self.roles:
            follow = law.followed(service.name) if service.follows else {}
            for topics, suffix in ((service.consumes, ""), (service.projects, ".projection"), (follow, ".law")):
                if topics:
                    group = service.name + suffix
                    consumer = Consumer(group, topics, sessions, service.store, settings, batch=suffix == ".projection")
                    self._consumers.append(consumer)
                    self._keep(group, consumer.run)
            for reader in service.readers:
                self._consumers.append(reader)
                self._keep(reader.group, reader.run)
            measured += [measures.of_consumer(consumer) for consumer in self._consumers]
        if "relay" in self.roles:
            self._keep("relay", Relay(service.name, sessions, settings).run)
            measured += [measures.of_outbox(sessions), measures.of_schema(service.name, sessions), *service.gauges]
            for number, loop in enumerate(service.out):
                self._keep(f"out {number}", loop)
        if self.ticks is not None:
            self._keep("ticks", self.ticks.run)
            measured.append(measures.of_timers(self.ticks))
        if "serve" in self.roles:
            for number, loop in enumerate(service.loops):
                self._keep(f"loop {number}", loop)

    def _keep(self, name: str, run: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        """Run a role until stop; start it again while what it depends on is away. Any other error ends the process."""

        async def keep() -> None:
            tries = 0
            while not self.stop.is_set():
                try:
                    await run(self.stop)
                except Exception as error:
                    if not (away(error) or collided(error)):
                        log.exception("%s %s fails", self.service.name, name)
                        self.stop.set()
                        self.leaving.set()
                        raise
                    log.warning("%s %s starts again: %s", self.service.name, name, words_of(error))
                    await self._pause(tries, self.stop)
                    tries += 1

        self._tasks.append(asyncio.create_task(keep(), name=f"{self.service.name} {name}"))

    async def _until(self, attempt: Callable[[], Awaitable[Any]]) -> None:
        tries = 0
        while not self.leaving.is_set():
            try:
                await attempt()
            except Exception as error:
                if not away(error):
                    raise
                if tries % 10 == 0:
                    log.info("%s waits: %s", self.service.name, words_of(error))
                await self._pause(tries, self.leaving)
                tries += 1
            else:
                return

    async def _pause(self, tries: int, end: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(end.wait(), RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)])
        except TimeoutError:
            return

    async def _unless_failed(self, awaited: Awaitable[Any]) -> None:
        ended = asyncio.ensure_future(self.leaving.wait())
        await asyncio.wait({asyncio.ensure_future(awaited), ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()

    async def _database_answers(self) -> None:
        sessions = self.service.sessions
        if sessions is None:
            return
        for engine in (sessions.serve if "serve" in self.roles else None, sessions.jobs if set(self.roles) - {"serve"} else None):
            if engine is not None:
                async with engine.connect() as connection:
                    await connection.execute(text("SELECT 1 FROM legal_clock LIMIT 1"))

    async def _set_health(self, status: Any) -> None:
        await self._health.set("", status)
        for name in rpc.services_of(self.service.grpc):
            await self._health.set(name, status)

    async def drain(self) -> None:
        """Not ready any more, answer while the word spreads and what is in progress, finish the events and timers at hand."""
        self.leaving.set()
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        if self._serves:
            await asyncio.sleep(self.settings.drain_delay_seconds)
        self.stop.set()
        if self._server is not None:
            await self._server.stop(self.settings.drain_seconds)
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()
        for result in results:
            if isinstance(result, Exception):
                raise result


async def load_reference(service: Service) -> None:
    if service.reference is None or service.sessions is None:
        return
    async with transaction(service.sessions, service.store, jobs=True, scope="/") as uow:
        await service.reference(uow)


def cli(
    name: str, settings: type[S], build: Build[S], metadata: MetaData | None = None, *, buckets: Sequence[str] = ()
) -> Callable[[], None]:
    """`python -m <name> serve | consume | relay | ticks | all | check | migrate | load-reference | buckets`."""

    async def run(role: str, given: S) -> None:
        async with AsyncExitStack() as stack:
            service = await build(given, stack)
            if role == "load-reference":
                await load_reference(service)
                return
            running = Running(service, given, ROLES if role == "all" else (role,))
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, running.leaving.set)
            try:
                await running.start()
                await running.leaving.wait()
            finally:
                await running.drain()

    def prepare(role: str, given: S) -> None:
        match role:
            case "check":
                install.run_check(name, given, database=metadata is not None, buckets=buckets)
            case "migrate":
                install.run_migrate(name, given)
            case "buckets":
                install.run_buckets(name, given, buckets)

    def main() -> None:
        parser = argparse.ArgumentParser(prog=f"python -m {name.replace('-', '_')}")
        commands = (
            [*ROLES, "all", "check"] + (["migrate", "load-reference"] if metadata is not None else []) + (["buckets"] if buckets else [])
        )
        parser.add_argument("role", choices=commands)
        role = parser.parse_args().role
        given = read(settings, name)
        if role in {"check", "migrate", "buckets"}:
            prepare(role, given)
            return
        with telemetry.process(name, given, role):
            uvloop.run(run(role, given))

    return main
