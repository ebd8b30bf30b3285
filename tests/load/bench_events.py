"""Events: from the outbox to Kafka, and from Kafka to a moved machine, on the services that run."""

import asyncio
import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaProducer
from anzhi.identity.v1.events_pb2 import UserChanged
from anzhi.penalties.v1.events_pb2 import CaseReported
from load.measure import RUNS, Line, median, percentile
from load.stage import Stage

EVENTS, RELAY_BUDGET = 20_000, 10_000
MOVED, CONSUME_BUDGET = 3_000, 1_000
CALM, EFFECT_BUDGET = 300, 1.0
OUTBOX = ("event_id", "topic", "key", "type", "payload", "root", "traceparent")
MOST_SECONDS = 180.0


async def until(connection: asyncpg.Connection, query: str, *given: object) -> None:
    """Until the query answers true."""
    ends = time.monotonic() + MOST_SECONDS
    while not await connection.fetchval(query, *given):
        if time.monotonic() > ends:
            raise TimeoutError(query)
        await asyncio.sleep(0.02)


async def relay(stage: Stage) -> float:
    """Identity's relay, from the commit of many events to the last one marked."""
    connection = await asyncpg.connect(stage.told["IDENTITY_JOBS_URL"])
    try:
        message = UserChanged(user_id=str(uuid4()), org_id=str(uuid4()), org_path="/bench/", change="bench").SerializeToString()
        rows = [
            (uuid4(), "identity.user.v1", str(uuid4()), UserChanged.DESCRIPTOR.full_name, message, "/bench/", "") for _ in range(EVENTS)
        ]
        began = time.perf_counter()
        await connection.copy_records_to_table("outbox", records=rows, columns=OUTBOX)
        await until(connection, "SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL)")
        return EVENTS / (time.perf_counter() - began)
    finally:
        await connection.close()


async def bare(stage: Stage) -> float:
    """aiokafka alone: the same messages, acknowledged by all, idempotent."""
    producer = AIOKafkaProducer(bootstrap_servers=stage.told["KAFKA_BOOTSTRAP"], acks="all", enable_idempotence=True, linger_ms=5)
    await producer.start()
    try:
        message = UserChanged(user_id=str(uuid4()), org_id=str(uuid4()), org_path="/bench/", change="bench").SerializeToString()
        headers = [(name, b"x" * 36) for name in ("ce_id", "ce_type", "ce_source", "ce_time", "ce_root", "content-type", "traceparent")]
        began = time.perf_counter()
        sent = [await producer.send("identity.user.v1", message, key=str(uuid4()).encode(), headers=headers) for _ in range(EVENTS)]
        await asyncio.gather(*sent)
        return EVENTS / (time.perf_counter() - began)
    finally:
        await producer.stop()


async def items(connection: asyncpg.Connection, number: int) -> list[UUID]:
    """Evidence after the first item of the story, registered and not yet under review."""
    columns = [
        row["column_name"]
        for row in await connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'items' ORDER BY ordinal_position"
        )
    ]
    changed = {"id": "gen_random_uuid()", "state": "'REGISTERED'", "version": "1"}
    taken = ", ".join(changed.get(column, column) for column in columns)
    rows = await connection.fetch(
        f"INSERT INTO items ({', '.join(columns)}) SELECT {taken}"
        " FROM (SELECT * FROM items WHERE kind IS NOT NULL ORDER BY captured_at, id LIMIT 1) first, generate_series(1, $1) RETURNING id",
        number,
    )
    if len(rows) != number:
        raise RuntimeError("there is no evidence to copy: the story has to be walked first")
    return [row["id"] for row in rows]


def reported(id: UUID) -> tuple[UUID, str, str, str, bytes, str, str]:
    event = CaseReported(case_id=str(uuid4()), inspection_id=str(uuid4()), evidence_ids=[str(id)])
    event.at.FromDatetime(datetime.now(UTC))
    return (uuid4(), "penalties.case.v1", event.case_id, CaseReported.DESCRIPTOR.full_name, event.SerializeToString(), "/44/", "")


async def consume(stage: Stage) -> tuple[float, list[float]]:
    """V12: each event moves one item of evidence, one transaction an event. Events a second, and seconds from commit to effect."""
    evidence = await asyncpg.connect(stage.told["EVIDENCE_JOBS_URL"])
    penalties = await asyncpg.connect(stage.told["PENALTIES_JOBS_URL"])
    try:
        ids = await items(evidence, MOVED)
        began = time.perf_counter()
        await penalties.copy_records_to_table("outbox", records=[reported(id) for id in ids], columns=OUTBOX)
        await until(evidence, "SELECT NOT EXISTS (SELECT 1 FROM items WHERE id = ANY($1) AND state = 'REGISTERED')", ids)
        many = MOVED / (time.perf_counter() - began)

        calm, committed = await items(evidence, CALM), {}
        for id in calm:
            await penalties.copy_records_to_table("outbox", records=[reported(id)], columns=OUTBOX)
            committed[str(id)] = datetime.now(UTC)
            await asyncio.sleep(0.02)
        await until(evidence, "SELECT NOT EXISTS (SELECT 1 FROM items WHERE id = ANY($1) AND state = 'REGISTERED')", calm)
        rows = await evidence.fetch("SELECT object_id, recorded_at FROM history WHERE object_id = ANY($1)", list(committed))
        return many, [(row["recorded_at"] - committed[row["object_id"]]).total_seconds() for row in rows]
    finally:
        await evidence.close()
        await penalties.close()


async def run(stage: Stage) -> list[Line]:
    relayed, alone, consumed, delays = [], [], [], []
    for _ in range(RUNS):
        alone.append(await bare(stage))
        relayed.append(await relay(stage))
    for _ in range(RUNS):
        many, seconds = await consume(stage)
        consumed.append(many)
        delays += seconds
    p95 = percentile(delays, 0.95)
    return [
        Line(
            "relay: outbox -> Kafka", median(relayed), "events/s", f">= {RELAY_BUDGET:,} /s", median(relayed) >= RELAY_BUDGET, median(alone)
        ),
        Line("consumer that moves a machine", median(consumed), "tx/s", f">= {CONSUME_BUDGET:,} /s", median(consumed) >= CONSUME_BUDGET),
        Line("commit -> effect, p95", p95 * 1000, "ms", "< 1,000 ms", p95 < EFFECT_BUDGET, note="at some 40 events/s"),
    ]
