"""What an operator may have got wrong, planted one by one: one sentence names it, and nothing is half done."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from minio import Minio
from pydantic import SecretStr
from servicekit import broker, check, install, migrations, topics
from servicekit.settings import BrokerSettings, ObjectSettings, ServiceSettings
from testkit import FaultyProxy
from testkit.database import drop_database, make_database

HERE = Path(__file__).parents[1]
NOWHERE = "127.0.0.1:1"


class Settings(ObjectSettings):
    redis_url: SecretStr


@pytest_asyncio.fixture(loop_scope="session")
async def database(world, request) -> AsyncIterator:
    made = await make_database(
        world.addresses.pg_admin_url, "toy", f"{world.prefix}_{abs(hash(request.node.name)) % 10**6}", migrated=False
    )
    yield made
    await drop_database(world.addresses.pg_admin_url, made.name)


@pytest.fixture
def key(tmp_path) -> Path:
    made = ec.generate_private_key(ec.SECP256R1())
    file = tmp_path / "service.pem"
    file.write_bytes(made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return file


@pytest.fixture
def good(world, database, key) -> dict:
    """All that is right."""
    return {
        "database_url": database.serve,
        "database_jobs_url": database.jobs,
        "database_owner_url": database.owner,
        "kafka_bootstrap": world.addresses.kafka_bootstrap,
        "topic_prefix": f"{world.prefix}.faults.",
        "topic_replicas": 1,
        "redis_url": world.addresses.redis_url,
        "service_key_file": key,
        "s3_endpoint": world.addresses.s3_endpoint,
        "s3_access_key": world.addresses.s3_access_key,
        "s3_secret_key": world.addresses.s3_secret_key,
        "s3_bucket_prefix": world.prefix.replace("_", "-") + "-faults-",
    }


async def found(name: str = "toy", **given) -> list[str]:
    return await check.faults(name, Settings(**given), database=True, buckets=["toys"])


async def only(sentences: list[str]) -> str:
    assert len(sentences) == 1, sentences
    return sentences[0]


async def test_an_empty_database_a_broker_without_topics_and_a_store_without_bucket_are_fine(good):
    assert await found(**good) == []


async def test_a_migrated_database_is_fine_as_well(good, database):
    await asyncio.to_thread(migrations.migrate, migrations.folder("toy"), database.owner)

    assert await found(**good) == []


@pytest.mark.parametrize("variable", ["database_url", "database_jobs_url", "database_owner_url"])
async def test_each_address_of_the_database_is_tried(good, variable):
    place = good[variable].rpartition("@")[2]
    kind = {"database_url": "serve", "database_jobs_url": "jobs", "database_owner_url": "owner"}[variable]

    wrong_password = await only(await found(**good | {variable: f"postgresql://toy_{kind}:wrong-word@{place}"}))
    away = await only(await found(**good | {variable: f"postgresql://toy_{kind}:wrong-word@{NOWHERE}/toy"}))
    no_database = await only(await found(**good | {variable: good[variable].rpartition("/")[0] + "/nothing_here"}))
    unset = await only(await found(**{name: value for name, value in good.items() if name != variable}))

    assert wrong_password.startswith(f"{variable.upper()}: ")
    assert f"refuses the role toy_{kind} or its password" in wrong_password
    assert away == f"{variable.upper()}: no PostgreSQL answers at {NOWHERE}."
    assert "has no database nothing_here" in no_database
    assert unset == f"{variable.upper()} is not set."
    assert "wrong-word" not in wrong_password + away


async def test_who_serves_may_own_nothing_and_be_no_superuser(world, good, database):
    await asyncio.to_thread(migrations.migrate, migrations.folder("toy"), database.owner)

    owner = await found(**good | {"database_url": database.owner})
    admin = await found(**good | {"database_url": database.admin})

    assert "DATABASE_URL: the role is toy_owner; grants and policies are for toy_serve." in owner
    assert any("superuser" in sentence and "toy_serve" in sentence for sentence in admin)


async def test_a_table_that_the_serving_role_owns_is_found(good, database):
    admin = await asyncpg.connect(database.admin)
    await admin.execute("CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO toy_serve")
    await admin.close()

    sentences = await found(**good)

    assert any(sentence.startswith("DATABASE_URL: the role toy_serve owns tables") for sentence in sentences)
    assert any(sentence.startswith("DATABASE_OWNER_URL: the role toy_owner does not own") for sentence in sentences)


async def test_the_three_addresses_lead_to_one_database(world, good):
    other = await make_database(world.addresses.pg_admin_url, "toy", f"{world.prefix}_other", migrated=False)
    try:
        sentence = await only(await found(**good | {"database_jobs_url": other.jobs}))
    finally:
        await drop_database(world.addresses.pg_admin_url, other.name)

    assert sentence.endswith("do not lead to the same database.")


async def test_a_newer_schema_is_named_and_migrate_leaves_it_alone(good, database, monkeypatch):
    await asyncio.to_thread(migrations.migrate, migrations.folder("toy"), database.owner)
    owner = await asyncpg.connect(database.owner)
    await owner.execute("UPDATE alembic_version SET version_num = '0042'")

    sentence = await only(await found(**good))
    with pytest.raises(SystemExit) as ended:
        await asyncio.to_thread(install.run_migrate, "toy", ServiceSettings(database_owner_url=database.owner))
    with pytest.raises(migrations.Refused):
        await asyncio.to_thread(migrations.migrate, migrations.folder("toy"), database.owner)

    assert sentence.startswith("DATABASE_OWNER_URL: the schema is at 0042 and this code ends at 0001")
    assert ended.value.code == f"toy: {sentence}"
    assert await owner.fetchval("SELECT version_num FROM alembic_version") == "0042"
    await owner.close()


@pytest.mark.parametrize("role", ["serve", "admin", "nobody"])
async def test_migrate_makes_nothing_unless_it_is_the_owner(database, role):
    urls = {"serve": database.serve, "admin": database.admin, "nobody": f"postgresql://toy_owner:x@{NOWHERE}/toy"}
    with pytest.raises(SystemExit) as ended:
        await asyncio.to_thread(install.run_migrate, "toy", ServiceSettings(database_owner_url=urls[role], check_seconds=0))

    admin = await asyncpg.connect(database.admin)
    assert str(ended.value.code).startswith("toy: DATABASE_OWNER_URL: ")
    assert await admin.fetchval("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0
    await admin.close()


async def test_two_migrations_at_once_are_one(database):
    generated = next(path for path in sys.modules["toy"].__path__ if path != str(HERE / "toy"))
    run = f"import sys, toy; toy.__path__.append({generated!r}); sys.argv = ['toy', 'migrate']; import toy.__main__"
    env = {"DATABASE_OWNER_URL": database.owner, "PYTHONPATH": str(HERE)}
    ended = [await asyncio.create_subprocess_exec(sys.executable, "-c", run, env=env, stderr=asyncio.subprocess.PIPE) for _ in range(2)]
    said = [await process.communicate() for process in ended]

    assert [process.returncode for process in ended] == [0, 0], said
    owner = await asyncpg.connect(database.owner)
    assert [row[0] for row in await owner.fetch("SELECT version_num FROM alembic_version")] == ["0001"]
    await owner.close()


async def test_a_migration_that_breaks_keeps_nothing_of_itself(database, tmp_path, monkeypatch):
    import shutil

    place = tmp_path / "migrations"
    shutil.copytree(migrations.folder("toy"), place)
    (place / "versions" / "0002_broken.py").write_text(
        '"""Broken."""\nfrom alembic import op\nrevision, down_revision = "0002", "0001"\n\n\ndef upgrade() -> None:\n'
        '    op.execute("CREATE TABLE half (id int)")\n    op.execute("SELECT 1/0")\n'
    )
    (place / "HEAD").write_text("0002\n")
    monkeypatch.setattr(migrations, "folder", lambda service: place)

    with pytest.raises(SystemExit) as ended:
        await asyncio.to_thread(install.run_migrate, "toy", ServiceSettings(database_owner_url=database.owner))

    owner = await asyncpg.connect(database.owner)
    assert "nothing was kept; run it again" in str(ended.value.code)
    assert await owner.fetchval("SELECT version_num FROM alembic_version") == "0001"
    assert await owner.fetchval("SELECT to_regclass('half')") is None
    await owner.close()


async def test_a_broker_that_is_away_or_too_small_is_named(good):
    away = await only(await found(**good | {"kafka_bootstrap": NOWHERE}))
    brokers = len(good["kafka_bootstrap"].split(","))
    small = await only(await found(**good | {"topic_replicas": brokers + 1}))

    assert away == f"KAFKA_BOOTSTRAP: no broker answers at {NOWHERE}."
    assert small.startswith(f"KAFKA_BOOTSTRAP: the cluster has {brokers} broker(s), and TOPIC_REPLICAS asks for {brokers + 1}")


async def test_what_listens_and_is_no_such_broker_is_named(good):
    told = {"kafka_security_protocol": "SASL_PLAINTEXT", "kafka_username": "anzhi", "kafka_password": "wrong-word"}

    sentence = await only(await found(**good | told))

    assert "KAFKA_SECURITY_PROTOCOL SASL_PLAINTEXT" in sentence
    assert "wrong-word" not in sentence


@pytest.fixture
async def admin(world) -> AsyncIterator[AIOKafkaAdminClient]:
    async with broker.administration(BrokerSettings(kafka_bootstrap=world.addresses.kafka_bootstrap)) as made:
        yield made
        mine = [name for name in await made.list_topics() if name.startswith(f"{world.prefix}.faults.")]
        if mine:
            await made.delete_topics(mine)


async def topics_run(good, *words: str) -> tuple[int, str, str]:
    env = {name: good[name.lower()] for name in ("KAFKA_BOOTSTRAP", "TOPIC_PREFIX")} | {
        "TOPIC_REPLICAS": str(good["topic_replicas"]),
        "CHECK_SECONDS": "0",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "servicekit.topics", *words, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_topics_are_made_once_and_one_that_is_too_small_stops_everything(good, admin):
    small = f"{good['topic_prefix']}penalties.case.v1"
    await admin.create_topics([NewTopic(small, 1, 1)])

    code, _, err = await topics_run(good)
    assert (code, len(err.splitlines())) == (1, 1)
    assert f"Topic {small} has 1 partition(s) and needs 6" in err
    assert [name for name in await admin.list_topics() if name.startswith(good["topic_prefix"])] == [small]
    # The same sentence comes from the check of who reads or writes it.
    assert any(small in sentence for sentence in await found("penalties", **good))

    code, out, err = await topics_run(good, "--extend")
    assert (code, err) == (0, "")
    assert out == f"topics: {len(topics.declared())} made, 0 were there\n"
    code, out, err = await topics_run(good)
    assert (code, out + err) == (0, f"topics: 0 made, {len(topics.declared())} were there\n")
    described = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics([small])}
    assert described == {small: 6}


async def test_topics_say_what_is_wrong_with_the_broker(good):
    more = len(good["kafka_bootstrap"].split(",")) + 1
    wrongs = ({"kafka_bootstrap": NOWHERE}, "no broker answers"), ({"topic_replicas": more}, f"TOPIC_REPLICAS asks for {more}")
    for wrong, said in wrongs:
        code, _, err = await topics_run(good | wrong)
        assert (code, len(err.splitlines())) == (1, 1)
        assert said in err


async def test_who_does_not_answer_yet_is_asked_again_and_who_refuses_is_not(good):
    place, asked = urlsplit(good["redis_url"]), []
    async with FaultyProxy(place.hostname, place.port) as proxy:
        proxy.refuse = True

        async def not_yet() -> list[str]:
            asked.append(1)
            proxy.refuse = len(asked) < 3
            return await found(**good | {"redis_url": f"redis://:{place.password}@{proxy.address}/0"})

        assert await broker.patiently(30, not_yet) == []
    assert len(asked) == 3
    asked.clear()

    async def refused() -> list[str]:
        asked.append(1)
        return await found(**good | {"s3_secret_key": "wrong-word-of-forty-characters-and-more"})

    assert len(await broker.patiently(30, refused)) == 1
    assert len(asked) == 1


async def test_redis_that_is_away_or_refuses_is_named(good, world):
    away = await only(await found(**good | {"redis_url": f"redis://{NOWHERE}/0"}))
    refused = await only(await found(**good | {"redis_url": f"redis://:wrong-word@{world.addresses.redis_url.rpartition('@')[2]}"}))

    assert away.startswith(f"REDIS_URL: no Redis answers at {NOWHERE}")
    assert "refuses the password" in refused
    assert "wrong-word" not in refused


async def test_a_bucket_without_lock_is_named_and_one_with_lock_is_proved(good, world, capsys):
    store = Minio(
        world.addresses.s3_endpoint.removeprefix("http://"),
        world.addresses.s3_access_key,
        world.addresses.s3_secret_key,
        secure=False,
        region="us-east-1",
    )
    open_ = good["s3_bucket_prefix"] + "open-"
    await asyncio.to_thread(store.make_bucket, f"{open_}toys")

    sentence = await only(await found(**good | {"s3_bucket_prefix": open_}))
    told = ObjectSettings(**{name: value for name, value in good.items() if name.startswith("s3_")})
    with pytest.raises(SystemExit) as ended:
        await asyncio.to_thread(install.run_buckets, "toy", told.model_copy(update={"s3_bucket_prefix": open_}), ["toys"])
    for _ in range(2):
        await asyncio.to_thread(install.run_buckets, "toy", told, ["toys"])

    assert sentence.startswith(f"S3_BUCKET_PREFIX: the bucket {open_}toys has no object lock")
    assert str(ended.value.code) == f"toy: {sentence}"
    assert "keeps what is locked" in capsys.readouterr().out
    assert await found(**good) == []


async def test_a_store_that_is_away_or_refuses_the_keys_is_named(good):
    away = await only(await found(**good | {"s3_endpoint": f"http://{NOWHERE}"}))
    refused = await only(await found(**good | {"s3_secret_key": "wrong-word-of-forty-characters-and-more"}))

    assert away.startswith(f"S3_ENDPOINT: no object store answers at http://{NOWHERE}")
    assert refused.startswith("S3_ACCESS_KEY, S3_SECRET_KEY: the store")
    assert "wrong-word" not in refused


async def test_a_key_that_is_missing_or_none_is_named(good, key, tmp_path):
    missing = await only(await found(**good | {"service_key_file": tmp_path / "no.pem"}))
    key.write_text("no key")
    none = await only(await found(**good))

    assert missing == f"SERVICE_KEY_FILE: there is no {tmp_path / 'no.pem'}; is the secret mounted?"
    assert none == f"SERVICE_KEY_FILE: {key} is no private key in PEM."
