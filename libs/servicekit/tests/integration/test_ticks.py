"""Timers, the legal clock, law parameters."""

import asyncio
import gc
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import grpc
import grpc.aio
import pytest
from anzhi.identity.v1.events_pb2 import LegalNowSet
from anzhi.lawbook.v1.events_pb2 import ParametersPublished
from anzhi.ops.v1 import ops_pb2
from anzhi.ops.v1.ops_pb2_grpc import OpsServiceStub
from anzhi.type.v1 import types_pb2
from kernel.moves import Transition
from servicekit.db import transaction
from servicekit.faults import Unavailable
from servicekit.settings import ServiceSettings
from servicekit.ticks import Ticks
from testkit import a_user, poll
from toy import adapters
from toy.app import build
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub

ALL = ("toy.read", "toy.write")


async def a_parcel(toy, root):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=root, permissions=ALL))
    request = pb.PlaceParcelRequest(request_id=str(uuid4()), title="x", worth=types_pb2.Money(fen=1))
    return stub, await stub.PlaceParcel(request)


async def test_a_timer_that_ends_moves_its_object_at_the_instant_it_ended(toy, world):
    root = world.a_root()
    stub, parcel = await a_parcel(toy, root)
    expires = (await toy.sql("SELECT expires_at FROM timers WHERE object_id = $1::uuid", parcel.id))[0]["expires_at"]

    swept = await world.set_legal_now(root, datetime.now(UTC) + timedelta(days=400))

    assert swept == 1
    lost = await stub.GetParcel(pb.GetParcelRequest(id=parcel.id))
    assert lost.state == pb.Parcel.STATE_LOST
    assert lost.timers[0].state == "BREACHED"
    moved = (await toy.sql("SELECT * FROM history WHERE object_id = $1 AND move = 'lose'", parcel.id))[0]
    assert (moved["at"], list(moved["actors"])) == (expires, ["system"])


async def test_another_root_keeps_its_time(toy, world):
    moved, still = world.a_root(), world.a_root()
    _, parcel = await a_parcel(toy, still)

    await world.set_legal_now(moved, datetime.now(UTC) + timedelta(days=400))

    assert (await toy.sql("SELECT state FROM parcels WHERE id = $1::uuid", parcel.id))[0]["state"] == "PLACED"


async def test_legal_now_of_a_move_follows_the_clock_of_the_root(toy, world):
    root = world.a_root()
    at = datetime.now(UTC) + timedelta(days=100)
    await world.set_legal_now(root, at)

    _, parcel = await a_parcel(toy, root)

    placed = parcel.placed_at.ToDatetime(tzinfo=UTC)
    assert abs(placed - at) < timedelta(minutes=1)
    recorded = (await toy.sql("SELECT recorded_at FROM history WHERE object_id = $1", parcel.id))[0]["recorded_at"]
    assert abs(recorded - datetime.now(UTC)) < timedelta(minutes=1)


async def test_the_clock_does_not_go_back(toy, world):
    root = world.a_root()
    stub = await toy.stub(OpsServiceStub, service="identity")
    for seconds in (1000, 10):
        await stub.SweepTo(ops_pb2.SweepToRequest(root=root, offset_seconds=seconds))

    assert (await toy.sql("SELECT offset_seconds FROM legal_clock WHERE root = $1", root))[0]["offset_seconds"] == 1000


async def test_the_clock_follows_the_event_too(toy, world):
    root = world.a_root()

    await world.produce("identity.clock.v1", LegalNowSet(root=root, offset_seconds=77), key=root, root=root)

    await poll(lambda: toy.sql("SELECT 1 FROM legal_clock WHERE root = $1 AND offset_seconds = 77", root))


async def test_a_timer_whose_move_is_refused_is_breached_all_the_same(toy, world):
    root = world.a_root()
    stub, parcel = await a_parcel(toy, root)
    await toy.sql("UPDATE parcels SET state = 'SEALED', version = version + 1 WHERE id = $1::uuid", parcel.id)

    await world.set_legal_now(root, datetime.now(UTC) + timedelta(days=400))

    assert (await stub.GetParcel(pb.GetParcelRequest(id=parcel.id))).timers[0].state == "BREACHED"
    line = (await toy.sql("SELECT * FROM history WHERE object_id = $1 AND move = 'breach'", parcel.id))[0]
    assert (line["row"], line["target"], line["version"]) == ("D08", "BREACHED", None)


async def test_a_new_version_of_the_law_derives_open_timers_anew(world):
    async with world.apart("law") as here, here.running("toy", ServiceSettings, build) as run:
        _, parcel = await a_parcel(run, world.a_root())
        before = (await run.sql("SELECT * FROM timers WHERE object_id = $1::uuid", parcel.id))[0]
        closed = {"date": before["legal_expiry"], "kind": "off", "source": "notice"}
        overrides = json.dumps({"calendar": {"days": [closed]}}).encode()

        # The first version touches no timer, the second takes away its last day.
        for version, changes in ((2, b"{}"), (3, overrides)):
            event = ParametersPublished(version=version, overrides=changes, source="notice")
            await here.produce("lawbook.parameters.v1", event, key="parameters")
        await poll(lambda: run.sql("SELECT 1 FROM timers WHERE object_id = $1::uuid AND law_version = 'lawbook-3'", parcel.id))

        after = (await run.sql("SELECT * FROM timers WHERE object_id = $1::uuid", parcel.id))[0]
        assert after["legal_expiry"] > before["legal_expiry"]
        assert [entry["legal_expiry"] for entry in json.loads(after["earlier"])] == [before["legal_expiry"]]
        lines = await run.sql("SELECT deadlines, reason FROM history WHERE object_id = $1 AND move = 'recompute'", parcel.id)
        assert [tuple(line["deadlines"]) for line in lines] == [(f"D08: {before['legal_expiry']} -> {after['legal_expiry']}",)]
        _, later = await a_parcel(run, world.a_root())
        assert later.timers[0].law_version == "lawbook-3"


