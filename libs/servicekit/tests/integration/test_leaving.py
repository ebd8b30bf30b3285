"""Replicas that come and go under calls: nobody who calls notices."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import grpc.aio
import pytest
from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceServicer, IdentityServiceStub, add_IdentityServiceServicer_to_server
from grpc_health.v1 import health_pb2, health_pb2_grpc
from servicekit.app import LIVE, Running, Service
from servicekit.faults import Unavailable
from servicekit.grpc import channel
from servicekit.settings import ServiceSettings
from testkit import poll

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
ASK = identity_pb2.GetJwksRequest()


class Keys(IdentityServiceServicer):
    def __init__(self) -> None:
        self.asked = 0
        self.away = False

    async def GetJwks(self, request, context):
        self.asked += 1
        if self.away:
            raise Unavailable("the database is away")
        await asyncio.sleep(0.005)  # in progress for a while, as a call is
        return identity_pb2.GetJwksResponse(jwks="{}")


async def a_replica(keys: Keys, port: int = 0, **given: float) -> Running:
    async def jwks() -> str:
        return json.dumps({"keys": []})

    settings = ServiceSettings(service_name="identity", listen=f"127.0.0.1:{port}", **given)
    running = Running(Service("identity", grpc=[(add_IdentityServiceServicer_to_server, keys)], keys=jwks), settings, ("serve",))
    await running.start()
    return running


class Callers:
    """Forty at a time, until told to stop."""

    def __init__(self, stub: IdentityServiceStub) -> None:
        self.stub, self.answered, self.failed, self.stopped = stub, 0, [], False
        self.tasks = [asyncio.create_task(self.call()) for _ in range(40)]

    async def call(self) -> None:
        while not self.stopped:
            try:
                await self.stub.GetJwks(ASK, timeout=10)
                self.answered += 1
            except grpc.aio.AioRpcError as error:
                self.failed.append(f"{error.code()}: {error.details()}")

    async def more(self, count: int) -> None:
        wanted = self.answered + count
        await poll(lambda: self.answered >= wanted or self.failed, deadline=20)

    async def end(self) -> None:
        self.stopped = True
        await asyncio.gather(*self.tasks)


@pytest.mark.parametrize(
    ("given", "leave"),
    [
        ({"drain_delay_seconds": 0.3}, Running.drain),
        ({}, Running.drain),
        ({"connection_seconds": 0.2}, Running.drain),
        ({}, lambda running: running._server.stop(None)),
    ],
    ids=["with a delay", "at once", "while clients connect anew all the time", "without a word"],
)
async def test_no_call_is_lost_while_two_replicas_are_replaced_in_turn(
    given: dict[str, float], leave: Callable[[Running], Awaitable[None]]
):
    keys = Keys()
    replicas = [await a_replica(keys, **given) for _ in range(2)]
    ports = [replica.port for replica in replicas]
    async with channel(ServiceSettings(), "ipv4:" + ",".join(f"127.0.0.1:{port}" for port in ports)) as opened:
        callers = Callers(IdentityServiceStub(opened))
        await callers.more(200)
        for turn in (0, 1, 0, 1):
            await leave(replicas[turn])
            await callers.more(100)
            await replicas[turn].drain()
            replicas[turn] = await a_replica(keys, ports[turn], **given)
            await callers.more(200)
        await callers.end()
    for replica in replicas:
        await replica.drain()

    assert not callers.failed
    assert keys.asked >= callers.answered


async def test_who_leaves_says_so_at_once_and_answers_on_for_a_while():
    replica = await a_replica(Keys(), drain_delay_seconds=1.0)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{replica.port}") as opened:
        health, stub = health_pb2_grpc.HealthStub(opened), IdentityServiceStub(opened)

        async def status(of: str) -> int:
            return (await health.Check(health_pb2.HealthCheckRequest(service=of), timeout=2)).status

        assert [await status(of) for of in ("", LIVE)] == [SERVING, SERVING]

        drain = asyncio.create_task(replica.drain())
        await poll(replica.leaving.is_set)
        assert [await status(of) for of in ("", LIVE)] == [NOT_SERVING, SERVING]
        assert (await stub.GetJwks(ASK, timeout=2)).jwks == "{}"
        assert not replica.stop.is_set()
        await drain

        with pytest.raises(grpc.aio.AioRpcError):
            await stub.GetJwks(ASK, timeout=2)


async def test_it_is_live_before_it_is_ready_and_leaves_even_then():
    settings = ServiceSettings(service_name="identity", listen="127.0.0.1:0", drain_delay_seconds=60.0)

    async def jwks() -> str:
        raise Unavailable("not yet")

    running = Running(Service("identity", grpc=[(add_IdentityServiceServicer_to_server, Keys())], keys=jwks), settings, ("serve",))
    start = asyncio.create_task(running.start())
    await poll(lambda: running.port)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{running.port}") as opened:
        health = health_pb2_grpc.HealthStub(opened)
        found = [
            (await health.Check(health_pb2.HealthCheckRequest(service=of), timeout=5, wait_for_ready=True)).status for of in ("", LIVE)
        ]
    running.leaving.set()
    await asyncio.wait_for(start, 5)
    await asyncio.wait_for(running.drain(), 5)

    assert found == [NOT_SERVING, SERVING]


async def test_a_service_that_answered_that_it_cannot_is_not_asked_again():
    keys = Keys()
    keys.away = True
    replica = await a_replica(keys)
    async with channel(ServiceSettings(), f"127.0.0.1:{replica.port}") as opened:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await IdentityServiceStub(opened).GetJwks(ASK, timeout=5)
    await replica.drain()

    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert keys.asked == 1
