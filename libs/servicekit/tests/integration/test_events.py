"""Outbox, relay, inbox, dead letters, traces."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from aiokafka.errors import KafkaError
from anzhi.type.v1 import types_pb2
from kernel.errors import Conflict
from servicekit.consumer import Consumer
from servicekit.relay import Relay
from servicekit.settings import ServiceSettings
from testkit import FaultyProxy, a_user, poll
from toy import adapters
from toy.app import build
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub

ALL = ("toy.read", "toy.write")
RECEIPTS = "post.receipt.v1"


def place() -> pb.PlaceParcelRequest:
    return pb.PlaceParcelRequest(request_id=str(uuid4()), title="a parcel", worth=types_pb2.Money(fen=100))


@asynccontextmanager
async def a_toy(world, **settings):
    async with world.running("toy", ServiceSettings, build, **settings) as run:
        yield run, await run.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))


def headers_of(record) -> dict[str, str]:
    return {name: value.decode() for name, value in record.headers}


async def version_of(run, id: str) -> int:
    return (await run.sql("SELECT version FROM parcels WHERE id = $1::uuid", id))[0]["version"]


async def published(run) -> bool:
    return not await run.sql("SELECT 1 FROM outbox WHERE published_at IS NULL")


async def test_an_event_carries_its_attributes_and_is_marked_published(toy, world):
    root = world.a_root()
    stub = await toy.stub(ToyServiceStub, a_user(org_path=root, permissions=ALL))
    parcel = await stub.PlaceParcel(place())

    await poll(lambda: published(toy))

    record = next(record for record in await world.records("toy.parcel.v1") if record.key.decode() == parcel.id)
    headers = headers_of(record)
    assert headers["ce_type"] == "toy.v1.ParcelPlaced"
    assert headers["ce_source"] == "/anzhi/toy"
    assert headers["ce_root"] == root
    assert headers["traceparent"].startswith("00-")
    assert pb.ParcelPlaced.FromString(record.value).parcel_id == parcel.id


async def test_a_relay_that_dies_between_send_and_mark_sends_twice_and_the_reader_acts_once(world, monkeypatch):
    async with world.apart("relay") as here:
        database = await here.database("toy")
        address = urlsplit(database.jobs)
        async with FaultyProxy("127.0.0.1", address.port) as proxy:
            sent, send = [], Relay._send

            async def send_and_die(self, sender, rows):
                await send(self, sender, rows)
                if not sent:
                    sent.append(len(rows))
                    proxy.cut()

            monkeypatch.setattr(Relay, "_send", send_and_die)
            through = database.jobs.replace(f":{address.port}/", f":{proxy.listens_on}/")
            async with a_toy(here, database_jobs_url=through) as (run, stub):
                parcel = await stub.PlaceParcel(place())
                await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=1))
                await poll(lambda: published(run))
                await poll(lambda: _equals(version_of(run, parcel.id), 3))

                ids = [headers_of(record)["ce_id"] for record in await here.records("toy.parcel.v1")]
                assert sent
                assert len(ids) > len(set(ids)) == 2
                await asyncio.gather(*(poll(lambda: published(run)) for _ in range(2)))
                assert await version_of(run, parcel.id) == 3


async def _equals(awaited, value) -> bool:
    return await awaited == value


async def test_a_consumer_that_dies_between_commit_and_offset_acts_once(world, monkeypatch):
    async with world.apart("offset") as here:
        commit, died = Consumer._commit, []

        async def die_first(self, reader, fetched, offsets):
            if self.group == "toy" and not died:
                died.append(fetched)
                raise KafkaError("killed")
            await commit(self, reader, fetched, offsets)

        monkeypatch.setattr(Consumer, "_commit", die_first)
        async with a_toy(here) as (run, stub):
            first, second = await stub.PlaceParcel(place()), await stub.PlaceParcel(place())
            await here.produce(RECEIPTS, pb.ReceiptGiven(parcel_id=first.id), key="k")
            await poll(lambda: died)
            await here.produce(RECEIPTS, pb.ReceiptGiven(parcel_id=second.id), key="k")
            await poll(lambda: run.sql("SELECT 1 FROM parcels WHERE id = $1::uuid AND state = 'SENT'", second.id))

            rows = await run.sql("SELECT 1 FROM history WHERE object_id = $1 AND move = 'send'", first.id)
            assert len(rows) == 1
            assert not await here.records(f"{RECEIPTS}.dead")


async def test_the_same_event_twice_is_one_effect(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    first, second = await stub.PlaceParcel(place()), await stub.PlaceParcel(place())
    event = pb.ReceiptGiven(parcel_id=first.id)
    id = await world.produce(RECEIPTS, event, key="twice")
    await world.produce(RECEIPTS, event, key="twice", id=id)
    await world.produce(RECEIPTS, pb.ReceiptGiven(parcel_id=second.id), key="twice")

    await poll(lambda: toy.sql("SELECT 1 FROM parcels WHERE id = $1::uuid AND state = 'SENT'", second.id))

    rows = await toy.sql("SELECT * FROM history WHERE object_id = $1 AND move = 'send'", first.id)
    assert [row["cause"] for row in rows] == [id]
    dead = [headers_of(record) for record in await world.records(f"{RECEIPTS}.dead")]
    assert id not in [headers["ce_id"] for headers in dead]


async def test_what_cannot_be_done_becomes_a_dead_letter_and_the_rest_goes_on(toy, world):
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL))
    parcel = await stub.PlaceParcel(place())
    refused = await world.produce(RECEIPTS, pb.ReceiptGiven(parcel_id=parcel.id, receiver="nobody"), key="dead")
    broken = await world.produce(RECEIPTS, b"\xff\xff\xff", key="dead", ce_type="toy.v1.ReceiptGiven")
    unknown = await world.produce(RECEIPTS, b"", key="dead", ce_type="toy.v1.SomethingElse")
    await world.produce(RECEIPTS, pb.ReceiptGiven(parcel_id=parcel.id), key="dead")

    await poll(lambda: toy.sql("SELECT 1 FROM parcels WHERE id = $1::uuid AND state = 'SENT'", parcel.id))

    async def letters():
        return {headers_of(record)["ce_id"]: headers_of(record)["reason"] for record in await world.records(f"{RECEIPTS}.dead")}

    dead = await poll(letters)
    assert dead[refused] == "RECEIVER_UNKNOWN"
    assert dead[broken] == "UNDECODABLE"
    assert unknown not in dead


async def test_a_conflict_is_tried_again(world, monkeypatch):
    tries, on_receipt = [], adapters.on_receipt

    async def collide_twice(uow, event, facts):
        tries.append(event)
        if len(tries) < 3:
            raise Conflict("someone was first")
        await on_receipt(uow, event, facts)

    monkeypatch.setattr("toy.app.on_receipt", collide_twice)
    async with world.apart("conflict") as here, a_toy(here) as (run, stub):
        parcel = await stub.PlaceParcel(place())
        await here.produce(RECEIPTS, pb.ReceiptGiven(parcel_id=parcel.id), key="k")

        await poll(lambda: run.sql("SELECT 1 FROM parcels WHERE id = $1::uuid AND state = 'SENT'", parcel.id))

        assert len(tries) == 3
        assert not await here.records(f"{RECEIPTS}.dead")


async def test_a_batch_that_fails_is_done_one_by_one(world, monkeypatch):
    seen, on_sent = [], adapters.on_sent

    async def on_sent_or_fail(uow, event, facts):
        seen.append(event.parcel_id)
        if event.parcel_id == "bad":
            raise KeyError("a fault of ours")
        await on_sent(uow, event, facts)

    monkeypatch.setattr("toy.app.on_sent", on_sent_or_fail)
    monkeypatch.setattr("servicekit.consumer.TRIES", 2)
    async with world.apart("batch") as here:
        async with a_toy(here, roles=("serve",)) as (_, stub):
            parcels = [await stub.PlaceParcel(place()) for _ in range(3)]
            for parcel in parcels:
                await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=1))
        bad = pb.ParcelSent(parcel_id="bad")
        await here.produce("toy.parcel.v1", bad, key="k")
        async with a_toy(here) as (run, _):
            for parcel in parcels:
                await poll(lambda id=parcel.id: _equals(version_of(run, id), 3))
            await poll(lambda: here.records("toy.parcel.v1.dead"))

            assert seen.count("bad") >= 2
            assert [headers_of(record)["reason"] for record in await here.records("toy.parcel.v1.dead")] == ["INTERNAL"]


async def test_one_trace_goes_through_the_broker(toy, world):
    trace = uuid4().hex
    stub = await toy.stub(ToyServiceStub, a_user(org_path=world.a_root(), permissions=ALL), traceparent=f"00-{trace}-00f067aa0ba902b7-01")
    parcel = await stub.PlaceParcel(place())
    await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=1))

    def names() -> set[str]:
        return {span.name for span in world.spans.get_finished_spans() if f"{span.context.trace_id:032x}" == trace}

    await poll(lambda: {"/toy.v1.ToyService/SendParcel", "relay", "consume toy.projection"} <= names())
    rows = await toy.sql("SELECT DISTINCT trace_id FROM history WHERE object_id = $1", parcel.id)
    assert [row["trace_id"] for row in rows] == [trace]


async def test_two_relays_do_not_disturb_the_order(world):
    async with world.apart("two") as here, a_toy(here, roles=("serve", "relay")) as (run, stub), a_toy(here, roles=("relay",)):
        parcels = [await stub.PlaceParcel(place()) for _ in range(20)]
        for parcel in parcels:
            await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=parcel.id, version=1))
        await poll(lambda: published(run))

        records = await here.records("toy.parcel.v1")
        for parcel in parcels:
            kinds = [headers_of(record)["ce_type"] for record in records if record.key.decode() == parcel.id]
            assert kinds == ["toy.v1.ParcelPlaced", "toy.v1.ParcelSent"]


@pytest.mark.parametrize("name", ["outbox", "inbox", "requests"])
async def test_old_rows_are_cleaned_away(toy, name):
    column = {"outbox": "published_at"}.get(name, "at")
    assert await toy.sql("SELECT 1 FROM information_schema.columns WHERE table_name = $1 AND column_name = $2", name, column)
    relay = Relay("toy", toy.service.sessions, toy.settings)
    await toy.sql(f"UPDATE {name} SET {column} = now() - interval '99 days' WHERE ctid IN (SELECT ctid FROM {name} LIMIT 1)")

    await relay._clean()

    assert not await toy.sql(f"SELECT 1 FROM {name} WHERE {column} < now() - interval '90 days'")
