"""Writes, reads, twins and lost updates on real parts."""

import asyncio
from uuid import uuid4

import grpc
import grpc.aio
import pytest
from anzhi.type.v1 import types_pb2
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from testkit import a_user
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub

ALL = ("toy.read", "toy.write")


def reason_of(error: grpc.aio.AioRpcError) -> str:
    status = rpc_status.from_call(error)
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert info.domain == "toy.anzhi"
    return info.reason


def place(**given) -> pb.PlaceParcelRequest:
    return pb.PlaceParcelRequest(**{"request_id": str(uuid4()), "title": "a parcel", "worth": types_pb2.Money(fen=100), **given})


async def test_a_write_sent_twice_is_done_once(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    request = place(due_on="2025-05-01")

    first, second = await stub.PlaceParcel(request), await stub.PlaceParcel(request)

    assert first == second
    assert first.state == pb.Parcel.STATE_PLACED
    assert first.version == 1
    assert first.due_on == "2025-05-01"
    assert first.timers[0].timer == "D08"
    rows = await toy.sql("SELECT * FROM history WHERE object_id = $1", first.id)
    assert [(row["row"], row["version"], row["target"]) for row in rows] == [("T01", 1, "PLACED")]
    assert await toy.sql("SELECT 1 FROM outbox WHERE key = $1", first.id)


async def test_concurrent_twins_get_one_answer(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    request = place()

    answers = await asyncio.gather(*(stub.PlaceParcel(request) for _ in range(8)))

    assert all(answer == answers[0] for answer in answers)
    assert len(await toy.sql("SELECT 1 FROM outbox WHERE key = $1 AND topic = 'toy.parcel.v1'", answers[0].id)) == 1


async def test_a_request_id_with_other_content_is_refused(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    request = place()
    await stub.PlaceParcel(request)
    request.title = "another"

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.PlaceParcel(request)

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert reason_of(refused.value) == "REQUEST_ID_REUSED"


async def test_a_request_id_of_someone_else_is_refused(toy, world):
    first = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    second = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    request = place()
    await first.PlaceParcel(request)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await second.PlaceParcel(request)

    assert reason_of(refused.value) == "REQUEST_ID_REUSED"


async def test_a_write_without_request_id_is_refused(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.PlaceParcel(place(request_id=""))

    assert reason_of(refused.value) == "REQUEST_ID_MISSING"


async def test_one_of_five_who_move_at_once_wins(toy, world):
    root = world.a_root()
    stub = await toy.stub(ToyServiceStub, a_user(org_path=root, permissions=ALL))
    parcel = await stub.PlaceParcel(place())

    async def send():
        try:
            return await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=parcel.version))
        except grpc.aio.AioRpcError as error:
            return error.code()

    answers = await asyncio.gather(*(send() for _ in range(5)))

    won = [answer for answer in answers if isinstance(answer, pb.Parcel)]
    assert len(won) == 1
    assert won[0].version == 2
    assert {answer for answer in answers if answer not in won} <= {grpc.StatusCode.ABORTED, grpc.StatusCode.FAILED_PRECONDITION}
    assert len(await toy.sql("SELECT 1 FROM outbox WHERE key = $1 AND type = 'toy.v1.ParcelSent'", parcel.id)) == 1


async def test_a_stale_version_is_refused_and_nothing_is_written(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    parcel = await stub.PlaceParcel(place())
    request = pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=7)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.SendParcel(request)

    assert reason_of(refused.value) == "CHANGED_MEANWHILE"
    assert not await toy.sql("SELECT 1 FROM requests WHERE request_id = $1", request.request_id)
    assert len(await toy.sql("SELECT 1 FROM history WHERE object_id = $1", parcel.id)) == 1


async def test_two_officers_move_with_two_tokens(toy, world):
    root = world.a_root()
    first, second = a_user("zhou", org_path=root, permissions=ALL), a_user("wu", org_path=root, permissions=ALL)
    one, two = await toy.stub(ToyServiceStub, first), await toy.stub(ToyServiceStub, second)
    parcel = await one.PlaceParcel(place())
    parcel = await one.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=1))
    await toy.sql("SELECT 1")

    async def seal(version):
        return await one.SealParcel(pb.SealParcelRequest(request_id=str(uuid4()), id=parcel.id, version=version, seal="red"))

    current = await settled(one, parcel.id)
    proposal = await seal(current.version)
    confirm = types_pb2.ConfirmMoveRequest(request_id=str(uuid4()), proposal_id=proposal.id)
    with pytest.raises(grpc.aio.AioRpcError) as alone:
        await one.ConfirmMove(confirm)
    sealed = await two.ConfirmMove(types_pb2.ConfirmMoveRequest(request_id=str(uuid4()), proposal_id=proposal.id))

    assert (proposal.move, proposal.row, proposal.proposed_by) == ("seal", "T03", "zhou")
    assert reason_of(alone.value) == "SAME_OFFICER_TWICE"
    assert sealed.state == pb.Parcel.STATE_SEALED
    history = await one.ListHistory(types_pb2.ListHistoryRequest(id=parcel.id))
    assert list(history.entries[-1].actors) == ["zhou", "wu"]
    with pytest.raises(grpc.aio.AioRpcError) as twice:
        await two.ConfirmMove(types_pb2.ConfirmMoveRequest(request_id=str(uuid4()), proposal_id=proposal.id))
    assert reason_of(twice.value) == "ALREADY_CONFIRMED"


