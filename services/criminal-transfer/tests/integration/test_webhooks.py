"""Partners are told of what happens to transfers that were handed to them: signed, again if need be, and nobody holds up another."""

import time
from typing import Any
from uuid import uuid4

import pytest
from anzhi.criminal_transfer.v1 import criminal_transfer_pb2 as authority
from anzhi.criminal_transfer.v1 import partner_pb2
from anzhi.criminal_transfer.v1 import webhooks_pb2 as pb
from anzhi.criminal_transfer.v1.criminal_transfer_pb2_grpc import CriminalTransferServiceStub
from anzhi.criminal_transfer.v1.partner_pb2_grpc import PartnerTransfersServiceStub
from anzhi.criminal_transfer.v1.webhooks_pb2_grpc import WebhooksServiceStub
from testkit.asking import refusal, request_id
from testkit.polling import poll

from .receiver import Receiver


class Hooks:
    """What a partner does with its endpoints."""

    def __init__(self, walk: Any, name: str) -> None:
        self.walk, self.name = walk, name

    async def stub(self) -> WebhooksServiceStub:
        return await self.walk.webhooks(self.name)

    async def register(self, url: str) -> pb.RegisteredEndpoint:
        return await (await self.stub()).RegisterEndpoint(pb.RegisterEndpointRequest(request_id=request_id(), url=url))

    async def deliveries(self, **given: Any) -> list[pb.Delivery]:
        return list((await (await self.stub()).ListDeliveries(pb.ListDeliveriesRequest(**given))).deliveries)

    async def until(self, state: int, count: int = 1) -> list[pb.Delivery]:
        async def there() -> list[pb.Delivery]:
            found = await self.deliveries(state=state)
            return found if len(found) >= count else []

        return await poll(there, deadline=20)


@pytest.fixture
async def police(walk):
    return Hooks(walk, "police")


async def delivered(walk: Any) -> None:
    await walk.to_principal()
    await walk.approve()
    await walk.deliver()


async def test_the_police_are_told_signed_and_read_the_log(walk, police):
    async with Receiver() as receiver, Receiver() as elsewhere:
        registered = await police.register(receiver.url)
        await Hooks(walk, "stranger").register(elsewhere.url)
        await delivered(walk)
        await walk.enter("police", "SignReceipt", number="回执1号", received_by="王警官")
        log = await police.until(pb.Delivery.STATE_DELIVERED, 2)

    told = {came.told["type"]: came for came in receiver.came}
    assert set(told) == {"transfer.delivered", "transfer.receipt_signed"}
    assert told["transfer.delivered"].told["data"] == {"transfer_id": walk.id}
    assert all(came.proven(registered.secret) for came in receiver.came)
    assert abs(int(receiver.came[0].headers["webhook-timestamp"]) - time.time()) < 60
    assert {one.id for one in log} == {came.id for came in receiver.came}
    assert [attempt.status for one in log for attempt in one.attempts] == [204, 204]
    assert elsewhere.came == []
    assert await Hooks(walk, "stranger").deliveries() == []


async def test_what_was_refused_or_had_failed_leaves_no_delivery(walk, police):
    async with Receiver() as receiver:
        await police.register(receiver.url)
        await delivered(walk)
        await police.until(pb.Delivery.STATE_DELIVERED)
        assert await refusal(walk.enter("police", "SignReceipt", number="", received_by="")) != ""

        assert [one.type for one in await police.deliveries()] == ["transfer.delivered"]


async def test_a_failing_receiver_is_told_again_with_the_same_id(walk, police):
    async with Receiver(answers=[500, 302, 200]) as receiver:
        registered = await police.register(receiver.url)
        await delivered(walk)
        (one,) = await police.until(pb.Delivery.STATE_DELIVERED)

    assert [attempt.status for attempt in one.attempts] == [500, 302, 200]
    assert {came.id for came in receiver.came} == {one.id}
    assert {came.body for came in receiver.came} == {one.body.encode()}
    assert all(came.proven(registered.secret) for came in receiver.came)


async def test_who_never_answers_right_fails_in_the_end_and_may_ask_for_it_again(walk, police):
    async with Receiver(answers=[503]) as receiver:
        await police.register(receiver.url)
        await delivered(walk)
        (one,) = await police.until(pb.Delivery.STATE_FAILED)
        assert len(one.attempts) == 3
        endpoint = (await (await police.stub()).ListEndpoints(pb.ListEndpointsRequest())).endpoints[0]
        assert endpoint.failures == 3

        receiver.answers[:] = [200]
        asked = pb.ReplayDeliveryRequest(request_id=request_id(), id=one.id, version=one.version)
        again = await (await police.stub()).ReplayDelivery(asked)
        assert again.state == pb.Delivery.STATE_WAITING
        (told,) = await police.until(pb.Delivery.STATE_DELIVERED)

    assert (told.id, told.body) == (one.id, one.body)
    assert [attempt.status for attempt in told.attempts] == [503, 503, 503, 200]


async def test_one_that_hangs_or_drips_holds_up_nobody(walk, police):
    async with Receiver(answers=["hang"]) as hanging, Receiver(answers=["drip"]) as dripping, Receiver() as good:
        hung = await police.register(hanging.url)
        await police.register(dripping.url)
        await police.register(good.url)
        await delivered(walk)
        began = time.monotonic()

        async def told() -> bool:
            return len(good.came) == 1

        await poll(told, deadline=10)
        took = time.monotonic() - began
        failed = await police.until(pb.Delivery.STATE_FAILED, 2)

    assert took < 3
    assert {one.endpoint_id for one in failed} >= {hung.endpoint.id}
    assert all("no answer in" in attempt.error for one in failed for attempt in one.attempts)


