"""Who may call."""

import time
from uuid import uuid4

import grpc
import grpc.aio
import jwt
import pytest
from anzhi.type.v1 import types_pb2
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from servicekit import grpc as rpc
from servicekit.grpc import PolicyMissing, TimeoutMissing, channel
from testkit import a_user, serving
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceServicer, ToyServiceStub, add_ToyServiceServicer_to_server

ALL = ("toy.read", "toy.write")


def refusal(error: grpc.aio.AioRpcError) -> tuple[grpc.StatusCode, str]:
    info = error_details_pb2.ErrorInfo()
    rpc_status.from_call(error).details[0].Unpack(info)
    return error.code(), info.reason


def place() -> pb.PlaceParcelRequest:
    return pb.PlaceParcelRequest(request_id=str(uuid4()), title="x", worth=types_pb2.Money(fen=1))


async def refused(stub, request=None) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.PlaceParcel(request or place())
    return refusal(error.value)


async def test_nobody_is_let_in_without_a_token(toy):
    assert await refused(await toy.stub(ToyServiceStub)) == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_MISSING")


async def test_anyone_may_call_what_is_public(toy):
    stub = await toy.stub(ToyServiceStub)

    assert (await stub.Ping(pb.PingRequest())).text == "pong"


async def test_an_expired_token_does_not_count(toy, world):
    token = world.signer.token(a_user(permissions=ALL), seconds=-30)

    assert await refused(await toy.stub(ToyServiceStub, token=token)) == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_EXPIRED")


@pytest.mark.parametrize("token", ["", "x.y.z", "nonsense"])
async def test_what_is_no_token_does_not_count(toy, token):
    stub = await toy.stub(ToyServiceStub, authorization=f"Bearer {token}")

    assert (await refused(stub))[0] is grpc.StatusCode.UNAUTHENTICATED


async def test_a_token_without_signature_does_not_count(toy, world):
    claims = jwt.decode(world.signer.token(a_user(permissions=ALL)), options={"verify_signature": False})
    token = jwt.encode(claims, None, algorithm="none", headers={"kid": "testkit"})

    assert await refused(await toy.stub(ToyServiceStub, token=token)) == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID")


async def test_a_changed_token_does_not_count(toy, world):
    head, _, sign = world.signer.token(a_user(permissions=())).split(".")
    _, body, _ = world.signer.token(a_user(permissions=ALL)).split(".")

    assert await refused(await toy.stub(ToyServiceStub, token=f"{head}.{body}.{sign}")) == (
        grpc.StatusCode.UNAUTHENTICATED,
        "TOKEN_INVALID",
    )


async def test_a_service_cannot_speak_as_a_user(toy, world):
    token = world.signer.token(a_user(permissions=ALL), kid="svc:post")

    assert await refused(await toy.stub(ToyServiceStub, token=token)) == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID")


async def test_a_user_needs_the_permission(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=("toy.read",)))

    assert await refused(stub) == (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_MISSING")


async def test_a_service_that_is_named_may_call_and_sees_every_body(toy, world):
    owner = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    parcel = await owner.PlaceParcel(place())
    post = await toy.stub(ToyServiceStub, service="post")

    assert (await post.GetParcel(pb.GetParcelRequest(id=parcel.id))).id == parcel.id
    assert (await post.CountParcels(pb.CountParcelsRequest())).count > 0
    rows = await toy.sql("SELECT * FROM reads WHERE object_id = $1", parcel.id)
    assert [(row["by"], row["service"]) for row in rows] == [("svc:post", "post")]


async def test_a_service_that_is_not_named_may_not_call(toy):
    stub = await toy.stub(ToyServiceStub, service="gateway")

    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.CountParcels(pb.CountParcelsRequest())

    assert refusal(error.value) == (grpc.StatusCode.PERMISSION_DENIED, "SERVICE_NOT_ALLOWED")


async def test_a_user_may_not_call_what_is_for_services(toy):
    stub = await toy.stub(ToyServiceStub, a_user(permissions=ALL))

    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.CountParcels(pb.CountParcelsRequest())

    assert refusal(error.value) == (grpc.StatusCode.PERMISSION_DENIED, "USERS_NOT_ALLOWED")


async def test_a_user_who_comes_through_a_named_service_keeps_his_scope(toy, world):
    root = world.a_root()
    owner = await toy.stub(ToyServiceStub, a_user(org_path=root, permissions=ALL))
    parcel = await owner.PlaceParcel(place())
    near = await toy.stub(ToyServiceStub, a_user(org_path=root), service="post")
    far = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root()), service="post")

    assert (await near.GetParcel(pb.GetParcelRequest(id=parcel.id))).id == parcel.id
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await far.GetParcel(pb.GetParcelRequest(id=parcel.id))
    assert error.value.code() is grpc.StatusCode.NOT_FOUND


async def test_roles_that_the_kernel_does_not_know_do_not_reach_a_move(toy, world):
    root = world.a_root()
    stub = await toy.stub(ToyServiceStub, a_user(org_path=root, permissions=ALL, roles=("ADMIN", "CLERK")))

    assert await refused(stub) == (grpc.StatusCode.PERMISSION_DENIED, "ROLE_FORBIDS_MOVE")


def test_an_rpc_without_policy_does_not_start():
    with pytest.raises(PolicyMissing, match="Health/Check"):
        rpc.policies_of(["grpc.health.v1.Health"])


async def test_a_call_to_a_service_needs_a_deadline_and_brings_back_its_refusal(toy, world):
    from kernel.errors import NotFound
    from servicekit import auth

    user = a_user(org_path=world.a_root(), permissions=ALL)
    auth.user_token.set(world.signer.token(user))
    async with channel(toy.settings, toy.target) as opened:
        stub = ToyServiceStub(opened)
        with pytest.raises(TimeoutMissing):
            await stub.GetParcel(pb.GetParcelRequest(id=str(uuid4())))
        with pytest.raises(NotFound) as error:
            await stub.GetParcel(pb.GetParcelRequest(id=str(uuid4())), timeout=5)

    assert error.value.reason == "PARCEL_NOT_FOUND"
    assert "id" in error.value.facts


async def test_a_call_never_outlives_the_call_that_makes_it(toy):
    class Slow(ToyServiceServicer):
        async def Ping(self, request, context):
            return pb.PingResponse(text=f"{context.time_remaining():.1f}")

    async with serving((add_ToyServiceServicer_to_server, Slow())) as target, channel(toy.settings, target, "post") as opened:
        rpc._deadline.set(time.monotonic() + 1.0)
        try:
            left = float((await ToyServiceStub(opened).Ping(pb.PingRequest(), timeout=30)).text)
        finally:
            rpc._deadline.set(None)

    assert left <= 1.0
