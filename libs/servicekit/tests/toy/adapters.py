"""Tables, store, commands, servicer and consumers of the toy."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from kernel.money import Money
from kernel.timers import Timer
from servicekit import wire
from servicekit.calls import Calls
from servicekit.db import Topic, Uow, page, work_topic
from servicekit.tables import fen, identifier, instant, metadata_for, org_path, timers_of, word
from sqlalchemy import BigInteger, Column, Date, Table, Text, func, select
from sqlalchemy.orm import registry

from toy.parcel import Parcel, ParcelNotFound, ReceiverUnknown, State
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceServicer

metadata = metadata_for("toy")
parcels = Table(
    "parcels",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("state", word(State), nullable=False),
    Column("title", Text, nullable=False),
    Column("worth", fen(), nullable=False),
    Column("placed_at", instant(), nullable=False),
    Column("due_on", Date),
    Column("version", BigInteger, nullable=False),
)
registry(metadata=metadata).map_imperatively(Parcel, parcels, version_id_col=parcels.c.version, properties={"timers": timers_of(parcels)})


class Store(Uow):
    topics = (Topic("toy.parcel.v1", pb, key="parcel_id", events=("ParcelPlaced", "ParcelSent")), work_topic("toy"))

    async def parcel(self, id) -> Parcel:
        return await self.get(Parcel, id, ParcelNotFound)


async def place(uow, *, title, worth, due_on, facts):
    parcel, placed = Parcel.place(title=title, worth=worth, due_on=due_on, facts=facts)
    uow.add(parcel)
    uow.record(placed)
    return parcel


async def send(uow, *, id, version, facts):
    parcel = await uow.parcel(id)
    uow.expect(parcel, version)
    uow.record(parcel.send(facts=facts))
    return parcel


async def seal(uow, *, id, version, seal, facts):
    parcel = await uow.parcel(id)
    uow.expect(parcel, version)
    parcel.seal(facts=replace(facts, input=seal))
    return parcel


async def get(uow, *, id):
    return await uow.parcel(id)


async def listed(uow, *, size, token):
    rows, token = await page(uow, select(Parcel), by=(parcels.c.placed_at, parcels.c.id), size=size, token=token)
    return {"parcels": rows, "next_page_token": token}


async def count(uow):
    return {"count": (await uow.session.execute(select(func.count()).select_from(parcels))).scalar_one()}


class ToyApi(ToyServiceServicer):
    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    async def PlaceParcel(self, request, context):
        return await self.calls.once(
            request, context, pb.Parcel, place, title=request.title, worth=wire.money(request.worth), due_on=wire.day(request.due_on)
        )

    async def SendParcel(self, request, context):
        return await self.calls.once(request, context, pb.Parcel, send, id=wire.uuid(request.id), version=request.version)

    async def SealParcel(self, request, context):
        return await self.calls.propose(request, context, seal, id=wire.uuid(request.id), version=request.version, seal=request.seal)

    async def ConfirmMove(self, request, context):
        return await self.calls.confirm(request, context, pb.Parcel, {"seal": seal})

    async def GetParcel(self, request, context):
        return await self.calls.read(request, context, pb.Parcel, get, id=wire.uuid(request.id))

    async def ListParcels(self, request, context):
        return await self.calls.read(request, context, pb.ListParcelsResponse, listed, size=request.page_size, token=request.page_token)

    async def ListMoves(self, request, context):
        return await self.calls.moves(request, context, get, id=wire.uuid(request.id))

    async def ListHistory(self, request, context):
        return await self.calls.history(request, context, get, id=wire.uuid(request.id))

    async def CountParcels(self, request, context):
        return await self.calls.read(request, context, pb.CountParcelsResponse, count)

    async def Ping(self, request, context):
        return pb.PingResponse(text="pong")


async def on_receipt(uow, event, facts):
    if event.receiver == "nobody":
        raise ReceiverUnknown("nobody of that name", receiver=event.receiver)
    parcel = await uow.parcel(wire.uuid(event.parcel_id))
    uow.record(parcel.send(facts=facts))


async def on_sent(uow, event, facts):
    """The toy hears itself too."""
    parcel = await uow.parcel(wire.uuid(event.parcel_id))
    parcel.note(facts=facts)


async def load_reference(uow):
    """Safe to run again, as every service's is."""
    first = UUID(int=1)
    if await uow.one(select(Parcel).where(parcels.c.id == first)) is None:
        uow.add(Parcel("the first", Money(1), datetime(2025, 1, 1, tzinfo=UTC), "/toys/", state=State.PLACED, id=first))


async def on_d08(uow, timer: Timer, facts):
    parcel = await uow.parcel(timer.object_id)
    parcel.lose(facts=facts)
