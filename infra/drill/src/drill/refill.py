"""An empty broker filled again from the outboxes, and when its readers have read everything."""

import asyncio
import time
from collections.abc import Mapping

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from servicekit.db import database
from servicekit.republish import republish
from servicekit.settings import ServiceSettings

READ_WITHIN = 300.0
LOOK_AGAIN_AFTER = 0.5


async def refill(urls: Mapping[str, str]) -> int:
    """Everything that the outboxes keep goes out again, as by `python -m servicekit.republish` of each service."""
    marked = 0
    for url in urls.values():
        async with database(ServiceSettings.model_validate({"database_jobs_url": url})) as sessions:
            marked += await republish(sessions, None)
    return marked


async def readers(bootstrap: str) -> dict[str, set[str]]:
    """group -> topics that it has read from"""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        groups = [name for name, _ in await admin.list_consumer_groups()]
        return {group: {part.topic for part in await admin.list_consumer_group_offsets(group)} for group in groups}
    finally:
        await admin.close()


async def until_read(urls: Mapping[str, str], bootstrap: str, expected: Mapping[str, set[str]]) -> None:
    """Until every outbox is empty and each expected group has read its topics to their ends. Raises: TimeoutError."""
    deadline = time.monotonic() + READ_WITHIN
    while behind := [*await _unsent(urls), *await _behind(bootstrap, expected)]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"not read within {READ_WITHIN:.0f} s: {', '.join(behind[:10])}")
        await asyncio.sleep(LOOK_AGAIN_AFTER)


async def _unsent(urls: Mapping[str, str]) -> list[str]:
    found = []
    for package, url in urls.items():
        connection = await asyncpg.connect(url)
        try:
            if waiting := await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL"):
                found.append(f"{waiting} events in the outbox of {package}")
        finally:
            await connection.close()
    return found


async def _behind(bootstrap: str, expected: Mapping[str, set[str]]) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await admin.start()
    await consumer.start()
    try:
        topics = sorted({topic for read in expected.values() for topic in read})
        parts = {topic: [TopicPartition(topic, number) for number in await _partitions(consumer, topic)] for topic in topics}
        ends = await consumer.end_offsets([part for each in parts.values() for part in each])
        lines = []
        for group, read in expected.items():
            offsets = await admin.list_consumer_group_offsets(group)
            for part in (part for topic in read for part in parts[topic]):
                done = offsets[part].offset if part in offsets else 0
                if done < ends[part]:
                    lines.append(f"{group} at {done} of {ends[part]} in {part.topic}:{part.partition}")
        return lines
    finally:
        await consumer.stop()
        await admin.close()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    found: set[int] = consumer.partitions_for_topic(topic) or set()
    return found