async def test_where_legal_time_is_not_known_nothing_is_written(world):
    async with world.apart("clock") as here, here.running("toy", ServiceSettings, build) as run:
        asked = []

        async def away(root: str) -> int:
            asked.append(root)
            raise Unavailable("identity is away")

        run.service.sessions.clock.ask = away
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await a_parcel(run, world.a_root())

        assert asked
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
        assert not await run.sql("SELECT 1 FROM parcels")


async def test_a_fault_in_one_handler_stops_neither_the_others_nor_the_service(world, monkeypatch):
    failed = []

    async def on_d08(uow, timer, facts):
        if not failed or timer.id in failed:
            failed.append(timer.id)
            raise KeyError("a fault of ours")
        await adapters.on_d08(uow, timer, facts)

    monkeypatch.setattr("toy.app.on_d08", on_d08)
    async with world.apart("poison") as here, here.running("toy", ServiceSettings, build) as run:
        root = here.a_root()
        for _ in range(2):
            await a_parcel(run, root)
        offset = timedelta(days=400).total_seconds()
        await here.produce("identity.clock.v1", LegalNowSet(root=root, offset_seconds=int(offset)), key=root, root=root)

        await poll(lambda: run.sql("SELECT 1 FROM parcels WHERE state = 'LOST'"))

        assert len(set(failed)) == 1
        assert len(await run.sql("SELECT 1 FROM timers WHERE state = 'RUNNING'")) == 1
        assert not run.running.stop.is_set()
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await here.set_legal_now(root, datetime.now(UTC) + timedelta(days=401))
        assert refused.value.code() is grpc.StatusCode.INTERNAL


async def test_a_root_that_was_never_set_is_asked_for_and_may_first_be_set_to_the_past(toy, world):
    root = world.a_root()
    await a_parcel(toy, root)
    toy.running.ticks._learned = float("-inf")
    await poll(lambda: toy.sql("SELECT 1 FROM legal_clock WHERE root = $1 AND offset_seconds = 0", root))

    stub = await toy.stub(OpsServiceStub, service="identity")
    await stub.SweepTo(ops_pb2.SweepToRequest(root=root, offset_seconds=-1000))

    assert (await toy.sql("SELECT offset_seconds FROM legal_clock WHERE root = $1", root))[0]["offset_seconds"] == -1000


async def test_two_sweepers_at_once_double_nothing(toy, world):
    root, other, number = world.a_root(), world.a_root(), 60
    _, parcel = await a_parcel(toy, root)
    named = await toy.sql("SELECT column_name FROM information_schema.columns WHERE table_name = 'timers'")
    columns = [row["column_name"] for row in named]
    taken = ", ".join({"id": "gen_random_uuid()", "object_id": "object.id"}.get(name, f"timers.{name}") for name in columns)
    await toy.sql(
        "INSERT INTO parcels SELECT gen_random_uuid(), org_path, state, title, worth, placed_at, due_on, version"
        " FROM parcels, generate_series(1, $2) WHERE id = $1::uuid",
        parcel.id,
        number - 1,
    )
    await toy.sql(
        f"INSERT INTO timers ({', '.join(columns)}) SELECT {taken} FROM timers, parcels object"
        " WHERE timers.object_id = $1::uuid AND object.org_path = $2 AND object.id <> $1::uuid",
        parcel.id,
        root,
    )
    _, still = await a_parcel(toy, other)
    await toy.sql(
        "INSERT INTO legal_clock (root, offset_seconds) VALUES ($1, $2) ON CONFLICT (root) DO UPDATE SET offset_seconds = $2",
        root,
        400 * 86_400,
    )

    one, two = (Ticks(toy.service.sessions, toy.service.store, toy.service.ticks, toy.settings) for _ in range(2))
    await asyncio.gather(one.sweep(), two.sweep(), one.sweep(root), two.sweep(root))

    lost = await toy.sql("SELECT object_id FROM history WHERE org_path = $1 AND move = 'lose'", root)
    assert len(lost) == len({row["object_id"] for row in lost}) == number
    assert len(await toy.sql("SELECT 1 FROM timers WHERE org_path = $1 AND state = 'BREACHED'", root)) == number
    assert (await toy.sql("SELECT state FROM timers WHERE object_id = $1::uuid", still.id))[0]["state"] == "RUNNING"


@pytest.mark.parametrize("alone", [False, True], ids=["beside a timer", "and nothing else changed"])
async def test_a_line_of_history_outlives_the_object_that_a_handler_let_go(toy, world, alone):
    """A period ended, the case itself stayed as it was, Python freed it, and the line was gone (2026-11)."""
    root = world.a_root()
    _, placed = await a_parcel(toy, root)

    async with transaction(toy.service.sessions, adapters.Store, jobs=True, scope=root, root=root) as uow:
        parcel, now = await uow.parcel(UUID(placed.id)), datetime.now(UTC)
        if not alone:
            parcel.timers[0].breach(now)
        parcel._note(Transition("parcel", placed.id, "D08", "breach", "PLACED", "PLACED", ("system",), now, (), (), (), "ended", "let go"))
        del parcel
        gc.collect()

    noted = await toy.sql("SELECT version FROM history WHERE object_id = $1 AND cause = 'let go'", placed.id)
    assert [line["version"] for line in noted] > [placed.version]