async def settled(stub, id):
    """Until the toy has heard its own ParcelSent (the note makes version 3)."""
    from testkit import poll

    async def noted():
        parcel = await stub.GetParcel(pb.GetParcelRequest(id=id))
        return parcel if parcel.version == 3 else None

    return await poll(noted)


async def test_a_proposal_that_a_guard_refuses_is_not_kept(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    parcel = await stub.PlaceParcel(place())
    await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=1))
    current = await settled(stub, parcel.id)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.SealParcel(pb.SealParcelRequest(request_id=str(uuid4()), id=parcel.id, version=current.version, seal=""))

    assert reason_of(refused.value) == "SEAL_MISSING"
    assert not await toy.sql("SELECT 1 FROM proposals WHERE object_id = $1", parcel.id)


async def test_moves_say_what_is_possible_and_why_the_rest_is_not(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    parcel = await stub.PlaceParcel(place())

    moves = {move.move: move for move in (await stub.ListMoves(types_pb2.ListMovesRequest(id=parcel.id))).moves}

    assert moves["send"].permitted
    assert list(moves["send"].law) == ["APL 1"]
    assert moves["seal"].reason == "STATE_FORBIDS_TRANSITION"
    assert moves["lose"].reason == "ROLE_FORBIDS_MOVE"


async def test_pages_are_complete_and_do_not_overlap(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    made = [(await stub.PlaceParcel(place(title=str(number)))).id for number in range(5)]

    seen, token = [], ""
    while True:
        answer = await stub.ListParcels(pb.ListParcelsRequest(page_size=2, page_token=token))
        seen += [parcel.id for parcel in answer.parcels]
        token = answer.next_page_token
        if not token:
            break

    assert seen == made


async def test_a_read_is_recorded(toy, world):
    reader = a_user("reader", org_path=world.a_root(), permissions=ALL)
    stub = await toy.stub(ToyServiceStub, reader, anzhi_read_reason="complaint")
    parcel = await stub.PlaceParcel(place())

    await stub.GetParcel(pb.GetParcelRequest(id=parcel.id))

    rows = await toy.sql("SELECT * FROM reads WHERE object_id = $1", parcel.id)
    assert [(row["by"], row["rpc"], row["reason"]) for row in rows] == [("reader", "/toy.v1.ToyService/GetParcel", "complaint")]


async def test_another_body_does_not_see_the_row(toy, world):
    mine = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    theirs = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    parcel = await mine.PlaceParcel(place())

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await theirs.GetParcel(pb.GetParcelRequest(id=parcel.id))

    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    assert reason_of(refused.value) == "PARCEL_NOT_FOUND"