async def test_a_receiver_that_is_gone_is_told_no_more(walk, police):
    async with Receiver(answers=[410]) as receiver:
        await police.register(receiver.url)
        await delivered(walk)

        async def closed() -> bool:
            found = (await (await police.stub()).ListEndpoints(pb.ListEndpointsRequest())).endpoints
            return found[0].state == pb.WebhookEndpoint.STATE_DISABLED

        await poll(closed, deadline=20)
        await walk.enter("police", "SignReceipt", number="回执1号", received_by="王警官")

        assert len(receiver.came) == 1
        assert [one.type for one in await police.deliveries()] == ["transfer.delivered"]


async def test_a_disabled_endpoint_keeps_what_waits_and_gets_it_when_enabled(walk, police):
    async with Receiver(answers=[500, 200]) as receiver:
        registered = (await police.register(receiver.url)).endpoint
        await delivered(walk)

        async def tried() -> bool:
            return len(receiver.came) >= 1

        await poll(tried, deadline=20)
        stub = await police.stub()
        off = await stub.DisableEndpoint(pb.DisableEndpointRequest(request_id=request_id(), id=registered.id, version=registered.version))
        assert off.state == pb.WebhookEndpoint.STATE_DISABLED
        await stub.EnableEndpoint(pb.EnableEndpointRequest(request_id=request_id(), id=off.id, version=off.version))

        assert await police.until(pb.Delivery.STATE_DELIVERED)


async def test_endpoints_are_seen_and_managed_by_their_partner_alone(walk, police):
    registered = (await police.register("http://127.0.0.1:9/hooks")).endpoint
    procuratorate = await Hooks(walk, "procuratorate").stub()

    assert not (await procuratorate.ListEndpoints(pb.ListEndpointsRequest())).endpoints
    asked = pb.DisableEndpointRequest(request_id=request_id(), id=registered.id, version=registered.version)
    assert await refusal(procuratorate.DisableEndpoint(asked)) == "ENDPOINT_NOT_FOUND"
    replay = pb.ReplayDeliveryRequest(request_id=request_id(), id=str(uuid4()), version=1)
    assert await refusal(procuratorate.ReplayDelivery(replay)) == "DELIVERY_NOT_FOUND"
    officer = await walk.run.stub(WebhooksServiceStub, walk.user("huang"))
    assert await refusal(officer.ListEndpoints(pb.ListEndpointsRequest())) == "PERMISSION_MISSING"


async def test_an_address_inside_is_refused_and_five_are_enough(walk, police):
    for url in ("http://10.0.0.1/hooks", "ftp://127.0.0.1/", "https://u:p@police.example.cn/", ""):
        assert await refusal(police.register(url)) == "ENDPOINT_URL_INVALID"
    for number in range(5):
        await police.register(f"http://127.0.0.1:9/{number}")
    assert await refusal(police.register("http://127.0.0.1:9/six")) == "TOO_MANY_ENDPOINTS"


async def test_the_secret_stands_in_no_row(walk, police, transfers):
    registered = await police.register("http://127.0.0.1:9/hooks")

    for table in ("webhook_endpoints", "requests", "outbox", "history"):
        rows = await transfers.sql(f"SELECT t::text AS line FROM {table} t")
        assert not any(registered.secret.removeprefix("whsec_") in row["line"] for row in rows)


async def test_without_the_scope_no_door_opens_and_none_of_the_officers_ever(walk):
    await delivered(walk)
    token = walk._token("police", "transfers.read")
    reader = await walk.run.stub(PartnerTransfersServiceStub, token=token)
    webhooks = await walk.run.stub(WebhooksServiceStub, token=token)
    officers = await walk.run.stub(CriminalTransferServiceStub, token=walk._token("police"))

    found = await reader.GetHandedTransfer(partner_pb2.GetHandedTransferRequest(id=walk.id))
    signing = partner_pb2.SignReceiptRequest(request_id=request_id(), id=walk.id, version=found.version, number="1", received_by="王")
    assert await refusal(reader.SignReceipt(signing)) == "PERMISSION_MISSING"
    assert await refusal(webhooks.ListEndpoints(pb.ListEndpointsRequest())) == "PERMISSION_MISSING"
    assert await refusal(officers.GetTransfer(authority.GetTransferRequest(id=walk.id))) == "PERMISSION_MISSING"
    assert await refusal(officers.ListTransfers(authority.ListTransfersRequest())) == "PERMISSION_MISSING"


async def test_the_police_of_another_city_see_nothing(walk):
    await delivered(walk)
    stub = await walk.partner("stranger")

    assert await refusal(stub.GetHandedTransfer(partner_pb2.GetHandedTransferRequest(id=walk.id))) == "TRANSFER_NOT_FOUND"
    assert await refusal(stub.GetPackageFile(partner_pb2.GetPackageFileRequest(id=walk.id))) == "TRANSFER_NOT_FOUND"
    assert not (await stub.ListHandedTransfers(partner_pb2.ListHandedTransfersRequest())).transfers
    signing = partner_pb2.SignReceiptRequest(request_id=request_id(), id=walk.id, version=1, number="1", received_by="王")
    assert await refusal(stub.SignReceipt(signing)) == "TRANSFER_NOT_FOUND"
