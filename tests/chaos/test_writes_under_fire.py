"""Writers on while everything is killed, piece by piece: what was acknowledged is there, and once."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer
from embedded.demo.stage import Cast
from kernel.codes import uscc_check
from testkit import poll

WRITERS = 3
TOPIC = "enterprises.enterprise.v1"


def write(cast: Cast, writer: int, enough: threading.Event) -> dict[str, tuple[int, str]]:
    """Registers entities and amends each a few times; answers what was acknowledged: id -> version and address."""
    person, kept = cast("zhou"), {}
    for number in range(100_000):
        if enough.is_set():
            break
        first17 = f"91441900MA9{writer}{number:05d}"
        entity = person.post(
            "/v1/enterprises",
            code=first17 + uscc_check(first17),
            name=f"东莞市试验{writer}{number}有限公司",
            regionCode="441900118",
            address="一号",
            legalRepresentative="陈某",
            phone="",
            industryCode="C33",
            grade="",
        )
        for address in ("二号", "三号"):
            entity = person.post(f"/v1/enterprises/{entity['id']}:amend", version=entity["version"], address=address)
        kept[entity["id"]] = int(entity["version"]), entity["address"]
    return kept


async def test_no_acknowledged_write_is_lost_and_none_is_done_twice(platform: Any, cast: Cast, rng: random.Random) -> None:
    cast("zhou")
    enough = threading.Event()

    with platform.under_fire(rng, enough) as killed, ThreadPoolExecutor(WRITERS) as pool:
        written = [pool.submit(write, cast, writer, enough) for writer in range(WRITERS)]
        kept = {id: state for each in written for id, state in each.result().items()}

    assert set(killed) == set(platform.targets)
    told = platform.note["environment"]
    connection = await asyncpg.connect(told["ENTERPRISES_JOBS_URL"])
    stored = await connection.fetch("SELECT id, version, address FROM enterprises WHERE name LIKE '东莞市试验%'")
    assert {str(row["id"]): (row["version"], row["address"]) for row in stored} == kept
    assert all(version == 3 for version, _ in kept.values())
    await poll(lambda: _all_sent(connection), 60.0)
    await connection.close()
    events = await _events(told["KAFKA_BOOTSTRAP"])
    registered = Counter(key for key, kind in events.values() if kind.endswith("EnterpriseRegistered"))
    assert {id: registered[id] for id in kept} == dict.fromkeys(kept, 1)


async def _all_sent(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval("SELECT count(*) = 0 FROM outbox WHERE published_at IS NULL"))


async def _events(bootstrap: str) -> dict[bytes, tuple[str, str]]:
    """ce_id -> key and type; the same event sent twice is one."""
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        found = {}
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    headers = dict(record.headers)
                    found[headers["ce_id"]] = record.key.decode(), headers["ce_type"].decode()
        return found
    finally:
        await consumer.stop()
