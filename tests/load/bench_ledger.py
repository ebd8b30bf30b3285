"""The ledger at ten million leaves: events from Kafka appended, and proofs, in a scratch database of its own."""

import asyncio
import hashlib
import os
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from evidence.adapters.keeper import Keeper
from evidence.adapters.store import Store
from evidence.application import ledger
from evidence.domain.ledger import Arrived
from evidence.domain.merkle import node_hash
from load.measure import Line, percentile, spent
from load.stage import Stage
from servicekit import migrations
from servicekit.db import Sessions, database, transaction
from servicekit.settings import ServiceSettings

LEAVES, EVENTS, PROOFS, BATCH = 10_000_000, 50_000, 2_000, 500
APPEND_BUDGET, PROOF_BUDGET = 2_000, 0.020
NAME, TOPIC = "bench_ledger", "bench.leaf.v1"
MOST_SECONDS = 300.0
INDEXES = {
    "ix_leaves_ce_id": "CREATE UNIQUE INDEX ix_leaves_ce_id ON leaves (ce_id)",
    "ix_leaves_leaf_hash": "CREATE INDEX ix_leaves_leaf_hash ON leaves (leaf_hash)",
    "ix_leaves_key": "CREATE INDEX ix_leaves_key ON leaves (key)",
}
COLUMNS = ("index", "ce_id", "ce_root", "ce_source", "ce_time", "ce_type", "key", "topic", "value", "leaf_hash")
SAID = ("/44/", "/anzhi/penalties", "2026-01-05T01:00:00+00:00", "anzhi.penalties.v1.CaseDecided")


@asynccontextmanager
async def scratch(admin: str) -> AsyncIterator[str]:
    """A database in the newest shape, removed afterwards; its roles need no password, the benchmark is the administrator."""
    connection = await asyncpg.connect(admin)
    try:
        for role in ("owner", "serve", "jobs"):
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", f"evidence_{role}"):
                await connection.execute(f"CREATE ROLE evidence_{role}")
        await connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {NAME}")
        url = urlsplit(admin)._replace(path=f"/{NAME}").geturl()
        try:
            await asyncio.to_thread(migrations.migrate, migrations.folder("evidence"), url)
            yield url
        finally:
            await connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    finally:
        await connection.close()


async def fill(url: str, leaves: int) -> float:
    """Leaves and the subtrees above them by COPY, indexes afterwards. Answers the seconds."""
    began, connection = time.perf_counter(), await asyncpg.connect(url)
    try:
        for index in INDEXES:
            await connection.execute(f"DROP INDEX {index}")
        level, hashes = 0, bytearray()
        await connection.copy_records_to_table("leaves", records=_leaves(leaves, hashes), columns=COLUMNS)
        while len(hashes) >= 64:
            level, hashes = level + 1, _above(hashes)
            await connection.copy_records_to_table("nodes", records=_nodes(level, hashes), columns=("level", "index", "hash"))
        for statement in (*INDEXES.values(), "VACUUM ANALYZE leaves", "VACUUM ANALYZE nodes"):
            await connection.execute(statement, timeout=900)
    finally:
        await connection.close()
    return time.perf_counter() - began


def _leaves(number: int, hashes: bytearray) -> Iterator[tuple[object, ...]]:
    value = bytes(range(64))
    for start in range(0, number, 10_000):
        ids = os.urandom(32 * 10_000)
        for index in range(start, min(start + 10_000, number)):
            at = 32 * (index - start)
            id, key = ids[at : at + 16].hex(), ids[at + 16 : at + 32].hex()
            leaf = hashlib.sha256(b"\x00" + ids[at : at + 32]).digest()
            hashes += leaf
            yield (index, id, *SAID, key, "penalties.case.v1", value, leaf)


def _above(hashes: bytearray) -> bytearray:
    made = bytearray()
    for at in range(0, len(hashes) - 63, 64):
        made += node_hash(hashes[at : at + 32], hashes[at + 32 : at + 64])
    return made


