"""What worklist is told: objects that moved, timers that changed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from anzhi.type.v1 import types_pb2
from anzhi.work.v1.events_pb2 import DeadlineChanged, ObjectMoved
from testkit import a_user, poll
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub

ALL = ("toy.read", "toy.write")


async def told(world, id):
    """Everything about this object, as (kind, message), in its order."""
    kinds = {kind.DESCRIPTOR.full_name: kind for kind in (ObjectMoved, DeadlineChanged)}
    found = []
    for record in await world.records("toy.work.v1"):
        if record.key.decode() == id:
            found.append(kinds[dict(record.headers)["ce_type"].decode()].FromString(record.value))
    return found


async def a_parcel(toy, root):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=root, permissions=ALL))
    return stub, await stub.PlaceParcel(pb.PlaceParcelRequest(request_id=str(uuid4()), title="x", worth=types_pb2.Money(fen=1)))


async def test_a_move_tells_the_object_with_what_may_follow_and_its_timer(toy, world):
    root = world.a_root()
    _, parcel = await a_parcel(toy, root)
    timer = (await toy.sql("SELECT * FROM timers WHERE object_id = $1::uuid", parcel.id))[0]

    moved, started = await poll(lambda: told(world, parcel.id))

    assert (moved.service, moved.object_kind, moved.state, moved.version, moved.org_path) == ("toy", "parcel", "PLACED", 1, root)
    assert [(move.row, move.move, [actor.role for actor in move.actors], list(move.stops)) for move in moved.moves] == [
        ("T02", "send", ["OFF"], ["D08"])
    ]
    assert (started.timer, started.state, started.deadline_id) == ("D08", DeadlineChanged.STATE_RUNNING, str(timer["id"]))
    assert started.derivation
    assert started.expires_at.ToDatetime(tzinfo=UTC) == timer["expires_at"]


async def test_a_stopped_and_a_breached_timer_are_told(toy, world):
    root = world.a_root()
    stub, sent = await a_parcel(toy, root)
    await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=sent.id, version=sent.version))
    _, lost = await a_parcel(toy, root)

    await world.set_legal_now(root, datetime.now(UTC) + timedelta(days=400))

    async def states(id):
        found = [each.state for each in await told(world, id) if isinstance(each, DeadlineChanged)]
        return found if len(found) == 2 else None

    assert await poll(lambda: states(sent.id)) == [DeadlineChanged.STATE_RUNNING, DeadlineChanged.STATE_STOPPED]
    assert await poll(lambda: states(lost.id)) == [DeadlineChanged.STATE_RUNNING, DeadlineChanged.STATE_BREACHED]


async def test_a_proposal_tells_nothing(toy, world):
    root = world.a_root()
    stub, parcel = await a_parcel(toy, root)
    await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=parcel.version))
    # It hears of itself and notes it.
    await poll(lambda: toy.sql("SELECT 1 FROM parcels WHERE id = $1::uuid AND version = 3", parcel.id))
    before = len(await toy.sql("SELECT 1 FROM outbox WHERE key = $1 AND topic = 'toy.work.v1'", parcel.id))

    await stub.SealParcel(pb.SealParcelRequest(request_id=str(uuid4()), id=parcel.id, version=3, seal="s"))

    assert len(await toy.sql("SELECT 1 FROM outbox WHERE key = $1 AND topic = 'toy.work.v1'", parcel.id)) == before
