"""Wires the registers together. Read this file first."""

from contextlib import AsyncExitStack

from anzhi.enterprises.v1.chemicals_pb2_grpc import add_ChemicalsServiceServicer_to_server
from anzhi.enterprises.v1.enterprises_pb2_grpc import add_EnterprisesServiceServicer_to_server
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.settings import ServiceSettings

from enterprises.adapters.api import EnterprisesApi
from enterprises.adapters.chemicals_api import ChemicalsApi
from enterprises.adapters.reference import load_reference
from enterprises.adapters.store import Store
from enterprises.adapters.tables import metadata


class Settings(ServiceSettings):
    """Nothing beyond what every service needs."""


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    sessions = await stack.enter_async_context(database(settings))
    calls = Calls(sessions, Store)
    return Service(
        name="enterprises",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[
            (add_EnterprisesServiceServicer_to_server, EnterprisesApi(calls)),
            (add_ChemicalsServiceServicer_to_server, ChemicalsApi(calls)),
        ],
        reference=load_reference,
    )


main = cli("enterprises", Settings, build, metadata)
