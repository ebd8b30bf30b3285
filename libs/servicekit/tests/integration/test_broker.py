"""The broker dies by kill -9 and comes back."""

from uuid import uuid4

import pytest_asyncio
from anzhi.type.v1 import types_pb2
from embedded.backing import Backing
from servicekit.settings import ServiceSettings
from testkit import a_user, poll
from toy.app import build
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub

ALL = ("toy.read", "toy.write")


@pytest_asyncio.fixture(loop_scope="session")
async def mortal(world, tmp_path):
    """A Kafka of this test's own."""
    backing = Backing(tmp_path / "parts", given={**world.addresses.environment, "KAFKA_BOOTSTRAP": ""}, durable=False)
    del backing.given["KAFKA_BOOTSTRAP"]
    await backing.astart()
    yield backing
    backing.stop()
    backing.forget()


async def test_calls_are_answered_without_the_broker_and_every_event_has_its_effect_once(world, mortal):
    async with (
        world.apart("broker", kafka_bootstrap=mortal.addresses.kafka_bootstrap) as here,
        here.running("toy", ServiceSettings, build) as run,
    ):
        stub = await run.stub(ToyServiceStub, a_user(org_path=here.a_root(), permissions=ALL))

        async def send_one() -> str:
            placed = await stub.PlaceParcel(pb.PlaceParcelRequest(request_id=str(uuid4()), title="x", worth=types_pb2.Money(fen=1)))
            await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=placed.id, version=1))
            return placed.id

        async def noted(wanted: int) -> bool:
            return len(await run.sql("SELECT 1 FROM history WHERE move = 'note'")) >= wanted

        before = [await send_one() for _ in range(5)]
        await poll(lambda: noted(1))
        mortal.brokers[0].kill()
        during = [await send_one() for _ in range(5)]
        assert await run.sql("SELECT 1 FROM outbox WHERE published_at IS NULL")
        await mortal.brokers[0].start()

        await poll(lambda: noted(10), deadline=60)

        rows = await run.sql("SELECT object_id, count(*) AS times FROM history WHERE move = 'note' GROUP BY object_id")
        assert {row["object_id"]: row["times"] for row in rows} == dict.fromkeys([*before, *during], 1)
        assert not await run.sql("SELECT 1 FROM outbox WHERE published_at IS NULL")
