"""Writers who register entities and amend each, all the time, and who repeat what was not answered."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer
from embedded.demo.stage import Cast
from kernel.codes import uscc_check
from testkit import poll

WRITERS = 3
TOPIC = "enterprises.enterprise.v1"
# What a caller may send again with the same Idempotency-Key: nobody answered, or somebody said that he could not.
AGAIN = frozenset({429, 502, 503, 504})
PATIENCE = 120.0


class Patient(httpx.BaseTransport):
    """Sends a request until it is answered, as a device in the field does."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()
        self.repeated = 0
        # A request that the platform itself refused with «come back later» is no fault of the parts.
        self.limited = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._inner.handle_request(request)
                if answer.status_code not in AGAIN:
                    return answer
                answer.read()
                said = f"{answer.status_code} {answer.text}"
                self.limited += answer.status_code == 429
            except httpx.TransportError as error:
                said = repr(error)
            if time.monotonic() > deadline:
                raise AssertionError(f"{request.method} {request.url.path} is not answered for {PATIENCE:.0f} s: {said}")
            self.repeated += 1
            time.sleep(0.2)

    def close(self) -> None:
        self._inner.close()


@dataclass
class Written:
    """What was acknowledged: id -> version and address; and when, by the clock of this process."""

    tag: str
    kept: dict[str, tuple[int, str]] = field(default_factory=dict)
    answered: list[tuple[float, float]] = field(default_factory=list)  # when, and after how long

    @property
    def longest_wait(self) -> float:
        return max(seconds for _, seconds in self.answered)

    def median(self, since: float = 0.0, until: float = float("inf")) -> float:
        seconds = sorted(took for at, took in self.answered if since <= at < until)
        return seconds[len(seconds) // 2]

    def post(self, person: Any, path: str, **given: Any) -> dict[str, Any]:
        begin = time.monotonic()
        found: dict[str, Any] = person.post(path, **given)
        self.answered.append((time.monotonic(), time.monotonic() - begin))
        return found

    def write(self, cast: Cast, writer: int, enough: threading.Event) -> None:
        person = cast("zhou")
        for number in range(100_000):
            if enough.is_set():
                return
            first17 = f"91441900M{self.tag}9{writer}{number:05d}"
            entity = self.post(
                person,
                "/v1/enterprises",
                code=first17 + uscc_check(first17),
                name=f"东莞市试验{self.tag}{writer}{number}有限公司",
                regionCode="441900118",
                address="一号",
                legalRepresentative="陈某",
                phone="",
                industryCode="C33",
                grade="",
            )
            for address in ("二号", "三号"):
                entity = self.post(person, f"/v1/enterprises/{entity['id']}:amend", version=entity["version"], address=address)
            self.kept[entity["id"]] = int(entity["version"]), entity["address"]


@contextmanager
def writing(cast: Cast, tag: str, enough: threading.Event | None = None) -> Iterator[Written]:
    """`tag`: a letter of credit codes that no other test uses. The writers end with the block."""
    cast("zhou")
    written, ends = Written(tag), enough or threading.Event()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(written.write, cast, writer, ends) for writer in range(WRITERS)]
        try:
            yield written
        finally:
            if enough is None:
                ends.set()
        for writer in writers:
            writer.result()


async def settled(platform: Any, written: Written, within: float = 120.0) -> float:
    """All that was acknowledged is there, once, and said once; answers the seconds until the last outbox was empty."""
    begin = time.monotonic()
    for url in platform.databases.values():
        await poll(lambda url=url: _count(url, "SELECT count(*) = 0 FROM outbox WHERE published_at IS NULL"), within)  # type: ignore[misc]
    seconds = time.monotonic() - begin
    told = platform.told
    connection = await asyncpg.connect(told["ENTERPRISES_JOBS_URL"])
    try:
        stored = await connection.fetch("SELECT id, version, address FROM enterprises WHERE name LIKE $1", f"东莞市试验{written.tag}%")
        history = await connection.fetch(
            "SELECT object_id, array_agg(version ORDER BY id) AS versions FROM history WHERE object_id = ANY($1) GROUP BY object_id",
            [str(row["id"]) for row in stored],
        )
    finally:
        await connection.close()
    assert written.kept
    assert {str(row["id"]): (row["version"], row["address"]) for row in stored} == written.kept
    assert {str(row["object_id"]): row["versions"] for row in history} == {id: [1, 2, 3] for id in written.kept}
    events = await _events(told["KAFKA_BOOTSTRAP"])
    said = Counter((key, kind.rpartition(".")[2]) for key, kind in events.values())
    assert {id: said[id, "EnterpriseRegistered"] for id in written.kept} == dict.fromkeys(written.kept, 1)
    assert {id: said[id, "EnterpriseAmended"] for id in written.kept} == dict.fromkeys(written.kept, 2)
    await poll(platform.verified, within)
    return seconds


async def _count(url: str, query: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        return bool(await connection.fetchval(query))
    finally:
        await connection.close()


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
