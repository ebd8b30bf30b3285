import asyncio
from datetime import UTC, datetime, timedelta

import grpc
from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from anzhi.ops.v1 import ops_pb2
from anzhi.ops.v1.ops_pb2_grpc import OpsServiceServicer, add_OpsServiceServicer_to_server
from google.protobuf.timestamp_pb2 import Timestamp
from identity.app import Settings, build
from testkit.asking import refusal, request_id
from testkit.polling import poll
from testkit.world import serving


def at(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


class Owner(OpsServiceServicer):
    def __init__(self) -> None:
        self.swept: list[ops_pb2.SweepToRequest] = []
        self.away = False

    async def SweepTo(self, request, context):
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        self.swept.append(request)
        return ops_pb2.SweepToResponse(swept=1)


def asking(moment: datetime, root: str = "/44/") -> pb.SetLegalNowRequest:
    return pb.SetLegalNowRequest(request_id=request_id(), root=root, at=at(moment))


async def test_the_clock_moves_forward_when_every_owner_has_swept(apart_from, tmp_path):
    """In a world of its own: a clock that moved cannot be moved back."""
    owner = Owner()
    async with serving((add_OpsServiceServicer_to_server, owner)) as target, apart_from("clock", tmp_path, owners=[target]) as identity:
        await walk(identity, owner, identity.world)


async def walk(identity, owner, world):
    admin = await identity.by("shen")
    before = await admin.GetLegalNow(pb.GetLegalNowRequest())
    assert before.offset_seconds == 0

    day = datetime(2022, 8, 15, 1, tzinfo=UTC)
    owner.away = True
    asked = asking(day)
    assert await refusal(admin.SetLegalNow(asked)) == "UNAVAILABLE"
    owner.away = False
    answer = await admin.SetLegalNow(asked)
    assert owner.swept[-1].root == "/44/"
    assert owner.swept[-1].offset_seconds == answer.offset_seconds < 0
    assert day <= answer.at.ToDatetime(tzinfo=UTC) < day + timedelta(seconds=30)

    later = await (await identity.service("inspections")).GetLegalNow(pb.GetLegalNowRequest(root="/44/"))
    assert later.offset_seconds == answer.offset_seconds
    assert await refusal(admin.SetLegalNow(asking(day - timedelta(days=1)))) == "CLOCK_MOVES_FORWARD_ONLY"
    assert await refusal(admin.SetLegalNow(asking(day, root="/45/"))) == "ROOT_NOT_YOURS"
    assert await refusal(admin.SetLegalNow(asking(day, root="/44/4419/"))) == "ROOT_INVALID"
    assert await refusal((await identity.by("zhou")).SetLegalNow(asking(day))) == "PERMISSION_MISSING"

    days = [day + timedelta(days=number) for number in (1, 2, 3, 4)]
    await asyncio.gather(*(admin.SetLegalNow(asking(moment)) for moment in days), return_exceptions=True)
    offsets = await identity.run.sql("SELECT offset_seconds FROM legal_clock WHERE root = '/44/'")
    assert offsets[0]["offset_seconds"] == max(request.offset_seconds for request in owner.swept)

    await identity.forget("wei")
    ended = await (await identity.by("he")).ListCertificates(pb.ListCertificatesRequest(user_id=identity.accounts["wei"]["user_id"]))
    assert ended.certificates[0].state == pb.OfficerCertificate.STATE_EXPIRED

    async def told():
        return [record for record in await world.records("identity.clock.v1") if record.key == b"/44/"]

    assert await poll(told)


async def test_where_the_clock_is_off_nobody_moves_it(identity, world):
    given = {"vault_key": identity.vault_key, "own_keys": True, "roles": ("serve",), "legal_clock": False}
    async with world.running("identity", Settings, build, **given) as off:
        stub = await off.stub(IdentityServiceStub, token=identity._tokens.get("shen") or (await identity.login("shen")).access_token)

        assert await refusal(stub.SetLegalNow(asking(datetime.now(UTC) + timedelta(days=1)))) == "LEGAL_CLOCK_OFF"


async def test_without_redis_nobody_logs_in_and_who_is_in_stays_in(identity, world):
    given = {"vault_key": identity.vault_key, "own_keys": True, "roles": ("serve",), "redis_url": "redis://127.0.0.1:9"}
    token = (await identity.login("xu")).access_token
    async with world.running("identity", Settings, build, **given) as lame:
        stub, own = await lame.stub(IdentityServiceStub), await lame.stub(IdentityServiceStub, token=token)

        account = identity.accounts["xu"]
        login = pb.LoginRequest(username="xu", password=account["password"])
        assert await refusal(stub.Login(login)) == "UNAVAILABLE"
        assert await refusal(stub.RefreshToken(pb.RefreshTokenRequest(refresh_token="x"))) == "REFRESH_TOKEN_INVALID"
        assert (await own.GetMe(pb.GetMeRequest())).user.username == "xu"
