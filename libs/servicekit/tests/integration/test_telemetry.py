"""What a process sends to its collector, and what becomes of the process when nobody takes it."""

import asyncio
import json
import signal
import socket
import time
from uuid import uuid4

import grpc.aio
import pytest
from anzhi.type.v1 import types_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from testkit import a_user, poll
from testkit.receiver import receiving
from toy.processes import a_process, identity_of
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub

ALL = ("toy.read", "toy.write")
TOPICS = ("toy.parcel.v1", "toy.work.v1", "post.receipt.v1", "identity.clock.v1", "lawbook.parameters.v1")


async def serves(channel):
    asked = health_pb2.HealthCheckRequest(service="toy.v1.ToyService")

    async def looks():
        try:
            answer = await health_pb2_grpc.HealthStub(channel).Check(asked, wait_for_ready=True, timeout=5)
        except grpc.aio.AioRpcError:
            return False
        return answer.status == health_pb2.HealthCheckResponse.SERVING

    await poll(looks, deadline=30)


async def used(world, channel):
    """A parcel is placed and sent. Answers the trace."""
    trace = uuid4().hex
    token = world.signer.token(a_user(org_path=world.a_root(), permissions=ALL))
    badge = (("authorization", f"Bearer {token}"), ("traceparent", f"00-{trace}-00f067aa0ba902b7-01"))
    stub = ToyServiceStub(channel)
    placed = pb.PlaceParcelRequest(request_id=str(uuid4()), title="x", worth=types_pb2.Money(fen=1))
    parcel = await stub.PlaceParcel(placed, metadata=badge, timeout=5)
    await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=1), metadata=badge, timeout=5)
    return trace


async def ended(process):
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    return time.monotonic() - began, out.decode()


async def test_traces_metrics_and_logs_reach_the_collector_and_the_last_of_them_on_the_way_out(world, unused_tcp_port):
    await world.make_topics(TOPICS)
    with receiving() as received:
        async with (
            identity_of(world) as identity,
            a_process(
                world, "all", unused_tcp_port, IDENTITY=identity, OTEL_EXPORTER_OTLP_ENDPOINT=received.endpoint, MEASURE_SECONDS="0.2"
            ) as process,
            grpc.aio.insecure_channel(f"127.0.0.1:{unused_tcp_port}") as channel,
        ):
            await serves(channel)
            trace = await used(world, channel)
            wanted = {"/toy.v1.ToyService/SendParcel", "transaction", "relay", "consume toy.projection"}
            await poll(lambda: not wanted - {span.it.name for span in received.trace(trace)}, deadline=40)
            _, out = await ended(process)

    server = next(span for span in received.spans if span.it.name == "/toy.v1.ToyService/SendParcel")
    assert server.resource["service.name"] == "toy"
    assert server.resource["service.namespace"] == "anzhi"
    assert server.resource["anzhi.role"] == "all"
    assert server.resource["service.instance.id"].startswith(socket.gethostname())
    transaction = next(span for span in received.spans if span.it.parent_span_id == server.it.span_id and span.it.name == "transaction")
    assert 0 < transaction.attributes["statements"] < 10
    # The metrics of the last seconds came with the end of the process: the interval is 15 s.
    shown = {each.it.name for each in received.metrics}
    assert {"anzhi.rpc.seconds", "anzhi.process.cpu", "anzhi.process.memory", "anzhi.loop.lag", "anzhi.pool.in_use"} <= shown
    assert {"anzhi.outbox.age", "anzhi.outbox.backlog", "anzhi.consumer.lag", "anzhi.timers.overdue", "anzhi.schema.behind"} <= shown
    assert [point.as_int for _, point in received.points("anzhi.schema.behind")] == [0]
    lagging = {(of["group"], of["topic"]): point.as_int for of, point in received.points("anzhi.consumer.lag")}
    assert lagging["toy.projection", "toy.parcel.v1"] == 0
    dead = {of["topic"]: point.as_int for of, point in received.points("anzhi.inbox.consumed") if of["outcome"] == "dead"}
    assert dead["post.receipt.v1"] == 0
    lines = [json.loads(line) for line in out.splitlines()]
    assert {line["text"] for line in lines} <= {record.it.body.string_value for record in received.logs}


@pytest.mark.parametrize("answers", [False, True])
async def test_a_collector_that_takes_nothing_holds_up_neither_calls_nor_the_end(world, unused_tcp_port, answers):
    """`answers`: it lets itself be connected to and stays silent; otherwise nobody is there."""
    await world.make_topics(TOPICS)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if answers:
            silent.listen(64)
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        async with (
            identity_of(world) as identity,
            a_process(world, "all", unused_tcp_port, IDENTITY=identity, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint) as process,
            grpc.aio.insecure_channel(f"127.0.0.1:{unused_tcp_port}") as channel,
        ):
            await serves(channel)
            for _ in range(20):
                await used(world, channel)
            seconds, out = await ended(process)

    # The flush gives up after four seconds; without a limit it would try for a minute.
    assert seconds < 30
    assert out


async def test_the_sampler_of_the_environment_holds(world, unused_tcp_port):
    await world.make_topics(TOPICS)
    with receiving() as received:
        given = {"OTEL_EXPORTER_OTLP_ENDPOINT": received.endpoint, "OTEL_TRACES_SAMPLER": "always_off"}
        async with (
            identity_of(world) as identity,
            a_process(world, "serve", unused_tcp_port, IDENTITY=identity, **given) as process,
            grpc.aio.insecure_channel(f"127.0.0.1:{unused_tcp_port}") as channel,
        ):
            await serves(channel)
            await used(world, channel)
            await ended(process)

    assert received.logs
    assert not received.spans
