"""Wrong values, before anything is installed: one sentence names what to mend, and nothing is half there."""

import json
from collections.abc import Callable, Iterator, Mapping

import asyncpg
import pytest
import yaml
from cluster.kubectl import Kubectl
from minio import Minio

from tests.cluster.conftest import PLATFORM, address, of
from tests.cluster.helm import Helm, HelmFailed
from tests.cluster.images import Tags
from tests.cluster.platform import Secrets
from tests.cluster.report import Report

VALUES = PLATFORM / "values-test.yaml"
Refusal = Callable[[Mapping[str, str]], str]


@pytest.fixture
def refusal(
    helm: Helm, settings: dict[str, str], tags: Tags, kubectl: Kubectl, secrets: Secrets, figures: Report, request: pytest.FixtureRequest
) -> Iterator[Refusal]:
    """Installs with these settings, and answers what helm said."""

    def install(more: Mapping[str, str]) -> str:
        with pytest.raises(HelmFailed) as failed:
            helm.install("anzhi", PLATFORM, VALUES, settings | {"global.image.tag": tags.new} | dict(more), timeout="4m")
        return str(failed.value)

    yield install
    kubectl("delete", "jobs", "--all", "--wait=true")
    if "anzhi" in helm("list", "--short")[0].split():
        helm.uninstall("anzhi")
    secrets.apply()


async def tables(kubectl: Kubectl, secrets: Secrets) -> list[str]:
    """All tables of all databases of the platform."""
    at = f"postgresql://postgres:{secrets.read('anzhi-backing')['POSTGRES_PASSWORD']}@{address(kubectl, 'postgres')}:5432"
    found = []
    for name in [name for (name,) in await asked(f"{at}/postgres", "SELECT datname FROM pg_database WHERE NOT datistemplate")]:
        found += [
            f"{name}.{table}" for (table,) in await asked(f"{at}/{name}", "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
    return found


async def asked(url: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url, ssl=False)
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()


def sentence(said: str, name: str) -> str:
    """The one with the name in it, out of what helm and the log of a hook say."""
    told = said.replace("\\n", "\n").replace('level=INFO msg="', "").replace("Error: INSTALLATION FAILED: ", "")
    lines = [line.strip().strip('"') for line in told.splitlines() if name in line]
    assert lines, said
    return lines[-1]


async def test_the_legal_clock_is_refused_in_production(refusal: Refusal, kubectl: Kubectl, secrets: Secrets, figures: Report):
    said = refusal({"global.environment": "production"})

    assert "legalClock" in said
    assert await tables(kubectl, secrets) == []
    figures.note("bad input: legal clock in production", said=sentence(said, "legalClock")[:200])


async def test_a_missing_secret_is_named(refusal: Refusal, kubectl: Kubectl, secrets: Secrets, figures: Report):
    kubectl("delete", "secret", "anzhi-penalties")

    said = refusal({})

    assert "anzhi-penalties" in said
    assert of(kubectl, "pods", "--selector=app.kubernetes.io/instance=anzhi") == []
    assert await tables(kubectl, secrets) == []
    figures.note("bad input: missing secret", said=sentence(said, "anzhi-penalties")[:200])


async def test_a_database_that_does_not_answer_is_named(refusal: Refusal, kubectl: Kubectl, secrets: Secrets, figures: Report):
    url = secrets.read("anzhi-worklist")["DATABASE_OWNER_URL"].replace("@postgres:", "@postgres-elsewhere:")
    kubectl("patch", "secret", "anzhi-worklist", "--patch", json.dumps({"stringData": {"DATABASE_OWNER_URL": url}}))

    said = refusal({})

    assert "DATABASE_OWNER_URL" in said
    assert "postgres-elsewhere" in said
    assert await tables(kubectl, secrets) == []
    figures.note("bad input: unreachable database", said=sentence(said, "DATABASE_OWNER_URL")[:200])


async def test_a_bucket_without_lock_is_named(refusal: Refusal, kubectl: Kubectl, secrets: Secrets, figures: Report):
    keys = secrets.read("anzhi-backing")
    store = Minio(f"{address(kubectl, 's3')}:8333", keys["S3_ACCESS_KEY"], keys["S3_SECRET_KEY"], secure=False)
    store.make_bucket("evidence")
    try:
        said = refusal({})

        assert "evidence" in sentence(said, "object lock")
        assert await tables(kubectl, secrets) == []
    finally:
        store.remove_bucket("evidence")
    figures.note("bad input: bucket without lock", said=sentence(said, "object lock")[:200])


TOPIC = "penalties.case.v1"
MAKE = """
import asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

async def main():
    admin = AIOKafkaAdminClient(bootstrap_servers="kafka:9092")
    await admin.start()
    try:
        await VERB
    finally:
        await admin.close()

asyncio.run(main())
"""
CREATE = MAKE.replace("VERB", f'admin.create_topics([NewTopic("{TOPIC}", num_partitions=1, replication_factor=1)])')
DELETE = MAKE.replace("VERB", f'admin.delete_topics(["{TOPIC}"])')


def run_inside(kubectl: Kubectl, tag: str, code: str) -> None:
    """Python in a pod that may reach the broker."""
    container = {
        "name": "once",
        "image": f"localhost/anzhi/penalties:{tag}",
        "imagePullPolicy": "Never",
        "command": ["/app/bin/python", "-c", code],
        "securityContext": {"runAsUser": 10001, "allowPrivilegeEscalation": False},
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "once", "labels": {"anzhi.io/reaches-kafka": "true"}},
        "spec": {"restartPolicy": "Never", "containers": [container]},
    }
    kubectl("apply", "--filename", "-", given=yaml.safe_dump(pod))
    try:
        kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/once", "--timeout=120s")
    finally:
        kubectl("delete", "pod", "once")


async def test_a_topic_with_too_few_partitions_is_named(refusal: Refusal, kubectl: Kubectl, secrets: Secrets, tags: Tags, figures: Report):
    run_inside(kubectl, tags.new, CREATE)
    try:
        said = refusal({})

        assert TOPIC in sentence(said, "partition")
        assert await tables(kubectl, secrets) == []
    finally:
        run_inside(kubectl, tags.new, DELETE)
    figures.note("bad input: too few partitions", said=sentence(said, "partition")[:200])