def _nodes(level: int, hashes: bytearray) -> Iterator[tuple[int, int, bytes]]:
    for index in range(len(hashes) // 32):
        yield level, index, bytes(hashes[32 * index : 32 * index + 32])


async def appended(sessions: Sessions, events: int) -> float:
    """Without Kafka: batches of 500 in one transaction each. Leaves a second."""
    batches = [
        [Arrived(uuid4().hex, SAID[3], SAID[1], SAID[0], SAID[2], "bench.v1", uuid4().hex, os.urandom(64)) for _ in range(BATCH)]
        for _ in range(events // BATCH)
    ]
    began = time.perf_counter()
    for batch in batches:
        async with transaction(sessions, Store, jobs=True, scope="/") as uow:
            await ledger.append(uow, batch)
    return events / (time.perf_counter() - began)


async def kept(sessions: Sessions, settings: ServiceSettings, url: str, events: int) -> float:
    """From Kafka to leaves, offsets included, from the first event waiting to the last one appended."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(f"{settings.topic_prefix}{TOPIC}", 6, 1)])
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all", linger_ms=5)
    await producer.start()
    connection = await asyncpg.connect(url)
    keeper, stop = Keeper("bench", [TOPIC], ledger.append, sessions, Store, settings), asyncio.Event()
    try:
        for _ in range(events // BATCH):
            sent = [
                await producer.send(f"{settings.topic_prefix}{TOPIC}", os.urandom(64), key=b"k", headers=_headers()) for _ in range(BATCH)
            ]
            await asyncio.gather(*sent)
        wanted = await connection.fetchval("SELECT max(index) FROM leaves") + events
        task = asyncio.create_task(keeper.run(stop))
        await keeper.ready.wait()
        began = time.perf_counter()
        while await connection.fetchval("SELECT max(index) FROM leaves") < wanted:
            if time.perf_counter() - began > MOST_SECONDS:
                raise TimeoutError("the ledger does not keep up")
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - began
        stop.set()
        await task
        return events / seconds
    finally:
        await connection.close()
        await producer.stop()
        await admin.delete_topics([f"{settings.topic_prefix}{TOPIC}"])
        await admin.close()


def _headers() -> list[tuple[str, bytes]]:
    values = {"ce_id": str(uuid4()), "ce_type": SAID[3], "ce_source": SAID[1], "ce_root": SAID[0], "ce_time": datetime.now(UTC).isoformat()}
    return [(name, text.encode()) for name, text in values.items()]


async def proofs(sessions: Sessions, leaves: int) -> tuple[list[float], list[float]]:
    """Seconds of inclusion and of consistency proofs, each in a transaction of its own, anywhere in the tree."""
    chosen = random.Random(9)
    async with transaction(sessions, Store, scope="/") as uow:
        known = [(await uow.entries(chosen.randrange(leaves), 1))[0].ce_id for _ in range(PROOFS)]

    async def inclusion(event_id: str) -> None:
        async with transaction(sessions, Store, scope="/") as uow:
            await ledger.inclusion(uow, event_id=event_id, leaf_hash=b"", tree_size=leaves)

    async def consistency(size: int) -> None:
        async with transaction(sessions, Store, scope="/") as uow:
            await ledger.consistency(uow, from_size=size, to_size=leaves)

    included = [await spent(lambda id=id: inclusion(id)) for id in known]
    sizes = [chosen.randrange(1, leaves) for _ in range(PROOFS)]
    return included, [await spent(lambda size=size: consistency(size)) for size in sizes]


async def run(stage: Stage) -> list[Line]:
    return await measured(stage.told["PG_ADMIN_URL"], stage.told["KAFKA_BOOTSTRAP"])


async def measured(admin: str, bootstrap: str, leaves: int = LEAVES) -> list[Line]:
    async with scratch(admin) as url:
        filled = await fill(url, leaves)
        settings = ServiceSettings(
            database_url=url,
            database_jobs_url=url,
            kafka_bootstrap=bootstrap,
            topic_prefix=f"bench{uuid4().hex[:6]}.",
            service_name="evidence",
        )
        async with database(settings) as sessions:
            alone = await appended(sessions, EVENTS)
            rate = await kept(sessions, settings, url, EVENTS)
            included, consistent = await proofs(sessions, leaves)
    size = f"at {leaves:,} leaves"
    lines = [
        Line(
            "ledger: Kafka -> leaves",
            rate,
            "leaves/s",
            f">= {APPEND_BUDGET:,} /s",
            rate >= APPEND_BUDGET,
            alone,
            f"{size}; bare: append alone",
        ),
        Line("ledger: filled by COPY", leaves / filled, "leaves/s", "", None, note="with the subtrees above and the indexes"),
    ]
    for name, seconds in (("inclusion", included), ("consistency", consistent)):
        p95 = percentile(seconds, 0.95)
        lines.append(Line(f"ledger: {name} proof, p95", p95 * 1000, "ms", f"< {PROOF_BUDGET * 1000:.0f} ms", p95 < PROOF_BUDGET, note=size))
    return lines
