"""Everything that a service under test stands in: its database, topics, tokens, legal time, and itself in this process."""

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import grpc
import grpc.aio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError
from anzhi.ops.v1 import ops_pb2
from anzhi.ops.v1.ops_pb2_grpc import OpsServiceStub
from embedded.backing import Addresses
from google.protobuf import timestamp_pb2
from google.protobuf.message import Message
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from redis.asyncio import Redis
from servicekit.app import ROLES, Build, Running, Service
from servicekit.law import CLOCK, PARAMETERS
from servicekit.settings import ServiceSettings

from testkit.database import Databases, drop_database, make_database
from testkit.parts import WORKERS, with_redis
from testkit.users import Signer, User

S = TypeVar("S", bound=ServiceSettings)
T = TypeVar("T")
TIMEOUT = 15.0


class _Badge(grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[type-arg]
    """Puts tokens and a deadline on each call."""

    def __init__(self, metadata: Sequence[tuple[str, str]]) -> None:
        self.metadata = metadata

    async def intercept_unary_unary(self, continuation: Any, details: grpc.aio.ClientCallDetails, request: Any) -> Any:
        metadata = grpc.aio.Metadata(*(details.metadata or ()), *self.metadata)
        timeout = TIMEOUT if details.timeout is None else details.timeout
        return await continuation(
            grpc.aio.ClientCallDetails(details.method, timeout, metadata, details.credentials, details.wait_for_ready), request
        )


@dataclass
class Run:
    """A service that runs in this process."""

    world: "World"
    service: Service
    settings: ServiceSettings
    running: Running
    database: Databases
    _stack: AsyncExitStack

    @property
    def target(self) -> str:
        return f"dns:///127.0.0.1:{self.running.port}"

    async def stub(
        self, kind: Callable[[grpc.aio.Channel], T], by: User | None = None, *, service: str = "", token: str = "", **metadata: str
    ) -> T:
        """A stub that calls as `by`, as a service, as both, or (neither) as nobody. `metadata`: `_` stands for `-`."""
        passed = [(name.replace("_", "-"), value) for name, value in metadata.items()]
        if by is not None or token:
            assert by is not None or token
            passed.append(("authorization", f"Bearer {token or self.world.signer.token(by)}"))  # type: ignore[arg-type]
        if service:
            passed.append(("service-authorization", f"Bearer {self.world.signer.service_token(service)}"))
        channel = grpc.aio.insecure_channel(self.target, interceptors=[_Badge(passed)])  # type: ignore[list-item]
        await self._stack.enter_async_context(channel)
        return kind(channel)

    async def sql(self, query: str, *args: object, role: str = "admin") -> list[asyncpg.Record]:
        """Look into the database: as admin, or as owner, serve or jobs."""
        connection = await asyncpg.connect(getattr(self.database, role))
        try:
            return list(await connection.fetch(query, *args))
        finally:
            await connection.close()


@dataclass
class World:
    """One per worker and run. Its names begin with `prefix`, so that runs can share servers."""

    addresses: Addresses
    prefix: str
    folder: Path
    spans: InMemorySpanExporter
    signer: Signer = field(default_factory=Signer)
    runs: list[Run] = field(default_factory=list)
    _offsets: dict[str, int] = field(default_factory=dict)
    _databases: dict[str, Databases] = field(default_factory=dict)
    _producer: AIOKafkaProducer | None = None

    def a_root(self) -> str:
        """A root of the organisation tree that no other test uses: a legal clock and rows of its own."""
        return f"/{uuid4().hex[:8]}/"

    @asynccontextmanager
    async def apart(self, name: str, **addresses: str) -> AsyncIterator["World"]:
        """A world beside this one, with databases, topics and keys of its own: for a test that breaks things.

        `addresses` go over those of this world: a proxy, or a part that the test may kill.
        """
        number = WORKERS + int(urlsplit(self.addresses.redis_url).path[1:]) % WORKERS
        own = with_redis(self.addresses, number)
        async with Redis.from_url(own.redis_url) as redis:
            await redis.flushdb()
        made = replace(self, addresses=replace(own, **addresses), prefix=f"{self.prefix}_{name}", runs=[], _databases={}, _producer=None)
        try:
            yield made
        finally:
            await made.close()

    async def database(self, service: str) -> Databases:
        if service not in self._databases:
            name = f"{self.prefix}_{service.replace('-', '_')}"
            self._databases[service] = await make_database(self.addresses.pg_admin_url, service, name)
        return self._databases[service]

    async def settings(self, kind: type[S], service: str, **given: Any) -> S:
        """Settings for this world. `given` goes over them, and fills what the kind has beyond ServiceSettings."""
        database = await self.database(service)
        key = self.folder / f"{service}.pem"
        key.write_bytes(self.signer.pem(service))
        values: dict[str, Any] = {
            "service_name": service,
            "listen": "127.0.0.1:0",
            "database_url": database.serve,
            "database_jobs_url": database.jobs,
            "database_owner_url": database.owner,
            "kafka_bootstrap": self.addresses.kafka_bootstrap,
            "topic_prefix": f"{self.prefix}.",
            "service_key_file": key,
            "legal_clock": True,
            "drain_seconds": 2.0,
            "tick_seconds": 0.2,
            "relay_poll_seconds": 0.05,
        }
        for name in kind.model_fields:
            if name in self.addresses.__dataclass_fields__ and name != "kafka_bootstrap":
                values[name] = getattr(self.addresses, name)
        if "s3_bucket_prefix" in kind.model_fields:
            values["s3_bucket_prefix"] = self.prefix.replace("_", "-") + "-"
        return kind(**{**values, **given})

    @asynccontextmanager
    async def running(
        self, service: str, kind: type[S], build: Build[S], *, roles: Sequence[str] = ROLES, own_keys: bool = False, **settings: Any
    ) -> AsyncIterator[Run]:
        """The service in this process, all roles or some; topics are made as far as it names them.

        Tokens are checked against the signer of this world, legal time is `set_legal_now`'s; with `own_keys` the service
        keeps what it built (identity).
        """
        given = await self.settings(kind, service, **settings)
        async with AsyncExitStack() as stack:
            built = await build(given, stack)
            if not own_keys:
                built.keys, built.offsets = self.signer.jwks, self._offset
            mine = [topic.name for topic in built.store.topics]
            heard = [topic for reader in built.readers for topic in reader.hears]
            await self.make_topics([*mine, *built.consumes, *built.projects, *heard, CLOCK, PARAMETERS])
            running = Running(built, given, roles)
            run = Run(self, built, given, running, await self.database(service), stack)
            try:
                await running.start()
                self.runs.append(run)
                yield run
            finally:
                if run in self.runs:
                    self.runs.remove(run)
                await running.drain()

    async def _offset(self, root: str) -> int:
        return self._offsets.get(root, 0)

    async def set_legal_now(self, root: str, at: datetime) -> int:
        """Move the legal clock of a root forward, as identity does; answers how many timers were swept."""
        offset = int((at - datetime.now(UTC)).total_seconds())
        self._offsets[root] = max(offset, self._offsets.get(root, offset))
        moment = timestamp_pb2.Timestamp()
        moment.FromDatetime(at)
        swept = 0
        for run in list(self.runs):
            if "ticks" in run.running.roles:
                stub: Any = await run.stub(OpsServiceStub, service="identity")
                answer = await stub.SweepTo(ops_pb2.SweepToRequest(root=root, offset_seconds=self._offsets[root], at=moment))
                swept += answer.swept
        return swept

    def topic(self, name: str) -> str:
        return f"{self.prefix}.{name}"

    async def make_topics(self, names: Sequence[str], partitions: int = 2) -> None:
        """With their dead letters."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.addresses.kafka_bootstrap)
        await admin.start()
        try:
            known = set(await admin.list_topics())
            wanted = {self.topic(name + tail) for name in names for tail in ("", ".dead")} - known
            if wanted:
                try:
                    copies = len(self.addresses.kafka_bootstrap.split(","))
                    await admin.create_topics([NewTopic(name, partitions, copies) for name in sorted(wanted)])
                except TopicAlreadyExistsError:
                    return
        finally:
            await admin.close()

    async def produce(self, topic: str, message: Message | bytes, *, key: str, root: str = "/", id: UUID | str = "", **headers: str) -> str:
        """An event as another service's relay would send it. Answers its id."""
        if self._producer is None:
            self._producer = AIOKafkaProducer(bootstrap_servers=self.addresses.kafka_bootstrap, acks="all")
            await self._producer.start()
        id = str(id or uuid4())
        kind = "" if isinstance(message, bytes) else message.DESCRIPTOR.full_name
        meta = {"ce_id": id, "ce_type": kind, "ce_source": "/testkit", "ce_root": root, **headers}
        value = message if isinstance(message, bytes) else message.SerializeToString()
        packed = [(name, text.encode()) for name, text in meta.items()]
        await self._producer.send_and_wait(self.topic(topic), value, key=key.encode(), headers=packed)
        return id

    async def records(self, topic: str) -> list[ConsumerRecord]:
        """All that stands in a topic now, in order per partition."""
        reader = AIOKafkaConsumer(self.topic(topic), bootstrap_servers=self.addresses.kafka_bootstrap, enable_auto_commit=False)
        await reader.start()
        try:
            parts = sorted(reader.assignment())
            ends = await reader.end_offsets(parts)
            await reader.seek_to_beginning(*parts)
            found: list[ConsumerRecord] = []
            while [part for part in parts if await reader.position(part) < ends[part]]:
                for records in (await reader.getmany(timeout_ms=100)).values():
                    found += records
            return found
        finally:
            await reader.stop()

    async def close(self) -> None:
        if self._producer is not None:
            await self._producer.stop()
        for database in self._databases.values():
            await drop_database(self.addresses.pg_admin_url, database.name)
        await self._drop_topics()

    async def _drop_topics(self) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.addresses.kafka_bootstrap)
        await admin.start()
        try:
            mine = [name for name in await admin.list_topics() if name.startswith(f"{self.prefix}.")]
            if mine:
                await admin.delete_topics(mine)
        finally:
            await admin.close()


@asynccontextmanager
async def serving(*grpc_: tuple[Any, Any]) -> AsyncIterator[str]:
    """Bare servicers, without tokens or policy: what a called service answers in a test. Gives the target."""
    server = grpc.aio.server()
    for add, servicer in grpc_:
        add(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"dns:///127.0.0.1:{port}"
    finally:
        await server.stop(None)


def collect_spans() -> InMemorySpanExporter:
    """Every span of this process. Once per process."""
    spans, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(provider)
    return spans


def new_prefix(worker: str) -> str:
    """Short: it is part of database, topic and bucket names."""
    return f"t{os.getpid():x}{uuid4().hex[:4]}_{worker}"
