"""A service from start to drain, as the process that operators run."""

import asyncio
import json
import signal
from contextlib import AsyncExitStack
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import grpc
import grpc.aio
import pytest
from anzhi.type.v1 import types_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from servicekit.app import Running
from servicekit.settings import ServiceSettings
from testkit import FaultyProxy, a_user, poll
from toy import adapters
from toy.app import build
from toy.processes import a_process, identity_of
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub

ALL = ("toy.read", "toy.write")


def place() -> pb.PlaceParcelRequest:
    return pb.PlaceParcelRequest(request_id=str(uuid4()), title="x", worth=types_pb2.Money(fen=1))


async def test_a_process_serves_when_it_is_ready_and_leaves_on_sigterm(world, unused_tcp_port):
    await world.make_topics(["toy.parcel.v1", "post.receipt.v1", "identity.clock.v1", "lawbook.parameters.v1"])
    async with (
        identity_of(world) as identity,
        a_process(world, "all", unused_tcp_port, IDENTITY=identity) as process,
        grpc.aio.insecure_channel(f"127.0.0.1:{unused_tcp_port}") as channel,
    ):
        health = health_pb2_grpc.HealthStub(channel)

        async def serves() -> bool:
            try:
                answer = await health.Check(health_pb2.HealthCheckRequest(service="toy.v1.ToyService"), wait_for_ready=True, timeout=5)
            except grpc.aio.AioRpcError:
                return False
            return answer.status == health_pb2.HealthCheckResponse.SERVING

        await poll(serves, deadline=30)
        badge = (("authorization", f"Bearer {world.signer.token(a_user(org_path=world.a_root(), permissions=ALL))}"),)
        parcel = await ToyServiceStub(channel).PlaceParcel(place(), metadata=badge, timeout=5)

        async def asked():
            yield reflection_pb2.ServerReflectionRequest(list_services="")

        listed = [answer async for answer in reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(asked())]
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == 0, err.decode()
    assert parcel.version == 1
    names = {service.name for service in listed[0].list_services_response.service}
    assert {"toy.v1.ToyService", "anzhi.ops.v1.OpsService", "grpc.health.v1.Health"} <= names
    lines = [json.loads(line) for line in out.decode().splitlines()]
    assert {"at", "level", "service", "text", "trace_id"} <= lines[0].keys()


async def test_migrate_is_safe_to_run_again(world, unused_tcp_port):
    async with a_process(world, "migrate", unused_tcp_port) as process:
        _, err = await asyncio.wait_for(process.communicate(), 60)

    assert process.returncode == 0, err.decode()


async def test_reference_data_is_loaded_once_however_often_it_is_asked_for(world, unused_tcp_port):
    for _ in range(2):
        async with a_process(world, "load-reference", unused_tcp_port) as process:
            _, err = await asyncio.wait_for(process.communicate(), 60)
            assert process.returncode == 0, err.decode()

    async with world.running("toy", ServiceSettings, build, roles=("serve",)) as run:
        assert len(await run.sql("SELECT 1 FROM parcels WHERE org_path = '/toys/'")) == 1


async def test_a_service_that_knows_no_identity_does_not_start(world):
    settings = await world.settings(ServiceSettings, "toy")
    async with AsyncExitStack() as stack:
        running = Running(await build(settings, stack), settings, ("serve",))

        with pytest.raises(RuntimeError, match="IDENTITY"):
            await running.start()


async def test_a_role_that_fails_for_no_outer_reason_ends_the_process(world):
    async def fail(stop):
        raise KeyError("a fault of ours")

    async def build_with_fault(settings, stack):
        return replace(await build(settings, stack), loops=(fail,))

    async with world.apart("fault") as here:
        with pytest.raises(KeyError):
            async with here.running("toy", ServiceSettings, build_with_fault, roles=("serve",)) as run:
                await poll(run.running.stop.is_set)


async def test_a_role_whose_dependency_comes_back_goes_on(world):
    tries = []

    async def shaky(stop):
        tries.append(1)
        if len(tries) < 3:
            raise ConnectionResetError
        await stop.wait()

    async def build_shaky(settings, stack):
        return replace(await build(settings, stack), loops=(shaky,))

    async with world.apart("shaky") as here, here.running("toy", ServiceSettings, build_shaky, roles=("serve",)) as run:
        await poll(lambda: len(tries) == 3)
        assert not run.running.stop.is_set()


async def test_a_secret_that_is_missing_is_named(world, unused_tcp_port):
    async with a_process(world, "migrate", unused_tcp_port, DATABASE_OWNER_URL="") as process:
        _, err = await asyncio.wait_for(process.communicate(), 60)

    assert process.returncode != 0
    assert b"DATABASE_OWNER_URL" in err


async def test_a_call_in_progress_is_answered_before_the_end(world, monkeypatch):
    entered, release, get = asyncio.Event(), asyncio.Event(), adapters.get

    async def get_slowly(uow, *, id):
        entered.set()
        await release.wait()
        return await get(uow, id=id)

    monkeypatch.setattr(adapters, "get", get_slowly)
    async with world.apart("drain") as here, here.running("toy", ServiceSettings, build, roles=("serve",)) as run:
        stub = await run.stub(ToyServiceStub, a_user(org_path=here.a_root(), permissions=ALL))
        parcel = await stub.PlaceParcel(place())
        call = asyncio.ensure_future(stub.GetParcel(pb.GetParcelRequest(id=parcel.id)))
        await entered.wait()

        drain = asyncio.ensure_future(run.running.drain())
        await poll(run.running.stop.is_set)
        release.set()
        await drain

        assert (await call).id == parcel.id
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.Ping(pb.PingRequest(), timeout=1)
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_database_that_is_away_says_so_and_the_same_request_succeeds_later(world):
    async with world.apart("away") as here:
        database = await here.database("toy")
        port = urlsplit(database.serve).port
        async with FaultyProxy("127.0.0.1", port) as proxy:
            through = database.serve.replace(f":{port}/", f":{proxy.listens_on}/")
            async with here.running("toy", ServiceSettings, build, roles=("serve",), database_url=through) as run:
                stub = await run.stub(ToyServiceStub, a_user(org_path=here.a_root(), permissions=ALL))
                request = place()
                proxy.refuse = True
                proxy.cut()
                with pytest.raises(grpc.aio.AioRpcError) as refused:
                    await stub.PlaceParcel(request)
                proxy.heal()

                async def placed():
                    try:
                        return await stub.PlaceParcel(request)
                    except grpc.aio.AioRpcError:
                        return None

                assert (await poll(placed)).version == 1
                assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
                assert len(await run.sql("SELECT 1 FROM parcels")) == 1
