"""What was written against what was sent: every event of an outbox is in Kafka, nothing else is, and none was given up on."""

import asyncio
import time
from collections import Counter
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from embedded import topics

SENT_WITHIN = 60.0
LOOK_AGAIN_AFTER = 0.3
READ_MS = 500


async def compared(urls: dict[str, str], bootstrap: str) -> dict[str, Any]:
    """`urls`: package -> database in its role jobs. Answers the figures and what is wrong, in `violations`."""
    written: dict[str, str] = {}
    violations = []
    for package, url in urls.items():
        connection = await asyncpg.connect(url)
        try:
            if waiting := await _waiting(connection):
                violations.append(f"{package}: {waiting} events of its outbox are not sent")
            rows = await connection.fetch("SELECT event_id::text AS id, topic FROM outbox")
            written |= {row["id"]: row["topic"] for row in rows}
        finally:
            await connection.close()
    sent, given_up = await _sent(bootstrap)
    lost = written.keys() - sent.keys()
    violations += [f"event {id} of {written[id]} is not in Kafka" for id in sorted(lost)[:20]]
    violations += [f"event {id} in Kafka is in no outbox" for id in sorted(sent.keys() - written.keys())[:20]]
    violations += [f"{count} dead letters in {topic}" for topic, count in given_up.items() if count]
    return {
        "written": len(written),
        "in_kafka": len(sent),
        "sent_twice": sum(count - 1 for count in sent.values()),
        "dead_letters": sum(given_up.values()),
        "violations": violations,
    }


async def _waiting(connection: asyncpg.Connection) -> int:
    deadline = time.monotonic() + SENT_WITHIN
    while True:
        waiting: int = await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")
        if not waiting or time.monotonic() > deadline:
            return waiting
        await asyncio.sleep(LOOK_AGAIN_AFTER)


async def _sent(bootstrap: str) -> tuple[Counter[str], dict[str, int]]:
    """How often each event stands in Kafka, and how many dead letters each topic has."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        declared = topics.declared()
        parts = [TopicPartition(topic.name, number) for topic in declared for number in range(topic.partitions)]
        ends = await consumer.end_offsets(parts)
        dead = {part.topic: end for part, end in ends.items() if part.topic.endswith(".dead")}
        alive = [part for part in parts if part.topic not in dead]
        consumer.assign(alive)
        await consumer.seek_to_beginning(*alive)
        found: Counter[str] = Counter()
        while any([await consumer.position(part) < ends[part] for part in alive]):
            for records in (await consumer.getmany(timeout_ms=READ_MS)).values():
                found.update(dict(record.headers)["ce_id"].decode() for record in records)
        return found, dead
    finally:
        await consumer.stop()
