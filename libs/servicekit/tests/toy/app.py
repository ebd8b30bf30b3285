"""Wires the toy together."""

from contextlib import AsyncExitStack

from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.settings import ServiceSettings

from toy.adapters import Store, ToyApi, load_reference, metadata, on_d08, on_receipt, on_sent
from toy.v1.toy_pb2 import ParcelSent, ReceiptGiven
from toy.v1.toy_pb2_grpc import add_ToyServiceServicer_to_server


async def build(settings: ServiceSettings, stack: AsyncExitStack) -> Service:
    sessions = await stack.enter_async_context(database(settings))
    return Service(
        name="toy",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[(add_ToyServiceServicer_to_server, ToyApi(Calls(sessions, Store)))],
        consumes={"post.receipt.v1": {ReceiptGiven: on_receipt}},
        projects={"toy.parcel.v1": {ParcelSent: on_sent}},
        ticks={"D08": on_d08},
        reference=load_reference,
    )


main = cli("toy", ServiceSettings, build, metadata)
