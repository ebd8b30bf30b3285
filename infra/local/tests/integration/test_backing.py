"""The parts, embedded and those of production: what they acknowledged outlives a kill -9, and they do not outlive who
started them."""

import io
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from embedded import Addresses, Backing
from embedded.peers import Peers, debian
from embedded.state import CHECKOUT, MARK
from minio import Minio
from minio.commonconfig import GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention
from redis.asyncio import Redis
from testkit import poll

ROWS = 200


@pytest.fixture(scope="module")
def parent() -> Path:
    parent = CHECKOUT / ".local" / "test"
    parent.mkdir(parents=True, exist_ok=True)
    return parent


@pytest.fixture
def folder(parent: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="module", params=[Backing, Peers], ids=["embedded", "peers"])
async def backing(parent: Path, request: pytest.FixtureRequest) -> AsyncIterator[Backing]:
    if request.param is Peers and debian.missing():
        pytest.skip("; ".join(debian.left_out()))
    backing: Backing = request.param(Path(tempfile.mkdtemp(dir=parent)))
    async with backing:
        yield backing
    backing.forget()


async def test_what_was_acknowledged_outlives_a_kill_of_all(backing: Backing) -> None:
    await _store(backing.addresses)

    for part in backing.parts:
        part.kill()
    await backing.astart()

    assert await _stored(backing.addresses) == (ROWS, ROWS, "yes", b"evidence")


async def test_ports_and_secrets_stay_the_same_after_a_restart(backing: Backing) -> None:
    before = backing.addresses

    backing.stop()
    await backing.astart()

    assert backing.addresses == before


async def test_a_lock_holds_against_deletion(backing: Backing) -> None:
    store = _minio(backing.addresses)
    store.make_bucket("locked", object_lock=True)
    until = datetime.now(UTC) + timedelta(hours=1)
    version = store.put_object("locked", "a", io.BytesIO(b"a"), 1, retention=Retention(GOVERNANCE, until)).version_id

    with pytest.raises(S3Error) as refused:
        store.remove_object("locked", "a", version_id=version)

    assert refused.value.code == "AccessDenied"


async def test_nobody_comes_in_without_the_secret(backing: Backing) -> None:
    addresses = backing.addresses
    store = Minio(addresses.s3_endpoint.removeprefix("http://"), "someone", "else", secure=False)

    with pytest.raises(S3Error):
        store.list_buckets()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(addresses.pg_admin_url.replace(backing.state.secret("postgres"), "guess"))


def test_a_given_part_is_not_started(folder: Path) -> None:
    backing = Backing(folder, given={"PG_ADMIN_URL": "postgresql://somewhere/postgres", "KAFKA_BOOTSTRAP": "somewhere:9092"})

    assert [part.name for part in backing.parts] == ["valkey", "seaweedfs"]


async def test_the_parts_end_with_who_started_them(folder: Path) -> None:
    program = (
        f"from pathlib import Path; from embedded import Backing; Backing(Path({str(folder)!r})).start(); print('up', flush=True); input()"
    )
    starter = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert starter.stdout is not None
    assert starter.stdout.readline() == b"up\n"
    assert len(_children_of(folder)) >= 4

    starter.send_signal(signal.SIGKILL)
    starter.communicate()

    await poll(lambda: not _children_of(folder))
    Backing(folder).forget()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
async def test_a_private_folder_is_not_widened() -> None:
    private = Path(tempfile.mkdtemp())
    backing = Backing(
        private / "state", given=dict.fromkeys(("KAFKA_BOOTSTRAP", "REDIS_URL", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY"), "x")
    )

    async with backing:
        connection = await asyncpg.connect(backing.addresses.pg_admin_url)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()

    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    home = backing.postgres.home
    backing.forget()
    assert not home.exists()


def _children_of(folder: Path) -> list[int]:
    found = []
    for child in psutil.process_iter():
        try:
            if child.environ().get(MARK) == str(folder):
                found.append(child.pid)
        except psutil.Error:
            continue
    return found


def _minio(addresses: Addresses) -> Minio:
    return Minio(
        addresses.s3_endpoint.removeprefix("http://"), addresses.s3_access_key, addresses.s3_secret_key, secure=False, region="us-east-1"
    )


async def _store(addresses: Addresses) -> None:
    connection = await asyncpg.connect(addresses.pg_admin_url)
    await connection.execute("CREATE TABLE kept (n int)")
    admin = AIOKafkaAdminClient(bootstrap_servers=addresses.kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("kept", 1, len(addresses.kafka_bootstrap.split(",")))])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=addresses.kafka_bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    redis = Redis.from_url(addresses.redis_url)
    await redis.set("kept", "yes")
    await poll(lambda: _appended(redis))
    store = _minio(addresses)
    store.make_bucket("kept")
    store.put_object("kept", "kept", io.BytesIO(b"evidence"), 8)
    for n in range(ROWS):
        await connection.execute("INSERT INTO kept VALUES ($1)", n)
        await producer.send_and_wait("kept", str(n).encode())
    await producer.stop()
    await redis.aclose()
    await connection.close()


async def _appended(redis: Redis) -> bool:
    """Valkey writes to its file once a second."""
    return int((await redis.info("persistence"))["aof_buffer_length"]) == 0


async def _stored(addresses: Addresses) -> tuple[int, int, str, bytes]:
    connection = await asyncpg.connect(addresses.pg_admin_url)
    rows = await connection.fetchval("SELECT count(*) FROM kept")
    await connection.close()
    consumer = AIOKafkaConsumer(bootstrap_servers=addresses.kafka_bootstrap)
    await consumer.start()
    end = (await consumer.end_offsets([TopicPartition("kept", 0)]))[TopicPartition("kept", 0)]
    await consumer.stop()
    redis = Redis.from_url(addresses.redis_url, decode_responses=True)
    value = await redis.get("kept")
    await redis.aclose()
    answer = _minio(addresses).get_object("kept", "kept")
    content = answer.read()
    answer.close()
    return rows, end, value, content
