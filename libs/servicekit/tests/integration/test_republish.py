"""A broker that lost everything is filled again from the outboxes, and nobody acts twice."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from anzhi.type.v1 import types_pb2
from servicekit.settings import ServiceSettings
from testkit import a_user, poll
from toy.app import build
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub


def republish(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "servicekit.republish", *words]
    return subprocess.run(command, env={"DATABASE_JOBS_URL": url}, capture_output=True, text=True, check=False)


async def test_what_was_published_goes_out_again_in_its_order_and_has_no_second_effect(world):
    async with world.apart("again") as here:
        database = await here.database("toy")
        async with here.running("toy", ServiceSettings, build) as run:
            stub = await run.stub(ToyServiceStub, a_user(org_path=here.a_root(), permissions=("toy.read", "toy.write")))
            worth = types_pb2.Money(fen=100)
            parcel = await stub.PlaceParcel(pb.PlaceParcelRequest(request_id=str(uuid4()), title="a parcel", worth=worth))
            await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=1))
            version = "SELECT version FROM parcels WHERE id = $1::uuid"

            async def settled() -> bool:
                waiting = await run.sql("SELECT 1 FROM outbox WHERE published_at IS NULL")
                return not waiting and (await run.sql(version, parcel.id))[0]["version"] == 3

            await poll(settled)
            first = [dict(record.headers)["ce_id"] for record in await here.records("toy.parcel.v1")]
            later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
            assert republish(database.jobs, "--since", later).stdout == "0 events go out again\n"

            done = republish(database.jobs)

            kept = (await run.sql("SELECT count(*) AS n FROM outbox"))[0]["n"]
            assert done.stdout == f"{kept} events go out again\n", done.stderr
            await poll(settled)
            assert [dict(record.headers)["ce_id"] for record in await here.records("toy.parcel.v1")] == first + first
            assert (await run.sql("SELECT count(*) AS n FROM history WHERE object_id = $1", parcel.id))[0]["n"] == 3


def test_an_instant_without_a_zone_and_a_missing_url_are_refused():
    assert "has no zone" in republish("postgresql://nobody@127.0.0.1:1/none", "--since", "2026-11-24T10:00").stderr
    assert republish("").stderr == "DATABASE_JOBS_URL is not set\n"
